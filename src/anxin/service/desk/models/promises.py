"""Promises of time made with a ticket."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.desk.models.tickets import Ticket


class Promise(models.Model):
    """One promise. `clock` is the stored form of `kernel.promises`; the columns are what it says, for search."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="promises", db_index=False)
    kind = models.CharField(max_length=10)
    clock = models.JSONField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    is_paused = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    is_kept = models.BooleanField(null=True)
    told_level = models.PositiveSmallIntegerField(default=0)  # 1: owner told at amber, 2: leader told at red

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "kind"], name="desk_promise_once")]
        indexes = [
            models.Index(
                fields=["amber_at", "id"], name="desk_promise_amber",
                condition=Q(done_at__isnull=True, is_paused=False, told_level=0),
            ),
            models.Index(
                fields=["due_at", "id"], name="desk_promise_due",
                condition=Q(done_at__isnull=True, is_paused=False, told_level__lt=2),
            ),
            models.Index(fields=["done_at"], name="desk_promise_done", condition=Q(done_at__isnull=False)),
        ]  # fmt: skip
