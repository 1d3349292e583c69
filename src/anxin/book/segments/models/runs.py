"""Runs of the nightly judgement, how each customer's classes changed, and who was regrouped since."""

from __future__ import annotations

from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class Run(models.Model):
    """One nightly computation: as of which day, with which scheme versions, what it found."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    as_of = models.DateField()
    engine = models.CharField(max_length=10)
    is_replay = models.BooleanField(default=False)  # of a past day: found and counted, but nothing was replaced
    state = models.CharField(max_length=8, choices=State)
    scheme_versions = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    fitted = models.JSONField(default=dict)  # clusters and retention, for the next night to go on from
    input_digest = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-as_of", "-started_at"], name="segments_run_latest")]


class ClassChange(models.Model):
    """A customer moved from one class to another in a run."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="changes", db_index=False)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+")
    scheme = models.CharField(max_length=40)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "party", "scheme"], name="segments_change_once")]
        indexes = [models.Index(fields=["scheme", "run"], name="segments_change_scheme")]


class Regrouped(models.Model):
    """A file merged or separated since the last run: another customer than that run knew, until judged again."""

    party = models.OneToOneField(
        "customers.Party", primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()
