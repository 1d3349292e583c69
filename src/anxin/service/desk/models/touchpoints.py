"""Touchpoints: every contact with a customer, on whatever channel."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Touchpoint(models.Model):
    """One contact: a call, visit, mail, message, counter visit or action on the web."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=16)
    direction = models.CharField(max_length=8)  # inbound, outbound
    at = models.DateTimeField()
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    topic = models.CharField(max_length=60)
    summary = models.CharField(max_length=500, blank=True)
    result = models.CharField(max_length=40, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=8, blank=True, default="", db_default="")  # before, during, after, callback
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    policy_no = models.CharField(max_length=60, blank=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=40, db_collation="C")
    source_key = models.CharField(max_length=80, db_collation="C")
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source_key", "source"], name="desk_touchpoint_once")]
        indexes = [models.Index(fields=["party", "-at"], name="desk_touchpoint_recent")]


class TouchpointFile(models.Model):
    """A stored file of a contact: a letter, a photo, a signed form."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    touchpoint = models.ForeignKey(Touchpoint, on_delete=models.CASCADE, related_name="files")
    document_id = models.UUIDField(null=True)
    name = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    added_at = models.DateTimeField()
