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


def next_try(now: datetime, hours: int, from_hour: int, until_hour: int) -> datetime:
    """When nobody answered: so many hours later, in the hours customers are called in."""
    local = (now + timedelta(hours=hours)).astimezone(SHANGHAI)
    if local.hour < from_hour:
        return datetime.combine(local.date(), time(from_hour), SHANGHAI)
    if local.hour >= until_hour:
        return datetime.combine(local.date() + timedelta(days=1), time(from_hour), SHANGHAI)
    return local
