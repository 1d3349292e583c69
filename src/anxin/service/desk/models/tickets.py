"""Tickets: a request of a customer until it is done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7

USER = settings.AUTH_USER_MODEL
_OPEN = Q(ended_at__isnull=True)


class Series(models.Model):
    """The last human number given out in a series: `GD20261123` → 83. The row is locked while one is taken."""

    code = models.CharField(primary_key=True, max_length=20)
    last = models.PositiveIntegerField(default=0)


# What is due follows from the promises; counting them anew after a calendar changed is no change of the ticket.
@keeps_history(exclude=["due_at", "amber_at"])
class Ticket(models.Model):
    """One request. `due_at` and `amber_at` are those of the open promise that is due first."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField(max_length=20, db_collation="C")
    kind = models.CharField(max_length=16)
    type = models.CharField(max_length=40)
    queue = models.CharField(max_length=20)
    skill = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=16)
    language = models.CharField(max_length=10, blank=True)
    tier = models.CharField(max_length=16, blank=True)
    priority = models.PositiveSmallIntegerField(default=3)  # 1 urgent … 4 low
    state = models.CharField(max_length=12)
    party = models.ForeignKey("customers.Party", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    policy_no = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=120)
    answers = models.JSONField(default=dict)
    result = models.CharField(max_length=500, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    is_green = models.BooleanField(default=False)
    owner = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    first_owner = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    satisfaction = models.PositiveSmallIntegerField(null=True)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=40, db_collation="C", blank=True)
    source_key = models.CharField(max_length=80, db_collation="C", blank=True)
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="desk_ticket_number"),
            models.UniqueConstraint(
                fields=["source_key", "source"], name="desk_ticket_once", condition=~Q(source_key="")
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, state__in=["new", "working", "waiting", "referred"])
                | Q(ended_at__isnull=False, state__in=["resolved", "closed", "withdrawn", "merged"]),
                name="desk_ticket_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at", "id"], name="desk_ticket_owner", condition=_OPEN),
            models.Index(
                fields=["queue", "due_at", "id"], name="desk_ticket_queue", condition=_OPEN & Q(owner__isnull=True)
            ),
            models.Index(
                fields=["queue", "priority", "due_at", "id"], name="desk_ticket_next",
                condition=Q(state="new", owner__isnull=True, ended_at__isnull=True),
            ),
            models.Index(fields=["unit", "due_at", "id"], name="desk_ticket_unit", condition=_OPEN),
            models.Index(fields=["due_at", "id"], name="desk_ticket_due", condition=_OPEN),
            models.Index(fields=["opened_by", "due_at", "id"], name="desk_ticket_opener", condition=_OPEN),
            models.Index(fields=["party", "-opened_at"], name="desk_ticket_party"),
            models.Index(fields=["owner", "ended_at", "id"], name="desk_ticket_done", condition=~_OPEN),
            models.Index(fields=["ended_at", "id"], name="desk_ticket_ended", condition=~_OPEN),
        ]  # fmt: skip


class TicketMessage(models.Model):
    """What was said in a ticket: by the customer, to the customer, or among colleagues."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=6)
    channel = models.CharField(max_length=16, blank=True)
    body = models.TextField()
    author = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="desk_message_thread")]


class TicketFile(models.Model):
    """A stored file of a ticket; `required`: the code of the document it is, of those the type needs."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="files")
    document_id = models.UUIDField(null=True)
    required = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()


class Watcher(models.Model):
    """Who wants to hear of a ticket without owning it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watchers", db_index=False)
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="desk_watcher_once")]


class TicketTag(models.Model):
    """A word by which tickets are found again."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="tags", db_index=False)
    tag = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="desk_tag_once")]
        indexes = [models.Index(fields=["tag"], name="desk_tag_word")]


class TicketMove(models.Model):
    """The history of a ticket: from, to, action, who, when, why."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="moves", db_index=False)
    action = models.CharField(max_length=20)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="desk_move_history")]
