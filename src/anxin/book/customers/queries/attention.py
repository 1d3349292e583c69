"""Reading the attention list: only through `services.attention.visible_entries`, by whoever keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from anxin.book.customers.models import AttentionEntry, AttentionHit, AttentionKey
from anxin.kernel import masking, vault
from anxin.kernel.masking import PersonalKind

_MASKS = {
    "document": PersonalKind.DOCUMENT,
    "phone": PersonalKind.PHONE,
    "plate": PersonalKind.PLATE,
    "uscc": PersonalKind.NOT_PERSONAL,
}


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """One entry. `name` is that of the customer, or the one typed; `keys`: kind and masked number."""

    id: UUID
    kind: str
    state: str
    party_ref: str
    name: str
    birth_date: date | None
    reason: str
    evidence: str
    from_date: date
    until_date: date | None
    review_date: date | None
    lift_reason: str
    entered_by: str
    created_at: datetime
    ended_at: datetime | None
    batch_id: UUID | None
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class HitView:
    id: UUID
    party_ref: str
    party_name: str
    by: str
    state: str
    found_at: datetime
    judged_by: str


def view(row: AttentionEntry, *, with_keys: bool = False) -> EntryView:
    """`row` with its party and author loaded."""
    author: Any = row.entered_by
    return EntryView(
        id=row.pk, kind=row.kind, state=row.state, party_ref=row.party.ref if row.party else "",
        name=row.party.name if row.party else row.name,
        birth_date=None if row.party else row.birth_date, reason=row.reason, evidence=row.evidence,
        from_date=row.from_date, until_date=row.until_date, review_date=row.review_date,
        lift_reason=row.lift_reason, entered_by=author.display_name if author else "", created_at=row.created_at,
        ended_at=row.ended_at, batch_id=row.batch_id, keys=keys_of(row.pk) if with_keys else (),
    )  # fmt: skip


def views_of(keys: Sequence[UUID]) -> list[EntryView]:
    """These entries in this order, without their numbers; the caller has judged the reach. One query."""
    rows = AttentionEntry.objects.filter(pk__in=keys).select_related("party", "entered_by").in_bulk()
    return [view(rows[key]) for key in keys if key in rows]


def entries_of(party_ref: str) -> list[EntryView]:
    """The entries about a customer; the caller has judged the reach."""
    rows = AttentionEntry.objects.filter(party__ref=party_ref).select_related("party", "entered_by")
    return [view(row) for row in rows.order_by("-created_at")[:50]]


def keys_of(entry_id: UUID) -> tuple[tuple[str, str], ...]:
    """Kind and masked number of each key."""
    found = []
    for key in AttentionKey.objects.filter(entry=entry_id).order_by("kind", "id"):
        clear = vault.ring().open(
            bytes(key.value_sealed), table="customers_attentionkey", column="value_sealed", row=key.pk
        )
        found.append((key.kind, masking.mask(_MASKS.get(key.kind, PersonalKind.CREDENTIAL), clear)))
    return tuple(found)


def hits_of(entry_id: UUID) -> list[HitView]:
    """Customers who looked like the person of an entry."""
    rows = AttentionHit.objects.filter(entry=entry_id).select_related("party", "judged_by").order_by("-found_at", "id")
    return [
        HitView(
            id=row.pk, party_ref=row.party.ref, party_name=row.party.name, by=row.by, state=row.state,
            found_at=row.found_at, judged_by=row.judged_by.display_name if row.judged_by else "",
        )
        for row in rows[:100]
    ]  # fmt: skip


def waiting_batches(rows: Any) -> list[tuple[UUID, int]]:
    """Batches with imported entries that nobody has proposed yet: key and number of entries."""
    found = rows.filter(state=AttentionEntry.State.PROPOSED, batch_id__isnull=False)
    return list(found.values_list("batch_id").annotate(n=Count("pk")).order_by("batch_id")[:20])
