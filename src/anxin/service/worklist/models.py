"""Work items of staff: whatever room makes them, they are owned, due, done, snoozed and handed over alike."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class WorkItem(models.Model):
    """Something one member of staff has to do about (mostly) one customer.

    `occurrence` makes a generated item unique: the same birthday, the same expiry never gives two.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    class Priority(models.IntegerChoices):
        HIGH = 1
        NORMAL = 2
        LOW = 3

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=40)  # renewal, birthday, note_due, task …
    title = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    party = models.ForeignKey("customers.Party", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=20, blank=True)
    outcome_note = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True, blank=True)
    occurrence = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "occurrence"], name="worklist_occurrence_once"),
            models.CheckConstraint(
                condition=models.Q(state="open", finished_at__isnull=True)
                | (~models.Q(state="open") & models.Q(finished_at__isnull=False)),
                name="worklist_finished_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at", "id"], name="worklist_open", condition=models.Q(state="open")),
            models.Index(fields=["owner", "-finished_at"], name="worklist_done", condition=~models.Q(state="open")),
            models.Index(fields=["unit", "due_at", "id"], name="worklist_unit", condition=models.Q(state="open")),
            models.Index(fields=["subject_id"], name="worklist_subject", condition=models.Q(subject_id__isnull=False)),
        ]


class WorkItemMove(models.Model):
    """The history of a work item: from, to, action, who, when, why."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="moves")
    action = models.CharField(max_length=20)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    why = models.TextField(blank=True)
