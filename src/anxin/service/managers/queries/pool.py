"""Customers without a manager: who waits, since when, and what the last run said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import keyset
from anxin.kernel.actor import Actor
from anxin.kernel.masking import PersonalKind, mask
from anxin.service.managers import access
from anxin.service.managers.data import Cause, PoolPage, WaitingView
from anxin.service.managers.models import Waiting
from anxin.service.managers.queries.wording import text_of

PAGE_SIZE: Final = 50
COUNTED_AT_MOST: Final = 1_000
BadCursor = keyset.BadCursor
_COLUMNS: Final = (
    "id", "party_id", "party__ref", "party__name", "party__standing__tier", "party__standing__annual_premium_fen",
    "party__unit__name", "since", "cause", "reason", "last_manager__display_name",
)  # fmt: skip


def list_waiting(
    actor: Actor, *, cause: str = "", reason: str = "", cursor: str = "", size: int = PAGE_SIZE
) -> PoolPage:
    """Who waits longest first. A constant number of queries. Raises BadCursor."""
    rows = access.visible_waiting(actor)
    if cause:
        rows = rows.filter(cause=cause)
    if reason:
        rows = rows.filter(reason=reason)
    run = keyset.Run(where=Q(), first="since")
    found = keyset.read(rows, [run], code="managers-pool", cursor=cursor, size=size)
    total = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    shown = {row["id"]: row for row in Waiting.objects.filter(pk__in=found.ids).values(*_COLUMNS)}
    ordered = [shown[key] for key in found.ids if key in shown]
    reached = customers.reached_of(actor, [row["party_id"] for row in ordered]) if _sees_files(actor) else set()
    return PoolPage(
        rows=tuple(_view(row, row["party_id"] in reached) for row in ordered),
        next_cursor=found.next_cursor, previous_cursor=found.previous_cursor, start=found.start,
        total=min(total, COUNTED_AT_MOST), is_total_estimate=total > COUNTED_AT_MOST,
    )  # fmt: skip


def count_waiting(actor: Actor) -> Mapping[str, int]:
    """By what the last run said ("" where none looked yet)."""
    rows = access.visible_waiting(actor).values_list("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    return dict(rows)


def _sees_files(actor: Actor) -> bool:
    return actor.may("customers.view")


def _view(row: dict[str, Any], is_reached: bool) -> WaitingView:
    key: UUID = row["id"]
    return WaitingView(
        id=key, ref=row["party__ref"] if is_reached else "",
        name=row["party__name"] if is_reached else mask(PersonalKind.NAME, row["party__name"]),
        tier=row["party__standing__tier"] or "", unit=row["party__unit__name"] or "",
        premium_fen=row["party__standing__annual_premium_fen"] or 0, since=row["since"], cause=Cause(row["cause"]),
        text=text_of(row["reason"]), last_manager=row["last_manager__display_name"] or "",
    )  # fmt: skip
