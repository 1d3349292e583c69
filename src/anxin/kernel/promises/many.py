"""When very many promises are due: the same answers as `schedule`, counted in columns.

A clock that never stood still needs its start, its amount and a few searches in the sums of the calendar: those are
counted together. What stood still, or reaches beyond the sums, is counted one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anxin.kernel.promises import counting
from anxin.kernel.promises.clock import AROUND_THE_CLOCK, Measure, load
from anxin.kernel.promises.reading import AMBER_PERCENT
from anxin.kernel.timetable import Columns, ticks
from anxin.kernel.worktime import Calendar

Ticks: TypeAlias = NDArray[np.int64]

_MINUTE: Final = 60_000_000
# Not a moment: this one is counted by itself.
_NONE: Final = np.iinfo(np.int64).min


def schedule_many(
    stored: Sequence[Mapping[str, Any]], calendar: Calendar, now: datetime, amber: int = AMBER_PERCENT
) -> tuple[Ticks, Ticks]:
    """`(due, amber)` of stored clocks in microseconds since 1970, in their order: what `schedule` says of each."""
    due = np.full(len(stored), _NONE, dtype=np.int64)
    amber_from = due.copy()
    groups: dict[str, tuple[list[int], list[int], list[int]]] = {}
    for place, one in enumerate(stored):
        if "pauses" not in one:
            start, amount = _start_and_amount(one)
            places, starts, amounts = groups.setdefault(one["measure"], ([], [], []))
            places.append(place)
            starts.append(start)
            amounts.append(amount)
    for measure, (places, starts, amounts) in groups.items():
        at = np.array(places)
        due[at], amber_from[at] = _counted(Measure(measure), calendar, np.array(starts), np.array(amounts), amber)
    for place in np.flatnonzero((due == _NONE) | (amber_from == _NONE)).tolist():
        clock = load(stored[place])
        as_of = counting.as_of(clock, now)
        due[place] = counting.due(clock, calendar, as_of)
        amber_from[place] = counting.amber(clock, calendar, as_of, int(due[place]), amber)
    return due, amber_from


@lru_cache(maxsize=65_536)
def _moment(text: str) -> int:
    return ticks(datetime.fromisoformat(text))


def _start_and_amount(one: Mapping[str, Any]) -> tuple[int, int]:
    """As `Clock.runs_since` and `Clock.amount`."""
    start, amount = _moment(one["started_at"]), one["amount"]
    if "restarts" in one:
        start = max(start, *map(_moment, one["restarts"]))
    for at, more, *_rest in one.get("extensions", ()):
        if _moment(at) >= start:
            amount += more
    return start, amount


def _counted(measure: Measure, calendar: Calendar, start: Ticks, amount: Ticks, percent: int) -> tuple[Ticks, Ticks]:
    table = calendar.timetable.columns(int(start.min()), int(start.max()))
    if measure is Measure.MINUTES:
        due = start + amount * _MINUTE
    elif measure is Measure.WORKING_MINUTES:
        due = _add_work(table, start, amount * _MINUTE)
    else:
        due = _days(measure, table, start, amount)
    counted = due != _NONE
    if measure in AROUND_THE_CLOCK:
        return due, np.where(counted, start + (due - start) * percent // 100, _NONE)
    total = _worked(table, np.where(counted, due, start)) - _worked(table, start)
    return due, np.where(counted, _add_work(table, start, total * percent // 100), _NONE)


def _days(measure: Measure, table: Columns, start: Ticks, amount: Ticks) -> Ticks:
    first = np.searchsorted(table.midnights, start, side="right") - 1
    if measure is Measure.NATURAL_DAYS:
        return _of_day(table.midnights, first + amount + 1)
    if measure is Measure.SUNSET:
        # Once nobody works any more on the first day, it is no day to answer on.
        first = first + (table.work_ends[first] <= start)
        return _of_day(table.work_ends, _nth_working_day(table, first, amount + 1))
    # The first day is day 0, worked or not.
    count = amount + table.is_working[first]
    last = np.where(count == 0, first, _nth_working_day(table, first, count))
    return _of_day(table.midnights, np.where(last < 0, len(table.midnights), last + 1))


def _nth_working_day(table: Columns, first: Ticks, count: Ticks) -> Ticks:
    """The place of the `count`-th working day from `first` on; -1 beyond the table."""
    place = np.searchsorted(table.days, table.days[np.minimum(first, len(table.days) - 1)] + count)
    return np.where(place < len(table.days), place - 1, -1)


def _of_day(moments: Ticks, place: Ticks) -> Ticks:
    inside = (place >= 0) & (place < len(moments))
    return np.where(inside, moments[np.where(inside, place, 0)], _NONE)


def _worked(table: Columns, at: Ticks) -> Ticks:
    place = np.searchsorted(table.starts, at, side="right") - 1
    inside = np.maximum(place, 0)
    found = table.before[inside] + np.minimum(at, table.ends[inside]) - table.starts[inside]
    return np.where(place < 0, 0, found)


def _add_work(table: Columns, start: Ticks, amount: Ticks) -> Ticks:
    wanted = _worked(table, start) + amount
    place = np.maximum(np.searchsorted(table.before, wanted) - 1, 0)
    found = table.starts[place] + wanted - table.before[place]
    reached = np.where(found <= table.ends[place], found, _NONE)
    return np.where(amount == 0, start, reached)
