"""Telephone: where agents sit, calls, and the messages of the telephone system."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class Seat(models.Model):
    """An agent at a telephone. `pushed` counts the news for their screen, which asks for it all the time."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+", db_column="user_id"
    )
    extension = models.CharField(max_length=20, unique=True, db_collation="C")
    state = models.CharField(max_length=10, default="offline")
    since = models.DateTimeField()
    pushed = models.BigIntegerField(default=0)


class SeatSpell(models.Model):
    """How long an agent was in a state. The open one is the present. `source`: the system a file of old ones came from;
    blank for our own."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=40, blank=True, default="", db_default="", db_collation="C")
    source_key = models.CharField(max_length=80, blank=True, default="", db_default="", db_collation="C")
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], name="desk_spell_open", condition=models.Q(ended_at=None)),
            models.UniqueConstraint(
                fields=["source_key", "source"], name="desk_spell_once", condition=~models.Q(source_key="")
            ),
        ]
        indexes = [models.Index(fields=["began_at"], name="desk_spell_began")]


class Call(models.Model):
    """One call. `number_sealed` is whom it came from or went to. `rang_at`: when it was first heard of; `asked_at`:
    when a person was asked for (queued, or the first telephone rang). `is_end_seen` False: it was gone after a cut.
    `purpose`: what a call of ours was for (`data.CALL_PURPOSES`)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    system = models.CharField(max_length=40, db_collation="C")
    external_id = models.CharField(max_length=80, db_collation="C")
    direction = models.CharField(max_length=8, default="inbound")
    purpose = models.CharField(max_length=16, blank=True, default="", db_default="")
    number_sealed = models.BinaryField(null=True)
    party = models.ForeignKey("customers.Party", null=True, on_delete=models.SET_NULL, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    menu = models.JSONField(default=list)
    queue = models.CharField(max_length=40, blank=True, default="", db_default="")
    wanted_human = models.BooleanField(default=True)
    state = models.CharField(max_length=10)
    rang_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_end_seen = models.BooleanField(default=True, db_default=True)
    ended_why = models.CharField(max_length=10, blank=True, default="", db_default="")  # closed by us: data.ENDED_WHY
    hold_seconds = models.PositiveIntegerField(default=0)
    recording = models.CharField(max_length=200, blank=True)
    wrap_code = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)
    wrapped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["external_id", "system"], name="desk_call_once")]
        indexes = [
            models.Index(fields=["agent", "-rang_at"], name="desk_call_agent"),
            models.Index(fields=["rang_at"], name="desk_call_rang"),
            models.Index(fields=["system"], name="desk_call_open", condition=models.Q(ended_at=None)),
        ]


class Ring(models.Model):
    """A telephone that rings for a call: of several at once each shows it, until one of them is lifted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="rings", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="desk_ring_once")]


class CallEvent(models.Model):
    """A message that was taken, so that it counts once however often it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    system = models.CharField(max_length=20, db_collation="C")
    event_id = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=10)
    wanted_human = models.BooleanField(null=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "system"], name="desk_call_event_once")]
