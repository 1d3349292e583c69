"""Until when a new policy is called back: the cooling-off period, and the hours customers are called in.

The period begins with the receipt the holder signed. That day is not counted (Civil Code, article 201); it ends at
24:00 of its last day. Where that day is a holiday the holder may still withdraw on the next working day (article 203);
the call-back does not count on that and keeps to the earlier end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from anxin.kernel import promises
from anxin.kernel.promises import Clock, Measure, Term
from anxin.kernel.worktime import Calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# A term of one year has 366 days where it begins before a 29 February; what is longer runs for more than one year.
ONE_YEAR_DAYS: Final = 366
# Who did not answer is not called again at once.
SOONEST: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Due:
    """`ends`: the last day that counts; `due_at`: the moment after it."""

    ends: date
    due_at: datetime
    amber_at: datetime


def day_of(now: datetime) -> date:
    """The calendar day in Shanghai."""
    return now.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def due_after(start: date, days: int, measure: str, calendar: Calendar, amber_percent: int) -> Due:
    """Due at the end of the `days`-th day after `start`, counted in natural or working days."""
    clock = Clock(Term(Measure(measure), days), start_of(start))
    due_at, amber_at = promises.schedule(clock, calendar, clock.started_at, amber_percent)
    return Due((due_at - timedelta(microseconds=1)).astimezone(SHANGHAI).date(), due_at, amber_at)


def amber_between(start: datetime, until: datetime, percent: int) -> datetime:
    """From when on it is about to be late, where neither end is a term of a calendar."""
    return start + (until - start) * percent / 100


def cooling_days(rules: Mapping[str, Any], *, channel: str, line: str, product_days: int | None) -> int:
    """Length of the period: what the product says, else the first row of the scheme that fits, else the general one."""
    if product_days:
        return product_days
    for row in rules["cooling"]:
        if row["channel"] in ("any", channel) and row["line"] in ("any", line):
            return int(row["days"])
    return int(rules["cooling_days"])


def begins(
    receipt: date | None, accepted: date, *, today: date, assumed_days: int
) -> tuple[date, bool]:  # fmt: skip
    """The day the period begins, and whether it had to be assumed: without a receipt (or with one that lies ahead) the
    policy counts as delivered on the last day allowed for it."""
    if receipt is not None and receipt <= today:
        return receipt, False
    return accepted + timedelta(days=assumed_days), True


def needs_call(*, effective: date, expiry: date | None, line: str, lines: frozenset[str], is_group: bool) -> bool:
    """New business of a person that runs for more than a year (or for life). The nightly query says the same."""
    runs_long = expiry is None or (expiry - effective).days > ONE_YEAR_DAYS
    return runs_long and line in lines and not is_group


def is_calling_hour(now: datetime, from_hour: int, until_hour: int) -> bool:
    return from_hour <= now.astimezone(SHANGHAI).hour < until_hour


def next_try(
    now: datetime, hours: int, from_hour: int, until_hour: int, *, due_at: datetime | None = None
) -> datetime:  # fmt: skip
    """When nobody answered: so many hours later, in the hours customers are called in. Where that would be after
    `due_at`, after half of the time in which the customer can still be called; when next to none is left, as if there
    were no end: late is better than never."""
    later = _calling(now + timedelta(hours=hours), from_hour, until_hour)
    if due_at is None or later < due_at:
        return later
    last = _last_call(due_at, from_hour, until_hour)
    sooner = _calling(now + (last - now) / 2, from_hour, until_hour)
    return sooner if now + SOONEST <= sooner < last else later


def _last_call(due_at: datetime, from_hour: int, until_hour: int) -> datetime:
    """Until when somebody can be called before `due_at`."""
    day = start_of(day_of(due_at - timedelta(microseconds=1)))
    last = min(day + timedelta(hours=until_hour), due_at)
    return last if last > day + timedelta(hours=from_hour) else day - timedelta(hours=24 - until_hour)


def second_due(asked: datetime, cooling_due: datetime | None, started: datetime) -> datetime:
    """Until when a second call-back is made: as asked, and within the cooling-off period while that still runs, because
    only what is done before its end counts."""
    return min(asked, cooling_due) if cooling_due is not None and cooling_due > started else asked


def _calling(at: datetime, from_hour: int, until_hour: int) -> datetime:
    """The first moment from `at` on in which customers are called."""
    local = at.astimezone(SHANGHAI)
    if local.hour < from_hour:
        return datetime.combine(local.date(), time(from_hour), SHANGHAI)
    if local.hour >= until_hour:
        return datetime.combine(local.date() + timedelta(days=1), time(from_hour), SHANGHAI)
    return local
