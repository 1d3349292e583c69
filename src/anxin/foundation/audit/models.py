"""The append-only trail. A trigger refuses UPDATE, DELETE and TRUNCATE; seals chain the entries by hash."""

from __future__ import annotations

import pgtrigger
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7

APPEND_ONLY = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'The audit trail is append-only: TRUNCATE is refused.';",
    ),
]


class Entry(models.Model):
    """Somebody did or saw something."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_ref = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    channel = models.CharField(max_length=10)
    address = models.GenericIPAddressField(null=True)
    request_ref = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "-id"], name="audit_entry_object"),
            models.Index(fields=["actor_id", "-id"], name="audit_entry_actor"),
            models.Index(fields=["action", "-id"], name="audit_entry_action"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]
        triggers = APPEND_ONLY


class Seal(models.Model):
    """The keyed hash over a run of entries and the seal before it: changing an entry afterwards breaks the chain.

    Sealing runs apart from recording, so that writers never queue behind one another for the chain. Numbers that were
    missing in the run (`gaps`: rolled back, or in a transaction still open) may turn up and are sealed later (`late`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    sequence = models.PositiveBigIntegerField()
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    entry_count = models.PositiveIntegerField()
    gaps = models.JSONField(default=list)
    late = models.JSONField(default=list)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sequence"], name="audit_seal_sequence")]
        triggers = APPEND_ONLY
