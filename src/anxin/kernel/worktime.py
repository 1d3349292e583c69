"""Working time: which days and hours count for a promise made to a customer.

Spans of work are half-open minutes of a local day, `[start, end)`, and may end at 24:00. Moments go in aware and come
out in UTC, so a day with a clock change (China had summer time 1986–1991) counts the time that really passed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from anxin.kernel.timetable import Timetable

# Message id: translate with `_(UNPUBLISHED_YEAR) % {"year": year}`.
UNPUBLISHED_YEAR: Final = (
    "The public holidays of %(year)s are not published yet; the normal week is used, Monday to Friday as a rule."
)
_MINUTES: Final = 24 * 60
_SPAN: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_DAY: Final = timedelta(days=1)


class CalendarError(ValueError):
    """A calendar that cannot be used, or a moment without a timezone."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """The hours of one kind of day: `(start, end)` in minutes from local midnight, ascending. No span: a day off."""

    spans: tuple[tuple[int, int], ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        last = 0
        for start, end in self.spans:
            if not last <= start < end <= _MINUTES:
                raise CalendarError(f"The hours of “{self.name or 'a day'}” overlap, run backwards or leave the day.")
            last = end

    @property
    def is_working(self) -> bool:
        return bool(self.spans)

    @property
    def duration(self) -> timedelta:
        """Working time of an ordinary 24-hour day of this kind."""
        return timedelta(minutes=sum(end - start for start, end in self.spans))


def hours(*spans: str, name: str = "") -> DayRule:
    """`hours("09:00-12:00", "13:30-18:00")`; no span is a day off. A night shift is two spans on two days."""
    parsed = []
    for text in spans:
        match = _SPAN.fullmatch(text)
        if match is None:
            raise CalendarError(f"“{text}” is not a span of hours; write it like 09:00-17:30.")
        numbers = [int(part) for part in match.groups()]
        parsed.append((numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]))
    return DayRule(tuple(parsed), name)


DAY_OFF: Final = DayRule()
OFFICE_DAY: Final = hours("09:00-12:00", "13:00-18:00")
OFFICE_WEEK: Final = (OFFICE_DAY,) * 5 + (DAY_OFF,) * 2


@dataclass(frozen=True)
class Calendar:
    """A working calendar.

    weekly_hours: seven DayRules, Monday first. exceptions: date → DayRule for public holidays, make-up working days
    (调休) and half days. years: those whose public holidays are known; other years follow the normal week.
    """

    weekly_hours: tuple[DayRule, ...] = OFFICE_WEEK
    exceptions: Mapping[date, DayRule] = field(default_factory=dict, hash=False)
    timezone: str = "Asia/Shanghai"
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekly_hours", tuple(self.weekly_hours))
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        object.__setattr__(self, "years", frozenset(self.years))
        if len(self.weekly_hours) != 7:
            raise CalendarError("A week has seven days; give one DayRule for each, Monday first.")
        if not any(rule.is_working for rule in self.weekly_hours):
            raise CalendarError("A week without any working hours would never reach a deadline.")
        if any(isinstance(day, datetime) for day in self.exceptions):
            raise CalendarError("Exceptions are dates, not moments.")

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def timetable(self) -> Timetable:
        """The same calendar for very many questions. Equal calendars share one: a request reads its calendar anew."""
        return _timetable(self)

    def rule_for(self, day: date) -> DayRule:
        """The hours that hold on `day`."""
        return self.exceptions.get(day, self.weekly_hours[day.weekday()])

    def is_working_day(self, day: date) -> bool:
        """Whether any hour of `day` is worked; half days and make-up days count."""
        return self.rule_for(day).is_working

    def covers(self, year: int) -> bool:
        """Whether the public holidays of `year` are known."""
        return year in self.years

    def warning_for(self, year: int) -> str | None:
        """English words for people when `year` is not covered, else None."""
        return None if self.covers(year) else UNPUBLISHED_YEAR % {"year": year}

    def add_working_days(self, day: date, count: int) -> date:
        """The date `count` working days after `day`; the start day is not counted. Negative counts go back.

        Zero gives `day` itself, working or not.
        """
        step = _DAY if count >= 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; below zero when `end` is earlier, counted from `end` on.

        `working_days_between(d, add_working_days(d, n)) == n` for every n.
        """
        if end >= start:
            return sum(self.is_working_day(start + _DAY * offset) for offset in range(1, (end - start).days + 1))
        return -sum(self.is_working_day(end + _DAY * offset) for offset in range((start - end).days))

    def is_working_moment(self, moment: datetime) -> bool:
        """Whether work goes on at `moment`: the start of a span is in, its end is out."""
        moment = _utc(moment)
        return any(start <= moment < end for start, end in self.spans_of(self.local_day(moment)))

    def local_day(self, moment: datetime) -> date:
        """The calendar day of `moment` in the timezone of this calendar."""
        return _utc(moment).astimezone(self._zone).date()

    def add_working_time(self, start: datetime, duration: timedelta) -> datetime:
        """The earliest moment (UTC) by which `duration` of work has passed since `start`.

        Ends at the end of a span rather than at the start of the next one. A negative duration goes back to the latest
        such moment. Zero gives `start` itself.
        """
        moment = _utc(start)
        if duration < timedelta():
            return self._go_back(moment, -duration)
        left, day = duration, self.local_day(moment)
        while left:
            for begin, end in self.spans_of(day):
                room = end - max(begin, moment)
                if room >= left:
                    return max(begin, moment) + left
                left -= max(room, timedelta())
            day += _DAY
        return moment

    def _go_back(self, moment: datetime, left: timedelta) -> datetime:
        day = self.local_day(moment)
        while left:
            for begin, end in reversed(self.spans_of(day)):
                room = min(end, moment) - begin
                if room >= left:
                    return min(end, moment) - left
                left -= max(room, timedelta())
            day -= _DAY
        return moment

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Work in `[start, end)`; below zero when `end` is earlier."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.working_time_between(end, start)
        passed = timedelta()
        for day in _days(self.local_day(start), self.local_day(end)):
            for begin, finish in self.spans_of(day):
                passed += max(min(finish, end) - max(begin, start), timedelta())
        return passed

    def midnight(self, day: date) -> datetime:
        """The moment `day` begins here; the day before ends at it."""
        return datetime(day.year, day.month, day.day, tzinfo=self._zone)

    def spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The worked spans of `day` as moments (UTC), ascending, apart from each other."""
        midnight = self.midnight(day)
        spans: list[tuple[datetime, datetime]] = []
        for start, end in self.rule_for(day).spans:
            begin, finish = ((midnight + timedelta(minutes=minute)).astimezone(UTC) for minute in (start, end))
            # Spans in or next to the hour that a clock change skips may fall on each other: no minute counts twice.
            if spans:
                begin = max(begin, spans[-1][1])
            if begin < finish:
                spans.append((begin, finish))
        return spans


@lru_cache(maxsize=64)
def _timetable(calendar: Calendar) -> Timetable:
    return Timetable(calendar)


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise CalendarError("A moment needs a timezone; use an aware datetime.")
    return moment.astimezone(UTC)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + _DAY * offset
