"""Policies about to end: what the customer means to do about it, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Renewal(models.Model):
    """One policy term that ends and may be renewed (应续). Made by the nightly run, once per policy and expiry."""

    class Intention(models.TextChoices):
        UNKNOWN = "unknown"
        RENEW = "renew"
        NOT_RENEW = "not_renew"
        CONSIDERING = "considering"

    class State(models.TextChoices):
        OPEN = "open"
        RENEWED = "renewed"
        LOST = "lost"
        EXCLUDED = "excluded"

    id = models.UUIDField(primary_key=True, default=uuid7)
    policy = models.ForeignKey("portfolio.Policy", on_delete=models.CASCADE, related_name="+", db_index=False)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    expiry_date = models.DateField()
    premium_fen = models.BigIntegerField()
    line = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    intention = models.CharField(max_length=12, choices=Intention, default=Intention.UNKNOWN)
    reason = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    next_date = models.DateField(null=True, blank=True)
    renewed_by = models.ForeignKey("portfolio.Policy", null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "expiry_date"], name="renewals_once")]
        indexes = [
            models.Index(
                fields=["owner", "expiry_date", "id"], name="renewals_owner", condition=models.Q(state="open")
            ),
            models.Index(fields=["unit", "expiry_date", "id"], name="renewals_unit", condition=models.Q(state="open")),
            models.Index(fields=["expiry_date", "id"], name="renewals_expiry"),
        ]
