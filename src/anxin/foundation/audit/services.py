"""Writing the trail. Call inside the transaction of what is recorded, so that neither exists without the other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from anxin.foundation.audit.models import Entry, Seal
from anxin.kernel.actor import Actor

SEAL_AT_MOST = 10_000


def record(
    *,
    actor: Actor,
    now: datetime,
    action: str,
    object_kind: str = "",
    object_id: object = "",
    object_ref: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry. `action` is `<room>.<verb>`; `detail` holds names of fields and counts, never the values."""
    Entry.objects.create(**_row(actor, now, action, object_kind, object_id, object_ref, reason, detail or {}))


def record_many(
    *,
    actor: Actor,
    now: datetime,
    action: str,
    object_kind: str,
    objects: Iterable[tuple[object, str]],
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """One entry per (id, ref) of `objects`."""
    Entry.objects.bulk_create(
        [
            Entry(**_row(actor, now, action, object_kind, object_id, object_ref, reason, detail or {}))
            for object_id, object_ref in objects
        ],
        batch_size=1_000,
    )


def _row(
    actor: Actor,
    now: datetime,
    action: str,
    object_kind: str,
    object_id: object,
    object_ref: str,
    reason: str,
    detail: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "at": now,
        "actor_id": actor.user_id,
        "actor_name": actor.display_name,
        "action": action,
        "object_kind": object_kind,
        "object_id": str(object_id),
        "object_ref": object_ref,
        "reason": reason,
        "detail": dict(detail),
        "channel": actor.channel,
        "address": actor.address or None,
        "request_ref": actor.request_ref,
    }


@transaction.atomic
def seal(*, now: datetime, settle_seconds: int = 60) -> int:
    """Chain the entries that are not sealed yet; returns how many seals were made.

    Entries younger than `settle_seconds` wait: a transaction still open may hold a smaller id.
    """
    from datetime import timedelta

    last = Seal.objects.select_for_update().order_by("-sequence").first()
    made = 0
    while True:
        after = last.last_entry if last else 0
        entries = list(
            Entry.objects.filter(id__gt=after, at__lt=now - timedelta(seconds=settle_seconds)).order_by("id")[
                :SEAL_AT_MOST
            ]
        )
        if not entries:
            return made
        last = Seal.objects.create(
            sequence=last.sequence + 1 if last else 1,
            first_entry=entries[0].id,
            last_entry=entries[-1].id,
            entry_count=len(entries),
            digest=digest_of(entries, bytes(last.digest) if last else b""),
            sealed_at=now,
        )
        made += 1


def digest_of(entries: Iterable[Entry], previous: bytes) -> bytes:
    """SHA-256 over the previous seal's digest and every column of the entries, in order of id."""
    running = hashlib.sha256(previous)
    for entry in entries:
        line = [
            entry.id, entry.at.isoformat(), str(entry.actor_id or ""), entry.actor_name, entry.action, entry.object_kind,
            entry.object_id, entry.object_ref, entry.reason, entry.detail, entry.channel, entry.address or "",
            entry.request_ref,
        ]  # fmt: skip
        running.update(json.dumps(line, sort_keys=True, ensure_ascii=False).encode())
    return running.digest()
