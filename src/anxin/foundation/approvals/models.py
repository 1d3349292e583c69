"""Decisions that take two people: who asked for what and why, who decided and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history(exclude=["reason", "note"])
class Request(models.Model):
    """One request for a decision. `payload` holds keys, never the data of a person: what is decided lies in the room
    that asks. `unit`: whoever decides with scope UNIT decides below their own units only; null is for scope ALL."""

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    subject_ref = models.CharField(max_length=80, blank=True)
    summary = models.CharField(max_length=200)
    summary_values = models.JSONField(default=dict)
    payload = models.JSONField(default=dict)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], name="approvals_pending_once", condition=models.Q(state="pending")
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "rejected"])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="approvals_decision_has_its_maker",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
                name="approvals_takes_two",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "asked_at"], name="approvals_pending", condition=models.Q(state="pending")),
            models.Index(fields=["expires_at"], name="approvals_expiry", condition=models.Q(state="pending")),
            models.Index(fields=["-asked_at", "-id"], name="approvals_recent"),
            models.Index(fields=["subject_id"], name="approvals_subject"),
        ]
