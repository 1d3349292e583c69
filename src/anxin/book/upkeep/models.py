"""Scores of files, figures of nights, corrections asked for, confirmations, and cards that customers fill in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


class Score(models.Model):
    """How complete and true a file is, as last judged. `details`: what was found, `phone_shared=14;stale=2021-03-01`.

    No foreign key of the database: rows are written by COPY for all customers at once, and go with the next night.
    `id` is the customer's.
    """

    id = models.UUIDField(primary_key=True)
    party = models.OneToOneField("customers.Party", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    score = models.PositiveSmallIntegerField()
    completeness = models.PositiveSmallIntegerField()
    truth = models.PositiveSmallIntegerField()
    missing = ArrayField(models.CharField(max_length=24), default=list)
    problems = ArrayField(models.CharField(max_length=24), default=list)
    details = models.CharField(max_length=300, blank=True)
    scheme_version = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["score", "id"], name="upkeep_score_lowest"),
            GinIndex(fields=["problems"], name="upkeep_score_problems"),
            GinIndex(fields=["missing"], name="upkeep_score_missing"),
        ]


class Cell(models.Model):
    """Sums of one night over the customers of one source, unit and manager: what the dashboard adds up."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    as_of = models.DateField()
    source = models.CharField(max_length=40)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    customers = models.PositiveIntegerField()
    score_sum = models.BigIntegerField()
    completeness_sum = models.BigIntegerField()
    truth_sum = models.BigIntegerField()
    poor = models.PositiveIntegerField()
    problems = models.JSONField(default=dict)  # code → customers

    class Meta:
        indexes = [models.Index(fields=["as_of"], name="upkeep_cell_day")]


@keeps_history()
class Correction(models.Model):
    """Somebody is to put one finding of a file right."""

    class State(models.TextChoices):
        OPEN = "open"
        RESOLVED = "resolved"
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    note = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "code"], name="upkeep_correction_open", condition=models.Q(state="open")
            )
        ]


class Confirmation(models.Model):
    """Somebody went through the file with the customer (A12): what stands there holds as of that moment."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    means = models.CharField(max_length=12)


class CardLink(models.Model):
    """A link by which a customer fills in a card: signed, for a few days, for one answer. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32)
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="upkeep_link_token")]


class CardAnswer(models.Model):
    """What a customer filled in, sealed until somebody has decided on every value; then forgotten."""

    class State(models.TextChoices):
        OPEN = "open"
        DECIDED = "decided"

    id = models.UUIDField(primary_key=True, default=uuid7)
    link = models.OneToOneField(CardLink, on_delete=models.CASCADE, related_name="answer")
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    values_sealed = models.BinaryField(null=True)
    notice = models.CharField(max_length=10)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decisions = models.JSONField(default=dict)  # field → taken or refused
    version = models.PositiveIntegerField(default=1)
