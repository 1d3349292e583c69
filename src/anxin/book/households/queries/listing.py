"""The list of households by premium, searched by anything a member is known by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import keyset
from anxin.book.households import access
from anxin.book.households.data import HouseholdPage, HouseholdRow, MemberRole, Totals
from anxin.book.households.models import Membership
from anxin.book.households.queries import totals
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.kernel.statements import Statement

PAGE_SIZE: Final = 30
COUNTED_AT_MOST: Final = 1_000
BadCursor = keyset.BadCursor
_RUNS: Final = (
    keyset.Run(where=Q(total__isnull=False), first="total__annual_premium_fen", is_descending=True),
    keyset.Run(where=Q(total__isnull=True)),
)


def list_households(
    actor: Actor, *, text: str = "", has_gap: bool = False, cursor: str = "", size: int = PAGE_SIZE
) -> HouseholdPage:
    """By premium of the last night, the largest first. `text`: a name, phone or ID number of any member within reach;
    `has_gap`: with a member whom no policy covers. A constant number of queries. Raises BadCursor."""
    rows = access.visible_households(actor)
    if text:
        found = customers.find_customers(actor, text, limit=50)
        rows = rows.filter(
            pk__in=Membership.objects.filter(
                access.present(), party__in=[row.id for row in found.rows]
            ).values("household_id")
        )  # fmt: skip
    if has_gap:
        rows = rows.filter(total__uncovered__gt=0)
    part = keyset.read(rows, _RUNS, code=f"households-{has_gap}", cursor=cursor, size=size)
    total = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    return HouseholdPage(
        rows=rows_of(actor, part.ids), next_cursor=part.next_cursor, previous_cursor=part.previous_cursor,
        start=part.start, total=min(total, COUNTED_AT_MOST), is_total_estimate=total > COUNTED_AT_MOST,
    )  # fmt: skip


def find_households(actor: Actor, parties: Sequence[UUID], *, limit: int = 4) -> tuple[HouseholdRow, ...]:
    """The households of these customers, for the search of everything. One query when there is none."""
    if not parties or not actor.may("households.view"):
        return ()
    found = [key for (key,) in _OF_PARTIES.all(parties=list(parties))]
    if not found:
        return ()
    rows = access.visible_households(actor).filter(pk__in=found)
    return rows_of(actor, list(rows.order_by("pk").values_list("pk", flat=True)[:limit]))


def _of_parties(parties: Any) -> QuerySet[Any, Any]:
    return Membership.objects.filter(access.present(), party__any_of=parties).values_list("household_id").distinct()


# Asked with every key typed into the search.
_OF_PARTIES: Final = Statement(_of_parties, parties=list)


def rows_of(actor: Actor, ids: Sequence[UUID]) -> tuple[HouseholdRow, ...]:
    """Rows in this order. The caller has checked the reach; figures are those of the members within it."""
    if not ids:
        return ()
    figures = totals.of_some(actor, ids)
    members: dict[UUID, list[dict[str, Any]]] = {}
    for row in _present(ids):
        members.setdefault(row["household_id"], []).append(row)
    reached = customers.reached_of(actor, [row["party_id"] for rows in members.values() for row in rows])
    return tuple(_row(key, members[key], reached, figures.get(key, Totals())) for key in ids if key in members)


def _present(ids: Sequence[UUID]) -> QuerySet[Membership, Any]:
    return (
        Membership.objects.filter(access.present(), household__in=ids)
        .order_by("from_date", "created_at", "id")
        .values("household_id", "party_id", "role", "party__name", "party__ref")
    )


def _row(key: UUID, members: Sequence[Mapping[str, Any]], reached: set[UUID], figures: Totals) -> HouseholdRow:
    ordered = sorted(members, key=lambda one: one["role"] != MemberRole.HEAD)
    shown = [_named(one, reached) for one in ordered]
    head, head_ref = shown[0]
    hidden = sum(1 for one in members if one["party_id"] not in reached)
    return HouseholdRow(
        id=key, head=head, head_ref=head_ref, members=tuple(shown), size=len(members), hidden=hidden, totals=figures
    )


def _named(row: Mapping[str, Any], reached: set[UUID]) -> tuple[str, str]:
    if row["party_id"] in reached:
        return row["party__name"], row["party__ref"]
    return customers.shown("name", row["party__name"]), ""


def summarise(actor: Actor) -> Mapping[str, int]:
    """Households within reach: how many, persons in them, premium and gaps as of the last night.

    Figures of money only for those who see all: the totals hold members out of reach.
    """
    rows = access.visible_households(actor)
    found: dict[str, Any] = rows.aggregate(
        households=Count("pk"), members=Sum("total__members"), premium_fen=Sum("total__annual_premium_fen"),
        uncovered=Sum("total__uncovered"),
    )  # fmt: skip
    if actor.scope("households.view") is not Scope.ALL:
        found.pop("premium_fen")
    return {name: value or 0 for name, value in found.items()}
