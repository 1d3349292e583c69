"""The quick form of a working calendar: sums of worked time and of working days, found by bisection.

Answers exactly what `Calendar` answers by walking day for day, in time that does not grow with the span asked about.
Moments are whole microseconds since 1970 (UTC), days are `date.toordinal()`; spans are half-open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from anxin.kernel.worktime import Calendar

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
_FIRST_YEAR: Final = 2
_LAST_YEAR: Final = 9998


def ticks(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // _TICK


def moment_of(count: int) -> datetime:
    """The moment (UTC) of `ticks`."""
    return _EPOCH + timedelta(microseconds=count)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Years of a calendar laid out. `before[i]`: worked time before span i; `days[i]`: working days before day i."""

    first_year: int
    last_year: int
    begin: int
    end: int
    first_day: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    days: list[int]

    def worked(self, at: int) -> int:
        """Worked time from the beginning of the table to `at`."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0
        return self.before[place] + min(at, self.ends[place]) - self.starts[place]

    def reached(self, amount: int) -> int | None:
        """The first moment at which `amount` has been worked; None beyond the table."""
        place = bisect_left(self.before, amount) - 1
        if place < 0:
            return self.begin
        found = self.starts[place] + amount - self.before[place]
        return found if found <= self.ends[place] else None


@dataclass(frozen=True)
class Columns:
    """The same sums as arrays, and for each day of the table when it begins, when its work ends and whether it is
    worked. `days[i]`: working days before day i."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    before: NDArray[np.int64]
    days: NDArray[np.int64]
    midnights: NDArray[np.int64]
    work_ends: NDArray[np.int64]
    is_working: NDArray[np.int64]


class Timetable:
    """The sums of one calendar. They grow by years as they are asked for; the answers never change."""

    __slots__ = ("_calendar", "_columns", "_sums")

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._sums: _Sums | None = None
        self._columns: tuple[_Sums, Columns] | None = None

    def columns(self, first: int, last: int) -> Columns:
        """The sums around two moments as arrays, from the year before to two years after."""
        sums = self._covering(first, last)
        if self._columns is None or self._columns[0] is not sums:
            self._columns = sums, self._as_columns(sums)
        return self._columns[1]

    def _as_columns(self, sums: _Sums) -> Columns:
        calendar = self._calendar
        days = [date.fromordinal(sums.first_day + offset) for offset in range(len(sums.days) - 1)]
        midnights = [ticks(calendar.midnight(day)) for day in days]
        spans = [calendar.spans_of(day) for day in days]
        ends = [ticks(one[-1][1]) if one else at for one, at in zip(spans, midnights, strict=True)]
        working = [int(calendar.is_working_day(day)) for day in days]
        lists = (sums.starts, sums.ends, sums.before, sums.days, midnights, ends, working)
        return Columns(*(np.array(one, dtype=np.int64) for one in lists))

    def work_between(self, start: int, end: int) -> int:
        """Worked microseconds in `[start, end)`; below zero when `end` is earlier."""
        sums = self._covering(min(start, end), max(start, end))
        return sums.worked(end) - sums.worked(start)

    def add_work(self, start: int, amount: int) -> int:
        """The first moment by which `amount` (≥ 0) has been worked since `start`. Zero gives `start`."""
        if not amount:
            return start
        last = start
        while True:
            sums = self._covering(start, last)
            found = sums.reached(sums.worked(start) + amount)
            if found is not None:
                return found
            last = self._next_year(sums)

    def working_days_in(self, first: int, end: int) -> int:
        """Working days in `[first, end)`, days as ordinals."""
        if end <= first:
            return 0
        sums = self._covering_days(first, end)
        return sums.days[end - sums.first_day] - sums.days[first - sums.first_day]

    def nth_working_day(self, first: int, count: int) -> int:
        """The ordinal of the `count`-th (from 1) working day on or after `first`."""
        last = first
        while True:
            sums = self._covering_days(first, last)
            place = bisect_left(sums.days, sums.days[first - sums.first_day] + count)
            if place < len(sums.days):
                return sums.first_day + place - 1
            last = self._calendar.local_day(moment_of(self._next_year(sums))).toordinal()

    def _covering_days(self, first: int, last: int) -> _Sums:
        return self._covering(
            self._year_start(date.fromordinal(first).year), self._year_start(date.fromordinal(last).year) + 1
        )

    def _covering(self, first: int, last: int) -> _Sums:
        sums = self._sums
        if sums is None or first < sums.begin or last >= sums.end:
            begin, end = moment_of(first).year - 1, moment_of(last).year + 2
            if sums is not None:
                begin, end = min(begin, sums.first_year), max(end, sums.last_year)
            sums = self._lay_out(max(begin, _FIRST_YEAR), min(end, _LAST_YEAR))
            self._sums = sums
        return sums

    def _year_start(self, year: int) -> int:
        return ticks(self._calendar.midnight(date(min(year, _LAST_YEAR), 1, 1)))

    def _next_year(self, sums: _Sums) -> int:
        if sums.last_year >= _LAST_YEAR:
            raise OverflowError("This promise reaches beyond the end of the calendar.")
        return self._year_start(sums.last_year + 1)

    def _lay_out(self, first_year: int, last_year: int) -> _Sums:
        calendar = self._calendar
        starts: list[int] = []
        ends: list[int] = []
        before: list[int] = []
        days = [0]
        worked = 0
        first = date(first_year, 1, 1)
        for offset in range((date(last_year + 1, 1, 1) - first).days):
            day = first + timedelta(days=offset)
            days.append(days[-1] + calendar.is_working_day(day))
            for begin, end in calendar.spans_of(day):
                starts.append(ticks(begin))
                ends.append(ticks(end))
                before.append(worked)
                worked += ends[-1] - starts[-1]
        return _Sums(
            first_year, last_year, ticks(calendar.midnight(first)),
            ticks(calendar.midnight(date(last_year + 1, 1, 1))), first.toordinal(), starts, ends, before, days,
        )  # fmt: skip
