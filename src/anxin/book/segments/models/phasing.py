"""Customers whom two people decided to court no more (B02)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class PhaseOut(models.Model):
    """A mark on a customer: no marketing effort, from a decision until it is taken back. Why stands in the request.

    It says nothing about service: nothing that serves a customer may read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    request_id = models.UUIDField(unique=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], name="segments_phaseout_once", condition=models.Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("approved_by")), name="segments_phaseout_takes_two"
            ),
        ]
