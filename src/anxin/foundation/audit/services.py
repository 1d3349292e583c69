"""Writing the trail. Call inside the transaction of what is recorded, so that neither exists without the other."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl
from django.db import transaction

from anxin.foundation.audit.models import Entry, Seal
from anxin.kernel import bulk, vault
from anxin.kernel.actor import Actor
from anxin.kernel.statements import Insertion

SEAL_AT_MOST = 10_000
_ENTRY: Final = Insertion(Entry)
_COLUMNS: Final = {
    "at": pl.Datetime("us", "UTC"),
    **dict.fromkeys(
        (
            "actor_id", "actor_name", "action", "object_kind", "object_id", "object_ref", "reason", "detail", "channel",
            "address", "request_ref",
        ),
        pl.String(),
    ),
}  # fmt: skip
# No transaction of the product stays open this long; what turns up in a gap later was put there.
LATEST = timedelta(days=1)


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
    _ENTRY.run(**_row(actor, now, action, object_kind, object_id, object_ref, reason, detail or {}))


def record_many(
    *,
    actor: Actor,
    now: datetime,
    action: str,
    object_kind: str,
    objects: Sequence[tuple[object, str]],
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    reasons: Sequence[str] | None = None,
    details: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """One entry per (id, ref) of `objects`; `reasons` and `details`, where given, have one for each of them."""
    if not reasons and not details:
        # What all share is written once: a night may move a million customers.
        row = _row(actor, now, action, object_kind, "", "", reason, detail or {})
        shared = {
            **row, "actor_id": actor.user_id and actor.user_id.hex, "reason": str(reason),
            "detail": json.dumps(row["detail"], ensure_ascii=False, default=str),
        }  # fmt: skip
        own = {"object_id": [str(key) for key, _ref in objects], "object_ref": [str(ref) for _key, ref in objects]}
        frame = pl.DataFrame(own, schema=dict.fromkeys(own, pl.String())).select(
            *(pl.col(name) if name in own else pl.lit(shared[name], dtype=kind).alias(name)
              for name, kind in _COLUMNS.items())
        )  # fmt: skip
        bulk.copy_frame(Entry._meta.db_table, frame)
        return
    rows = []
    for at, (object_id, object_ref) in enumerate(objects):
        why, told = (reasons[at] if reasons else reason), (details[at] if details else detail)
        row = _row(actor, now, action, object_kind, object_id, object_ref, why, told or {})
        rows.append(
            {
                **row,
                "actor_id": actor.user_id and actor.user_id.hex,
                "object_ref": str(object_ref),
                "reason": str(why),
                "detail": json.dumps(row["detail"], ensure_ascii=False, default=str),
            }
        )
    bulk.copy_frame(Entry._meta.db_table, pl.DataFrame(rows, schema=_COLUMNS))


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

    Entries younger than `settle_seconds` wait: a transaction still open may hold a smaller number. One that stays open
    longer leaves a gap, and its entries are sealed late.
    """
    cutoff = now - timedelta(seconds=settle_seconds)
    last = Seal.objects.select_for_update().order_by("-sequence").first()
    made = 0
    while True:
        after = last.last_entry if last else 0
        fresh = Entry.objects.filter(id__gt=after).order_by("id")
        young = fresh.filter(at__gte=cutoff).values_list("id", flat=True).first()
        settled = fresh.filter(id__lt=young) if young is not None else fresh
        entries = list(settled[:SEAL_AT_MOST])
        late = list(Entry.objects.filter(id__in=_open_gaps(now), at__lt=cutoff).order_by("id"))
        if not entries and not late:
            return made
        end = entries[-1].id if entries else after
        gaps = sorted(set(range(after + 1, end + 1)) - {entry.id for entry in entries})
        late_ids = [entry.id for entry in late]
        sequence = last.sequence + 1 if last else 1
        last = Seal.objects.create(
            sequence=sequence,
            first_entry=after + 1,
            last_entry=end,
            entry_count=len(entries) + len(late),
            gaps=gaps,
            late=late_ids,
            digest=_digest(sequence, gaps, late_ids, [*late, *entries], bytes(last.digest) if last else b""),
            sealed_at=now,
        )
        made += 1


def _open_gaps(now: datetime) -> set[int]:
    """Numbers missing in the seals of the last day and not sealed late since."""
    recent = list(Seal.objects.filter(sealed_at__gte=now - LATEST).values_list("gaps", "late"))
    return {number for gaps, _late in recent for number in gaps} - {number for _gaps, late in recent for number in late}


def verify() -> str:
    """Go through the whole chain: "" when it is sound, else what is wrong, naming the first entry concerned.

    Finds a changed, removed or inserted entry and a changed or removed seal. What nobody sealed yet it cannot judge.
    """
    previous, expected, end = b"", 1, 0
    known_gaps: set[int] = set()
    for seal_row in Seal.objects.order_by("sequence").iterator(chunk_size=50):
        where = f"seal {seal_row.sequence} (entries {seal_row.first_entry} to {seal_row.last_entry})"
        if seal_row.sequence != expected or seal_row.first_entry != end + 1:
            return f"a seal is missing before {where}"
        span = Entry.objects.filter(id__gte=seal_row.first_entry, id__lte=seal_row.last_entry)
        entries = list(span.exclude(id__in=seal_row.gaps).order_by("id"))
        late = list(Entry.objects.filter(id__in=seal_row.late).order_by("id"))
        if len(entries) + len(late) != seal_row.entry_count:
            return f"{where} held {seal_row.entry_count} entries, {len(entries) + len(late)} are there"
        digest = _digest(seal_row.sequence, seal_row.gaps, seal_row.late, [*late, *entries], previous)
        if not hmac.compare_digest(digest, bytes(seal_row.digest)):
            return f"an entry of {where} was changed"
        known_gaps |= set(seal_row.gaps)
        known_gaps -= set(seal_row.late)
        previous, expected, end = bytes(seal_row.digest), expected + 1, seal_row.last_entry
    newest = Seal.objects.order_by("-sequence").values_list("sealed_at", flat=True).first()
    if newest is not None:
        smuggled = Entry.objects.filter(id__in=known_gaps, at__lt=newest - LATEST).order_by("id").first()
        if smuggled is not None:
            return f"entry {smuggled.id} was added afterwards"
    return ""


def _digest(sequence: int, gaps: list[int], late: list[int], entries: Iterable[Entry], previous: bytes) -> bytes:
    """Keyed, so that whoever rules the database but not the key cannot write a chain of their own."""
    plain = digest_of(entries, previous + json.dumps([sequence, gaps, late]).encode())
    return vault.ring().fingerprint_many([plain.hex()])[0]


def digest_of(entries: Iterable[Entry], previous: bytes) -> bytes:
    """SHA-256 over what went before and every column of the entries, in order."""
    running = hashlib.sha256(previous)
    for entry in entries:
        line = [
            entry.id, entry.at.astimezone(UTC).isoformat(), str(entry.actor_id or ""), entry.actor_name, entry.action,
            entry.object_kind, entry.object_id, entry.object_ref, entry.reason, entry.detail, entry.channel,
            entry.address or "", entry.request_ref,
        ]  # fmt: skip
        running.update(json.dumps(line, sort_keys=True, ensure_ascii=False).encode())
    return running.digest()
