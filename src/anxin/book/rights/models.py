"""Requests of people about their data, restricted files, what may be forgotten, and the proof that it was."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history(exclude=["detail", "identity_note", "answer", "evidence", "requester", "extension_reason"])
class SubjectRequest(models.Model):
    """One request of a person about their data (PIPL articles 44 to 50), with its clock, its identity check and its
    answer. `party` is empty until it is known whose file is meant, and when there is none."""

    class State(models.TextChoices):
        RECEIVED = "received"
        WORKING = "working"
        ANSWERED = "answered"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7)
    ref = models.CharField(max_length=9, db_collation="C")
    party = models.ForeignKey("customers.Party", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    channel = models.CharField(max_length=12)
    capacity = models.CharField(max_length=12)
    requester = models.CharField(max_length=120)
    detail = models.TextField(blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField()
    scheme_version = models.PositiveIntegerField(default=0)
    extended_to = models.DateField(null=True)
    extension_reason = models.TextField(blank=True)
    identity_method = models.CharField(max_length=12, blank=True)
    identity_note = models.TextField(blank=True)
    identity_at = models.DateTimeField(null=True)
    identity_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    refusal = models.CharField(max_length=12, blank=True)
    closed_at = models.DateTimeField(null=True)
    archive_document_id = models.UUIDField(null=True)
    archive_at = models.DateTimeField(null=True)
    archive_taken_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="rights_request_ref"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["working", "answered"]) | models.Q(identity_at__isnull=False),
                name="rights_identity_first",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(refusal=""), name="rights_refusal_has_its_ground"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_date", "id"], name="rights_open", condition=models.Q(state__in=["received", "working"])
            ),
            models.Index(fields=["-received_at", "-id"], name="rights_recent"),
        ]


class RequestMove(models.Model):
    """The history of a request."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="moves")
    action = models.CharField(max_length=16)
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    why = models.TextField(blank=True)


@keeps_history(exclude=["reason", "lift_reason"])
class Restriction(models.Model):
    """A file that may only be kept and guarded, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    request = models.ForeignKey(SubjectRequest, null=True, on_delete=models.SET_NULL, related_name="+")
    ground = models.CharField(max_length=12)
    reason = models.TextField()
    from_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    until_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lift_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], name="rights_restricted_once", condition=models.Q(until_at__isnull=True)
            )
        ]
        indexes = [models.Index(fields=["-from_at", "-id"], name="rights_restriction_recent")]


class RetentionDue(models.Model):
    """A file whose last retention period is over, as the last night found it."""

    party = models.OneToOneField("customers.Party", primary_key=True, on_delete=models.CASCADE, related_name="+")
    due_date = models.DateField()
    ground = models.CharField(max_length=20, blank=True)
    scheme_version = models.PositiveIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_date", "party"], name="rights_due")]


class Certificate(models.Model):
    """What was erased, what was kept and why, who asked and who approved. Says of the person only the bare number."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    ref = models.CharField(max_length=9, db_collation="C")
    party = models.ForeignKey("customers.Party", on_delete=models.PROTECT, related_name="+")
    customer_ref = models.CharField(max_length=9)
    request = models.ForeignKey(SubjectRequest, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150)
    erased_at = models.DateTimeField()
    lines = models.JSONField(default=list)  # [{room, table, removed, blanked, kept, why}]
    scheme_version = models.PositiveIntegerField()
    document_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="rights_certificate_ref"),
            models.UniqueConstraint(fields=["party"], name="rights_erased_once"),
        ]
        indexes = [models.Index(fields=["-erased_at", "-id"], name="rights_certificate_recent")]
