"""What happened with a customer, in all rooms, newest first. Rooms above register their sources."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from anxin.book.customers import access
from anxin.book.customers.data import TimelineItem
from anxin.kernel.actor import Actor

Place = tuple[datetime, str]
Fetch = Callable[[Actor, UUID, "Place | None", int], list[TimelineItem]]
PAGE: Final = 20
_CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Source:
    """`fetch(actor, party_id, before, limit)`: at most `limit` items older than `before`, newest first.

    `groups` are the filters its items may belong to. Called only within the reach of `permission`.
    """

    code: str
    permission: str
    groups: frozenset[str]
    fetch: Fetch


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """`next_place` is where the next page begins; None at the end."""

    items: tuple[TimelineItem, ...]
    next_place: Place | None


_sources: dict[str, Source] = {}


def register_source(code: str, permission: str, groups: Collection[str], fetch: Fetch) -> None:
    """Add a source; called from AppConfig.ready."""
    source = Source(code=code, permission=permission, groups=frozenset(groups), fetch=fetch)
    if _sources.setdefault(code, source) != source:
        raise ValueError(f"The timeline source {code!r} is registered twice.")


def of_file(actor: Actor, party_id: UUID, *, before: Place | None, limit: int = PAGE, group: str = "") -> Timeline:
    """The next `limit` items older than `before`, of one group or of all. One query for each source, reach aside."""
    parts = []
    for source in _sources.values():
        if (not group or group in source.groups) and access.reaches(actor, party_id, source.permission):
            found = source.fetch(actor, party_id, before, limit + 1)
            parts.append([item for item in found if not group or item.group == group])
    merged = list(islice(heapq.merge(*parts, key=_place, reverse=True), limit + 1))
    return Timeline(items=tuple(merged[:limit]), next_place=_place(merged[limit - 1]) if len(merged) > limit else None)


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
