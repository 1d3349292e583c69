"""Public holidays of mainland China, from the package `chinesecalendar` (MIT).

It follows the yearly notices of the State Council. A year is published around November of the year before; until the
package knows it, `exceptions_for` gives nothing and the calendar says so (`Calendar.warning_for`). Insurers edit the
resulting table; this is only what it starts from.
"""

from datetime import date
from functools import cache

import chinese_calendar

from anxin.kernel.worktime import OFFICE_DAY, OFFICE_WEEK, Calendar, DayRule


@cache
def published_years() -> frozenset[int]:
    """Years whose list the installed package holds. Its first years know no make-up days of the year before."""
    return frozenset(day.year for day in chinese_calendar.holidays)


def exceptions_for(year: int, working_day: DayRule = OFFICE_DAY) -> dict[date, DayRule]:
    """Days of `year` that differ from the normal week: holidays (off) and make-up days (the hours of `working_day`).

    Weekend days inside a holiday are listed as well, so that a call centre that works weekends is off too. Empty for a
    year not published.
    """
    rules = {
        day: DayRule((), _english_name(name)) for day, name in chinese_calendar.holidays.items() if day.year == year
    }
    for day, name in chinese_calendar.workdays.items():
        if day.year == year:
            rules[day] = DayRule(working_day.spans, f"Make-up working day for {_english_name(name)}")
    return rules


def calendar_for(
    years: range,
    weekly_hours: tuple[DayRule, ...] = OFFICE_WEEK,
    working_day: DayRule = OFFICE_DAY,
    timezone: str = "Asia/Shanghai",
) -> Calendar:
    """A calendar with the public holidays of those `years` that are published."""
    exceptions: dict[date, DayRule] = {}
    for year in years:
        exceptions |= exceptions_for(year, working_day)
    return Calendar(weekly_hours, exceptions, timezone, published_years() & frozenset(years))


def _english_name(name: object) -> str:
    return str(getattr(name, "value", name))
