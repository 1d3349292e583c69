"""Versioned business rules: every threshold, weight and limit that the business may change."""

from __future__ import annotations

from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class SchemeVersion(models.Model):
    """One version of the rules of one kind. Active from `effective_from` until a later active version takes over."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    effective_from = models.DateField(null=True)
    content = models.JSONField()
    note = models.TextField(blank=True)
    edition = models.PositiveIntegerField(default=1)  # counts the savings of a draft: who saved first wins
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    activated_by_id = models.UUIDField(null=True)
    activated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="schemes_kind_version"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(effective_from__isnull=False),
                name="schemes_active_has_date",
            ),
        ]
        indexes = [models.Index(fields=["kind", "state", "-effective_from"], name="schemes_active")]
