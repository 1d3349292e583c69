"""Households with their members, what was proposed and refused, and the totals of the last night."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Household(models.Model):
    """People who live as one family. Its own row: it outlives a member's merge, and members leave with a date."""

    class State(models.TextChoices):
        ACTIVE = "active"
        DISSOLVED = "dissolved"

    id = models.UUIDField(primary_key=True, default=uuid7)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=20)  # staff, proposal
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    dissolved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)


@keeps_history()
class Membership(models.Model):
    """A person belongs to a household from a day to a day; open rows are who belongs to it now."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="memberships")
    party = models.ForeignKey("customers.Party", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)  # why the member left
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], name="households_one_at_a_time", condition=models.Q(until_date__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["household"], name="households_one_head",
                condition=models.Q(until_date__isnull=True, role="head"),
            ),
        ]  # fmt: skip


class Proposal(models.Model):
    """Persons who seem to be one household, or to join one, with the evidence. A person decides."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7)
    key = models.CharField(max_length=32, db_collation="C")
    household = models.ForeignKey(Household, null=True, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=10, choices=State)
    score = models.PositiveIntegerField()
    evidence = models.JSONField(default=list)  # [{"a": position, "b": position, "kinds": […], "score": n}]
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="households_proposal_open", condition=models.Q(state="open"))
        ]
        indexes = [
            models.Index(fields=["-score", "id"], name="households_proposal_queue", condition=models.Q(state="open"))
        ]


class ProposalMember(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="members", db_index=False)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10)
    is_in_household = models.BooleanField(default=False)  # already a member of the household to join

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "position"], name="households_proposal_place")]


class Refusal(models.Model):
    """Two persons of whom somebody said: not one household. Never proposed together again."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    left = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+", db_index=False)
    right = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    refused_at = models.DateTimeField()
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="households_refusal_once"),
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="households_refusal_order"),
        ]


class Total(models.Model):
    """Figures of a household as of the last night, for lists. Replaced whole by every run that finds a difference."""

    household = models.OneToOneField(
        Household, primary_key=True, on_delete=models.DO_NOTHING, related_name="total", db_constraint=False
    )
    members = models.PositiveIntegerField(default=0)
    annual_premium_fen = models.BigIntegerField(default=0)
    cover_fen = models.BigIntegerField(default=0)
    claims_paid_fen = models.BigIntegerField(default=0)
    active_policies = models.PositiveIntegerField(default=0)
    open_claims = models.PositiveIntegerField(default=0)
    uncovered = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["annual_premium_fen", "household"], name="households_by_premium")]
