"""Long work that somebody waits for: what it is, how far it is, how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class Job(models.Model):
    """One piece of long work. `lease_until` lets a second worker take over from one that died."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=60)
    task_name = models.CharField(max_length=200, blank=True)  # what the sweep wakes up again
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    arguments = models.JSONField(default=dict)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    # An English text of the catalogue and what fills its places: whoever looks reads it in their own language.
    message = models.TextField(blank=True)
    message_values = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.SET_NULL, related_name="+")
    dedupe_key = models.CharField(max_length=120, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    is_cancel_wanted = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "dedupe_key"],
                name="jobs_one_at_a_time",
                condition=models.Q(state__in=["waiting", "running"]) & ~models.Q(dedupe_key=""),
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="jobs_owner"),
            models.Index(fields=["-created_at", "-id"], name="jobs_recent"),
            models.Index(
                fields=["lease_until"], name="jobs_unfinished", condition=models.Q(state__in=["waiting", "running"])
            ),
        ]
