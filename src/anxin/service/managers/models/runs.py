"""What moves customers from one manager to another: planned, looked at, confirmed, taken back. And who has none."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class Run(models.Model):
    """One allocation, hand-over, absence, recycling or claim. `scheme_version` says by which rules."""

    class Kind(models.TextChoices):
        ALLOCATE = "allocate"
        HAND_OVER = "hand_over"
        LEAVE = "leave"
        ABSENCE = "absence"
        RECYCLE = "recycle"
        CLAIM = "claim"

    class State(models.TextChoices):
        PLANNING = "planning"
        PLANNED = "planned"
        APPLYING = "applying"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    is_automatic = models.BooleanField(default=False)
    scheme_version = models.PositiveIntegerField()
    # Within which unit and below; none: everywhere.
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    # Whose customers are handed over, and to whom when a person chose.
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    arguments = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    tells = models.BooleanField(default=False)  # each customer is told: a task for the new manager
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    job_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["-asked_at", "id"], name="managers_run_latest")]


class Decision(models.Model):
    """What a run decided of one customer, and why. Plain keys of staff without constraint: a million rows by COPY."""

    class State(models.TextChoices):
        PLANNED = "planned"
        APPLIED = "applied"
        SKIPPED = "skipped"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid7)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+", db_index=False)
    before = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    after = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    reason = models.CharField(max_length=12, db_collation="C")
    rule = models.PositiveSmallIntegerField(default=0)
    load = models.IntegerField(default=0)  # 1/10000 of the manager's capacity, with this customer
    level = models.PositiveSmallIntegerField(default=0)
    place = models.CharField(max_length=300, blank=True, db_collation="C")
    weight = models.IntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "run"], name="managers_decision_once")]
        indexes = [
            models.Index(fields=["run", "state", "id"], name="managers_decision_state"),
            models.Index(fields=["run", "after", "id"], name="managers_decision_after"),
        ]


class Waiting(models.Model):
    """A customer without a manager: since when, how it came to that, and what the last run said."""

    class Cause(models.TextChoices):
        NEW = "new"
        RECYCLED = "recycled"
        RELEASED = "released"

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.OneToOneField("customers.Party", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    cause = models.CharField(max_length=8, choices=Cause)
    reason = models.CharField(max_length=12, blank=True, db_collation="C")
    last_manager = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["since", "id"], name="managers_waiting_since")]
