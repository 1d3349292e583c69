"""Segments that staff keep: conditions, or lists of customers."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class Segment(models.Model):
    """A saved segment. `condition` is a tree (`rules.conditions`); a static list has members instead."""

    class Kind(models.TextChoices):
        CONDITION = "condition"
        LIST = "list"

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    condition = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # How many customers it had when it was counted last, within the reach of whoever made it (services.sizing).
    size = models.PositiveIntegerField(null=True)
    sized_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="segments_segment_name")]


class SegmentMember(models.Model):
    """A customer on a static list."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members", db_index=False)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "party"], name="segments_member_once")]
