"""Counters (柜面一体化): numbers that customers draw, and who serves them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class CounterDay(models.Model):
    """The last number drawn of a series at an outlet on a day; its lock keeps numbers apart."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    series = models.CharField(max_length=2)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day", "series"], name="desk_counter_day_once")]


class CounterTicket(models.Model):
    """One number: drawn, called, served, rated."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CALLED = "called"
        SERVING = "serving"
        DONE = "done"
        MISSED = "missed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    series = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    business = models.CharField(max_length=20)
    is_internal = models.BooleanField(default=False)
    is_first = models.BooleanField(default=False)  # elderly, disabled, pregnant: called before the others
    party = models.ForeignKey("customers.Party", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    window = models.CharField(max_length=8, blank=True)
    teller = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    step = models.PositiveSmallIntegerField(default=1)  # of the five of the teller
    rating = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "series", "number"], name="desk_counter_number_once"),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="desk_counter_rating"
            ),
        ]
        indexes = [models.Index(fields=["unit", "day", "state", "taken_at"], name="desk_counter_queue")]


class CounterOutlet(models.Model):
    """How an outlet is run: as its numbers of a month say, or as somebody set it."""

    class Mode(models.TextChoices):
        AUTO = "auto"
        SMALL = "small"
        FULL = "full"

    unit = models.OneToOneField(
        "org.Unit", primary_key=True, on_delete=models.CASCADE, related_name="+", db_column="unit_id"
    )
    mode = models.CharField(max_length=5, choices=Mode, default=Mode.AUTO)


class CounterWindow(models.Model):
    """A window of an outlet and whom it calls (内外部客户分流)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    unit = models.ForeignKey("org.Unit", on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=8)
    side = models.CharField(max_length=10, default="all")
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="desk_window_once")]


class DutyRecord(models.Model):
    """One of the six duties of the lobby, seen to at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    duty = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(duty__range=(1, 6)), name="desk_duty_of_six"),
        ]
        indexes = [models.Index(fields=["unit", "day", "duty"], name="desk_duty_day")]
