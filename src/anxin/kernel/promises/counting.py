"""Counting time and days, in ticks (microseconds since 1970) and ordinals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from anxin.kernel.promises.clock import AROUND_THE_CLOCK, Clock, Measure
from anxin.kernel.timetable import moment_of, ticks
from anxin.kernel.worktime import Calendar, CalendarError

_MINUTE: Final = 60_000_000


def _ticks(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise CalendarError("A moment needs a timezone; use an aware datetime.")
    return ticks(moment)


def as_of(clock: Clock, now: datetime) -> int:
    return _ticks(clock.done_at or now)


def gaps(clock: Clock, as_of: int) -> list[tuple[int, int]]:
    """The pauses since the clock runs, ascending and apart. One that goes on ends at `as_of`."""
    if not clock.pauses:
        return []
    since = _ticks(clock.runs_since)
    found = sorted(
        (max(_ticks(one.start), since), _ticks(one.end) if one.end is not None else as_of) for one in clock.pauses
    )
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if end <= start:
            continue
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end))
        else:
            apart.append((start, end))
    return apart


def due(clock: Clock, calendar: Calendar, as_of: int) -> int:
    start, still = _ticks(clock.runs_since), gaps(clock, as_of)
    if clock.term.counts_days:
        return _due_of_days(clock, calendar, start, still)
    return _run(clock, calendar, start, clock.amount * _MINUTE, still)


def passed(clock: Clock, calendar: Calendar, start: int, end: int) -> int:
    """Time of the measure in `[start, end)`."""
    if clock.term.measure in AROUND_THE_CLOCK:
        return end - start
    return calendar.timetable.work_between(start, end)


def running(clock: Clock, calendar: Calendar, start: int, end: int, gaps: Sequence[tuple[int, int]]) -> int:
    if end <= start:
        return 0
    found = passed(clock, calendar, start, end)
    for begin, finish in gaps:
        if begin < end:
            found -= passed(clock, calendar, begin, min(finish, end))
    return found


def _run(clock: Clock, calendar: Calendar, start: int, amount: int, gaps: Sequence[tuple[int, int]]) -> int:
    """The first moment at which the clock has run for `amount`."""
    at, left = start, amount
    for begin, end in gaps:
        room = passed(clock, calendar, at, begin)
        if room >= left:
            break
        left -= room
        at = end
    if clock.term.measure in AROUND_THE_CLOCK:
        return at + left
    return calendar.timetable.add_work(at, left)


def amber(clock: Clock, calendar: Calendar, as_of: int, due: int, percent: int) -> int:
    start, still = _ticks(clock.runs_since), gaps(clock, as_of)
    total = running(clock, calendar, start, due, still)
    return _run(clock, calendar, start, total * percent // 100, still)


def _due_of_days(clock: Clock, calendar: Calendar, start: int, gaps: Sequence[tuple[int, int]]) -> int:
    first = calendar.local_day(moment_of(start)).toordinal()
    ends = _work_ends if clock.term.measure is Measure.SUNSET else _day_ends
    in_range, nth = _counting(clock, calendar, start, first)
    at, left = first, clock.amount + 1
    for begin, end in gaps:
        # The days at whose end the clock stands still: it stopped before that moment and had not gone on by then.
        gap_first, gap_end = (calendar.local_day(moment_of(one)).toordinal() for one in (begin, end))
        gap_first += ends(calendar, gap_first) <= begin
        gap_end += ends(calendar, gap_end) <= end
        if gap_end <= gap_first:
            continue
        room = in_range(at, gap_first)
        if room >= left:
            break
        left -= room
        at = max(at, gap_end)
    return ends(calendar, nth(at, left))


def _counting(
    clock: Clock, calendar: Calendar, start: int, first: int
) -> tuple[Callable[[int, int], int], Callable[[int, int], int]]:
    """Two functions over ordinals: how many days count in `[a, b)`, and the n-th (from 1) that counts from `a` on."""
    table = calendar.timetable
    if clock.term.measure is Measure.NATURAL_DAYS:
        return lambda a, b: max(b - a, 0), lambda a, n: a + n - 1
    if clock.term.measure is Measure.SUNSET:
        # Once nobody works any more on the first day, it is no day to answer on.
        begin = first + (_work_ends(calendar, first) <= start)
        return (
            lambda a, b: table.working_days_in(max(a, begin), b),
            lambda a, n: table.nth_working_day(max(a, begin), n),
        )
    extra = 0 if calendar.is_working_day(date.fromordinal(first)) else 1

    def in_range(a: int, b: int) -> int:
        return table.working_days_in(a, b) + (extra if a <= first < b else 0)

    def nth(a: int, n: int) -> int:
        # The first day is day 0, worked or not.
        if a <= first and extra:
            return first if n == 1 else table.nth_working_day(a, n - 1)
        return table.nth_working_day(a, n)

    return in_range, nth


def _day_ends(calendar: Calendar, ordinal: int) -> int:
    return ticks(calendar.midnight(date.fromordinal(ordinal + 1)))


def _work_ends(calendar: Calendar, ordinal: int) -> int:
    spans = calendar.spans_of(date.fromordinal(ordinal))
    return ticks(spans[-1][1]) if spans else ticks(calendar.midnight(date.fromordinal(ordinal)))


def days_left(clock: Clock, calendar: Calendar, now: datetime, due_day: date) -> int | None:
    if not clock.term.counts_days:
        return None
    today = calendar.local_day(now)
    if clock.term.measure is Measure.NATURAL_DAYS:
        return (due_day - today).days
    first, last = sorted((today.toordinal(), due_day.toordinal()))
    count = calendar.timetable.working_days_in(first + 1, last + 1)
    return count if due_day >= today else -count


def unpublished(clock: Clock, calendar: Calendar, first: int, last: int) -> tuple[int, ...]:
    if clock.term.measure in AROUND_THE_CLOCK:
        return ()
    return tuple(year for year in range(first, last + 1) if not calendar.covers(year))
