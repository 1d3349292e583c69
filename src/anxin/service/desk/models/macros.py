"""Macros: a reply that is written often, and what is done with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7

USER = settings.AUTH_USER_MODEL


@keeps_history()
class Macro(models.Model):
    """One macro. What is blank is left as it is; earlier wordings stay in its history."""

    class Reach(models.TextChoices):
        SHARED = "shared"
        TEAM = "team"
        OWN = "own"

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    reach = models.CharField(max_length=6, choices=Reach)
    owner = models.ForeignKey(USER, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    type = models.CharField(max_length=40, blank=True)
    priority = models.PositiveSmallIntegerField(null=True)
    queue = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=500, blank=True)
    tag = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    reply = models.CharField(max_length=2000, blank=True)
    reply_en = models.CharField(max_length=2000, blank=True, default="")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reach="shared", owner=None, unit=None)
                | models.Q(reach="team", owner=None, unit__isnull=False)
                | models.Q(reach="own", owner__isnull=False, unit=None),
                name="desk_macro_belongs",
            )
        ]
        indexes = [
            models.Index(fields=["reach", "unit", "name"], name="desk_macro_list"),
            models.Index(fields=["owner", "name"], name="desk_macro_own"),
        ]
