"""What is said of managers: how much they can carry, whom they help, when they are away."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Ceiling(models.Model):
    """The capacity of one person, in the place of that of their role."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    customers = models.PositiveIntegerField()  # average customers
    note = models.CharField(max_length=200, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()


class Assistant(models.Model):
    """Who helps the manager of a customer with a line of business, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "line"], name="managers_one_assistant", condition=models.Q(until_at__isnull=True)
            )
        ]


class Absence(models.Model):
    """A manager is away for a period (both days included); the deputy has the customers and gives them back.

    The customers change hands by `run`, and back when it is undone.
    """

    class State(models.TextChoices):
        COMING = "coming"
        RUNNING = "running"
        OVER = "over"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.COMING)
    run_id = models.UUIDField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="managers_absence_period"),
            models.CheckConstraint(condition=~models.Q(user=models.F("deputy")), name="managers_absence_deputy"),
            models.UniqueConstraint(
                fields=["user"], name="managers_absence_once",
                condition=models.Q(state__in=["coming", "running"]),
            ),
        ]  # fmt: skip
