"""What happened with a customer, in all rooms, newest first. Rooms above register their sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from anxin.book.customers import access
from anxin.book.customers.data import TimelineItem
from anxin.kernel.actor import Actor

Place = tuple[datetime, str]
# The customer's id (or `OuterRef("pk")`), a place, a number: at most so many rows older than the place, newest first,
# each one `kernel.statements.Json`.
Rows = Callable[[Any, "Place | None", int], QuerySet[Any, Any]]
Items = Callable[[list[dict[str, Any]]], list[TimelineItem]]
PAGE: Final = 20
_CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Source:
    """`rows` finds what happened, in one way or several, each by an index; `items` says it to people without asking the
    database, for all that was found.

    `groups` are the filters its items may belong to. Asked for only within the reach of `permission`.
    """

    code: str
    permission: str
    groups: frozenset[str]
    rows: tuple[Rows, ...]
    items: Items


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """`next_place` is where the next page begins; None at the end."""

    items: tuple[TimelineItem, ...]
    next_place: Place | None


_sources: dict[str, Source] = {}


def register_source(code: str, permission: str, groups: Collection[str], items: Items, *rows: Rows) -> None:
    """Add a source; called from AppConfig.ready."""
    source = Source(code=code, permission=permission, groups=frozenset(groups), rows=rows, items=items)
    if _sources.setdefault(code, source) != source:
        raise ValueError(f"The timeline source {code!r} is registered twice.")


def registered() -> tuple[Source, ...]:
    return tuple(_sources.values())


def of_file(actor: Actor, party_id: UUID, *, before: Place | None, limit: int = PAGE, group: str = "") -> Timeline:
    """The next `limit` items older than `before`, of one group or of all. One query for each way, reach aside."""
    found = {
        source.code: [
            row for rows in source.rows for row in rows(party_id, before, limit + 1).values_list("one", flat=True)
        ]
        for source in _sources.values()
        if (not group or group in source.groups) and access.reaches(actor, party_id, source.permission)
    }
    return merged(found, before=before, limit=limit, group=group)


def merged(
    found: Mapping[str, list[dict[str, Any]]], *, before: Place | None = None, limit: int = PAGE, group: str = ""
) -> Timeline:
    """The newest of what the sources found, by their code."""
    items: dict[str, TimelineItem] = {}
    for code, rows in found.items():
        for item in _sources[code].items(rows):
            if (not group or item.group == group) and (before is None or _place(item) < before):
                items[item.key] = item
    newest = sorted(items.values(), key=_place, reverse=True)
    return Timeline(items=tuple(newest[:limit]), next_place=_place(newest[limit - 1]) if len(newest) > limit else None)


def older(rows: QuerySet[Any], before: Place | None, *, at: str, prefix: str) -> QuerySet[Any]:
    """Rows older than a place, newest first. Keys are `prefix` and the row's id: one order over all sources."""
    if before is not None:
        moment, key = before
        if key.startswith(prefix):
            rows = rows.filter(Q(**{f"{at}__lt": moment}) | Q(**{at: moment, "pk__lt": key.removeprefix(prefix)}))
        elif key > prefix:
            rows = rows.filter(**{f"{at}__lte": moment})
        else:
            rows = rows.filter(**{f"{at}__lt": moment})
    return rows.order_by(f"-{at}", "-pk")


def _place(item: TimelineItem) -> Place:
    return item.at, item.key


def start_of(day: date) -> datetime:
    """The first moment of a day in China: where things that know only their day stand."""
    return datetime.combine(day, time(), tzinfo=_CHINA)


def day_of(moment: datetime) -> date:
    return moment.astimezone(_CHINA).date()
