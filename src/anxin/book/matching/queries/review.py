"""Pairs to be judged: the queue, and two files side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from anxin.book.customers.data import CustomerFile
from anxin.book.customers.queries import file as files
from anxin.book.customers.queries import keyset
from anxin.book.customers.services import golden
from anxin.book.matching import access
from anxin.book.matching.data import (
    CandidateFilter,
    CandidatePage,
    CandidateRow,
    CandidateState,
    Evidence,
    Line,
    Said,
    SideBySide,
)
from anxin.book.matching.models import Candidate
from anxin.book.matching.rules import survivorship
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import sources as systems
from anxin.kernel.actor import Actor
from anxin.kernel.series import listed

PAGE_SIZE: Final = 50
COUNTED_AT_MOST: Final = 1_000
BadCursor = keyset.BadCursor
PairNotFound = access.PairNotFound
_COLUMNS: Final = (
    "id", "version", "state", "weight", "contradiction", "evidence", "created_at", "decided_at", "decided_by_name",
    "later_until", "left__ref", "left__name", "left__unit__name", "left__source", "right__ref", "right__name",
    "right__unit__name", "right__source",
)  # fmt: skip
# What a comparison of the model is called among the lines of the file.
_LINE_OF: Final = {
    "name": "name", "sex": "sex", "birth": "birth_date", "id": "document", "phone": "phone", "email": "email",
    "account": "bank_account", "address": "address", "organisation": "name", "uscc": "uscc",
}  # fmt: skip
_VALUES: Final = (
    "name", "sex", "birth_date", "nationality", "native_place", "marital_status", "education", "occupation",
    "employer", "department", "position", "annual_income_fen", "uscc", "industry", "scale", "headcount",
    "legal_representative",
)  # fmt: skip


def list_candidates(actor: Actor, wanted: CandidateFilter, *, cursor: str = "", size: int = PAGE_SIZE) -> CandidatePage:
    """By falling weight. A constant number of queries. Raises BadCursor."""
    rows = _wanted(actor, wanted)
    run = keyset.Run(where=Q(), first="weight", is_descending=True)
    found = keyset.read(rows, [run], code=f"matching-{wanted.state}", cursor=cursor, size=size)
    total = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    return CandidatePage(
        rows=rows_of(found.ids), next_cursor=found.next_cursor, previous_cursor=found.previous_cursor,
        start=found.start, total=min(total, COUNTED_AT_MOST), is_total_estimate=total > COUNTED_AT_MOST,
    )  # fmt: skip


def counts(actor: Actor) -> dict[str, int]:
    """Pairs by state, and those the actor reaches only in part (`elsewhere`)."""
    found = dict(
        access.visible_candidates(actor)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
        .values_list("state", "n")
    )
    found["elsewhere"] = access.partly_visible(actor).filter(state=CandidateState.OPEN)[:COUNTED_AT_MOST].count()
    return found


def sources(actor: Actor) -> list[str]:
    """Source systems that open pairs come from."""
    found = access.visible_candidates(actor).filter(state=CandidateState.OPEN).order_by().values_list("sources")
    return sorted({one for (text,) in found.distinct() for one in text.split()})


def get_row(actor: Actor, candidate_id: UUID) -> CandidateRow:
    """Raises PairNotFound."""
    return rows_of([access.get_candidate(actor, candidate_id).pk])[0]


def neighbours(actor: Actor, wanted: CandidateFilter, row: CandidateRow) -> tuple[UUID | None, UUID | None]:
    """The pair before and the one behind in the queue."""
    rows = _wanted(actor, wanted)
    before = rows.filter(Q(weight__gt=row.weight) | Q(weight=row.weight, pk__gt=row.id)).order_by("weight", "pk")
    after = rows.filter(Q(weight__lt=row.weight) | Q(weight=row.weight, pk__lt=row.id)).order_by("-weight", "-pk")
    return (
        before.values_list("pk", flat=True).first(),
        after.values_list("pk", flat=True).first(),
    )


def side_by_side(actor: Actor, candidate_id: UUID, *, today: date) -> SideBySide:
    """Two files field by field, masked, with what the rules would keep. Raises PairNotFound."""
    pair = access.get_candidate(actor, candidate_id)
    row = rows_of([pair.pk])[0]
    left, right = (files.load(actor, one.ref, today=today) for one in (pair.left, pair.right))
    held = golden.read([pair.left_id, pair.right_id])
    said = {key: _said(key, one.said) for key, one in held.items()}
    order = survivorship.Order.of(schemes.active(survivorship.SCHEME, on=today).content)
    by_line = {_LINE_OF.get(one.field, one.field): one for one in row.evidence}
    lines = []
    for name in _VALUES:
        shown = left.values.get(name, left.name), right.values.get(name, right.name)
        if name == "name":
            shown = left.name, right.name
        if any(shown):
            one, other = said.get(left.id, {}).get(name), said.get(right.id, {}).get(name)
            lines.append(_line(name, shown, one, other, order, by_line.get(name)))
    for name in ("document", "phone", "email", "address", "bank_account"):
        parts = _children(left, name), _children(right, name)
        if any(parts):
            lines.append(_plain_line(name, listed(parts[0]), listed(parts[1]), by_line.get(name)))
    lines.append(_plain_line("manager", left.manager, right.manager, None))
    lines.append(_plain_line("unit", left.unit, right.unit, None))
    lines.append(_plain_line("source", systems.name(left.source), systems.name(right.source), None))
    since = [one.customer_since.isoformat() if one.customer_since else "" for one in (left, right)]
    lines.append(_plain_line("customer_since", since[0], since[1], None))
    return SideBySide(
        row=row, lines=lines, left_version=left.version, right_version=right.version,
        counts={
            "policies": (_figure(left), _figure(right)),
        },
        survivor="left" if left.id == pair.left_id else "right",
    )  # fmt: skip


def rows_of(ids: Sequence[UUID]) -> list[CandidateRow]:
    """For this room only: asks for no permission."""
    rows = {row["id"]: row for row in Candidate.objects.filter(pk__in=list(ids)).values(*_COLUMNS)}
    return [_row(rows[key]) for key in ids if key in rows]


def _wanted(actor: Actor, wanted: CandidateFilter) -> QuerySet[Candidate]:
    rows = access.visible_candidates(actor).filter(state=wanted.state)
    if wanted.source:
        rows = rows.filter(Q(left__source=wanted.source) | Q(right__source=wanted.source))
    if wanted.unit_id is not None:
        rows = rows.filter(Q(left__unit=wanted.unit_id) | Q(right__unit=wanted.unit_id))
    if wanted.weight_from is not None:
        rows = rows.filter(weight__gte=wanted.weight_from)
    if wanted.weight_to is not None:
        rows = rows.filter(weight__lt=wanted.weight_to)
    if wanted.only_contradictions:
        rows = rows.exclude(contradiction="")
    return rows


def _row(row: Mapping[str, Any]) -> CandidateRow:
    return CandidateRow(
        id=row["id"], version=row["version"], state=CandidateState(row["state"]), weight=row["weight"],
        contradiction=row["contradiction"], left_ref=row["left__ref"], left_name=row["left__name"],
        left_unit=row["left__unit__name"] or "", left_source=row["left__source"], right_ref=row["right__ref"],
        right_name=row["right__name"], right_unit=row["right__unit__name"] or "", right_source=row["right__source"],
        evidence=[Evidence(**one) for one in row["evidence"]], created_at=row["created_at"],
        decided_at=row["decided_at"], decided_by=row["decided_by_name"], later_until=row["later_until"],
    )  # fmt: skip


def _said(key: UUID, said: Mapping[str, tuple[Any, str, str, bool, list[str] | None]]) -> dict[str, Said]:
    return {
        name: Said(value=value, source=source, day=day, is_verified=is_verified, party=str(key))
        for name, (value, source, day, is_verified, _entry) in said.items()
        if value is not None
    }


def _line(
    name: str,
    shown: tuple[str, str],
    one: Said | None,
    other: Said | None,
    order: survivorship.Order,
    evidence: Evidence | None,
) -> Line:
    voices = [voice for voice in (one, other) if voice is not None]
    is_same = one is not None and other is not None and one.value == other.value
    kept, rule = "", ""
    if voices and not is_same:
        chosen = survivorship.survive(name, voices, order)
        kept, rule = "left" if chosen.said is one else "right", chosen.rule
    return Line(
        field=name, left=shown[0], right=shown[1], is_same=is_same, golden=kept, rule=rule,
        weight=evidence.weight if evidence else None, level=evidence.level if evidence else "",
        left_from=_from(one), right_from=_from(other), may_choose=len(voices) == 2 and not is_same,
    )  # fmt: skip


def _from(one: Said | None) -> str:
    return " ".join(filter(None, (systems.name(one.source), one.day))) if one is not None else ""


def _plain_line(name: str, left: str, right: str, evidence: Evidence | None) -> Line:
    return Line(
        field=name, left=left, right=right, is_same=left == right and bool(left), golden="", rule="",
        weight=evidence.weight if evidence else None, level=evidence.level if evidence else "",
    )  # fmt: skip


def _children(one: CustomerFile, name: str) -> list[str]:
    if name == "document":
        return [item.number for item in one.documents]
    if name == "phone":
        return [item.value for item in one.contacts if item.kind in ("mobile", "phone")]
    if name == "email":
        return [item.value for item in one.contacts if item.kind == "email"]
    if name == "address":
        return [item.text for item in one.addresses]
    return [item.number for item in one.accounts]


def _figure(one: CustomerFile) -> int:
    return one.standing.policies if one.standing else 0
