from datetime import date

import pytest

from anxin.kernel import holidays


def test_2026_is_as_the_state_council_published_it() -> None:
    rules = holidays.exceptions_for(2026)
    off = {day for day, rule in rules.items() if not rule.is_working}
    worked = {day for day, rule in rules.items() if rule.is_working}
    assert len(off) == 33
    assert worked == {
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    }


@pytest.mark.parametrize("year", sorted(holidays.published_years())[1:])
def test_make_up_days_are_weekends_and_holidays_are_never_worked(year: int) -> None:
    rules = holidays.exceptions_for(year)
    assert all(day.year == year for day in rules)
    assert all(day.weekday() >= 5 for day, rule in rules.items() if rule.is_working)
    assert date(year, 10, 1) in rules
    assert not rules[date(year, 10, 1)].is_working


def test_only_published_years_are_covered() -> None:
    calendar = holidays.calendar_for(range(2025, 2060))
    assert calendar.covers(2025)
    assert calendar.covers(2026)
    assert not calendar.covers(2059)
    assert not calendar.covers(2024)
