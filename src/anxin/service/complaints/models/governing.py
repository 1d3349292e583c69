"""What complaints teach the house, the rules it works by, and the volumes complaints are held against."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from anxin.kernel.identifiers.uuid7 import uuid7


class Rectification(models.Model):
    """Something mended at its root (溯源整改): an owner does it, another person verifies it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    title = models.CharField(max_length=120)
    cause = models.CharField(max_length=24, blank=True)
    root_cause = models.TextField()
    measures = models.TextField()
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_date = models.DateField()
    state = models.CharField(max_length=10, default="open")  # open, done, verified
    result = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["due_date", "id"], name="complaints_rect_due")]


class Regulation(models.Model):
    """One version of one of the six institutional documents."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=14)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="complaints_regulation_version"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="complaints_regulation_period",
            ),
        ]


class Volume(models.Model):
    """The business a respondent did in a quarter, against which complaints are measured.

    What was counted in the policies on record, and what somebody entered: that goes before, both are shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)  # of a unit, or of another insurer
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    premium_fen = models.BigIntegerField(default=0)
    policies = models.BigIntegerField(default=0)
    insured = models.BigIntegerField(default=0)
    complaints = models.PositiveIntegerField(null=True)  # of other insurers, as the bulletin says
    entered_at = models.DateTimeField(null=True)
    counted_premium_fen = models.BigIntegerField(null=True)
    counted_policies = models.BigIntegerField(null=True)  # in force at the end of the quarter
    counted_signed = models.BigIntegerField(null=True)  # signed within it
    counted_insured = models.BigIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter", "name"], name="complaints_volume_once"),
        ]
