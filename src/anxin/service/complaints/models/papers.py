"""What belongs to one complaint: talks, evidence, plans, decisions, who answers for it, checks and supervision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.complaints.models.cases import Complaint


class Talk(models.Model):
    """One talk with the complainant, or between units."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="talks")
    kind = models.CharField(max_length=12)
    way = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    summary = models.TextField()
    offer_fen = models.BigIntegerField(null=True)
    is_agreed = models.BooleanField(null=True)


class Evidence(models.Model):
    """A file of the complaint, or a recording by its reference."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    document_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=120, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()


class Plan(models.Model):
    """What is proposed to the complainant, approved by another person than whoever proposes."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="plans")
    outcome = models.CharField(max_length=16)
    measures = models.TextField()
    amount_fen = models.BigIntegerField(default=0)
    method = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, default="waiting")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], name="complaints_one_plan_waits", condition=Q(state="waiting")
            )
        ]


class Decision(models.Model):
    """The decision as the complainant was told it: every item of Article 19, and the proof of delivery (Article 21)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="decisions")
    finding = models.TextField()
    basis = models.TextField()
    measures = models.TextField(blank=True)
    remedies = models.TextField()
    way = models.CharField(max_length=8)
    delivered_at = models.DateTimeField()
    proof = models.CharField(max_length=200)
    document_id = models.UUIDField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    was_in_time = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(finding="") & ~Q(basis="") & ~Q(remedies="") & ~Q(proof=""),
                name="complaints_decision_complete",
            )
        ]


class Responsibility(models.Model):
    """Who answers for a well-founded complaint, and the penalty: the responsibility register."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="responsibilities")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    department = models.CharField(max_length=60, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    degree = models.CharField(max_length=8)
    reason = models.CharField(max_length=200, blank=True)
    found_at = models.DateTimeField()
    penalty = models.CharField(max_length=10, blank=True)
    penalty_fen = models.BigIntegerField(default=0)
    penalty_at = models.DateTimeField(null=True)
    penalty_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["-found_at", "-id"], name="complaints_responsible")]


class Check(models.Model):
    """A check (核查) of a decision by the superior, asked for by the complainant (Article 20)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="checks")
    asked_at = models.DateTimeField()
    reason = models.TextField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    is_upheld = models.BooleanField(null=True)
    # What the superior looks at (Article 20): the procedure, the time taken and the result.
    was_procedure_right = models.BooleanField(null=True)
    was_in_time = models.BooleanField(null=True)
    was_result_right = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], name="complaints_one_check_at_a_time", condition=Q(decided_at__isnull=True)
            )
        ]


class Supervision(models.Model):
    """A complaint watched from above (督办): the order, by when, and the answer of the unit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="supervisions")
    order = models.TextField()
    ordered_by = models.CharField(max_length=150)
    ordered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="complaints_watched", condition=Q(answered_at__isnull=True))
        ]


class Draft(models.Model):
    """What somebody has typed into a form and not sent yet: theirs alone, sealed, thrown away after some days."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    page = models.CharField(max_length=60, db_collation="C")  # "new", or the number of a complaint and a move
    fields_sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="complaints_draft_once")]
        indexes = [models.Index(fields=["kept_at"], name="complaints_draft_age")]
