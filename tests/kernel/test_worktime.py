from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.kernel import holidays
from anxin.kernel.worktime import DAY_OFF, OFFICE_DAY, OFFICE_WEEK, Calendar, CalendarError, DayRule, hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = holidays.calendar_for(range(2024, 2027))
HALF = hours("09:00-12:00", name="Half day")
NIGHT = Calendar((hours("00:00-06:00", "22:00-24:00"),) * 7)
MIXED = Calendar(
    (hours("09:00-12:00", "13:00-18:00"),) * 4 + (hours("00:00-01:30", "23:00-24:00"), DAY_OFF, hours("10:07-10:08")),
    {date(2026, 2, 11): HALF, date(2026, 2, 12): DAY_OFF, date(2026, 2, 14): OFFICE_DAY},
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# --- one written example for each known trap ---


def test_time_over_midnight_continues_in_the_next_span() -> None:
    assert NIGHT.add_working_time(at("2026-03-02 23:00"), timedelta(hours=3)) == at("2026-03-03 02:00")
    assert NIGHT.working_time_between(at("2026-03-02 21:00"), at("2026-03-03 07:00")) == timedelta(hours=8)


def test_a_deadline_falls_at_the_end_of_a_span_not_at_the_start_of_the_next() -> None:
    assert CHINA.add_working_time(at("2026-03-02 17:00"), timedelta(hours=1)) == at("2026-03-02 18:00")
    assert CHINA.add_working_time(at("2026-03-02 18:00"), timedelta(minutes=1)) == at("2026-03-03 09:01")


def test_lunch_does_not_count() -> None:
    assert CHINA.add_working_time(at("2026-03-02 11:30"), timedelta(hours=1)) == at("2026-03-02 13:30")
    assert CHINA.working_time_between(at("2026-03-02 09:00"), at("2026-03-02 18:00")) == timedelta(hours=8)


def test_the_october_golden_week_with_its_make_up_days() -> None:
    # State Council notice for 2026: 1–7 October off, Sunday 20 September and Saturday 10 October worked.
    assert CHINA.is_working_day(date(2026, 9, 20))
    assert not any(CHINA.is_working_day(date(2026, 10, day)) for day in range(1, 8))
    assert CHINA.is_working_day(date(2026, 10, 10))
    assert CHINA.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert CHINA.working_days_between(date(2026, 9, 30), date(2026, 10, 11)) == 3
    assert CHINA.add_working_time(at("2026-09-30 17:30"), timedelta(hours=1)) == at("2026-10-08 09:30")
    assert CHINA.add_working_time(at("2026-10-09 17:30"), timedelta(hours=1)) == at("2026-10-10 09:30")


def test_the_spring_golden_week_with_its_make_up_days() -> None:
    assert CHINA.add_working_days(date(2026, 2, 13), 2) == date(2026, 2, 24)  # Sat 14 worked, 15–23 off
    assert CHINA.rule_for(date(2026, 2, 17)).name == "Spring Festival"
    assert CHINA.rule_for(date(2026, 2, 28)).spans == OFFICE_DAY.spans


def test_month_and_year_ends_are_days_like_others() -> None:
    assert CHINA.add_working_days(date(2026, 4, 30), 1) == date(2026, 5, 6)
    assert CHINA.add_working_days(date(2025, 12, 31), 1) == date(2026, 1, 4)  # a Sunday, worked


def test_the_29th_of_february_is_worked_only_where_it_exists() -> None:
    assert CHINA.add_working_days(date(2024, 2, 28), 1) == date(2024, 2, 29)
    assert CHINA.add_working_time(at("2024-02-29 17:00"), timedelta(hours=2)) == at("2024-03-01 10:00")
    assert Calendar().add_working_days(date(2023, 2, 28), 1) == date(2023, 3, 1)


def test_a_year_not_published_follows_the_week_and_says_so() -> None:
    year = max(holidays.published_years()) + 1
    calendar = holidays.calendar_for(range(year - 1, year + 1))
    assert calendar.covers(year - 1)
    assert calendar.warning_for(year - 1) is None
    assert not calendar.covers(year)
    assert str(year) in (calendar.warning_for(year) or "")
    first = date(year, 10, 1)
    assert calendar.is_working_day(first) == (first.weekday() < 5)
    assert holidays.exceptions_for(year) == {}


def test_a_half_day_counts_as_a_working_day_with_its_own_hours() -> None:
    calendar = Calendar(exceptions={date(2026, 2, 13): HALF})
    assert calendar.is_working_day(date(2026, 2, 13))
    assert calendar.add_working_time(at("2026-02-13 11:00"), timedelta(hours=2)) == at("2026-02-16 10:00")


def test_weekend_days_inside_a_holiday_are_off_for_those_who_work_weekends() -> None:
    calendar = holidays.calendar_for(range(2026, 2027), weekly_hours=(OFFICE_DAY,) * 7)
    assert not calendar.is_working_day(date(2026, 10, 3))
    assert calendar.is_working_day(date(2026, 10, 17))


def test_summer_time_counts_the_time_that_really_passed() -> None:
    # Shanghai moved its clocks from 02:00 to 03:00 on 4 May 1986.
    around = Calendar((hours("00:00-24:00"),) * 7)
    assert around.working_time_between(at("1986-05-04 00:00"), at("1986-05-05 00:00")) == timedelta(hours=23)
    skipped = Calendar((hours("02:00-02:30", "03:00-04:00"),) * 7)
    assert skipped.working_time_between(at("1986-05-04 00:00"), at("1986-05-05 00:00")) == timedelta(hours=1)


def test_answers_are_in_utc_and_naive_moments_are_refused() -> None:
    assert CHINA.add_working_time(at("2026-03-02 09:00"), timedelta(hours=1)).tzinfo is UTC
    assert CHINA.local_day(datetime(2026, 3, 2, 17, tzinfo=UTC)) == date(2026, 3, 3)
    with pytest.raises(CalendarError, match="timezone"):
        CHINA.add_working_time(datetime(2026, 3, 2), timedelta(hours=1))


@pytest.mark.parametrize(
    "build",
    [
        lambda: Calendar(OFFICE_WEEK[:6]),
        lambda: Calendar((DAY_OFF,) * 7),
        lambda: hours("9-12"),
        lambda: hours("12:00-09:00"),
        lambda: hours("09:00-12:00", "11:00-13:00"),
        lambda: DayRule(((0, 1441),)),
        lambda: hours("23:00-24:01"),
    ],
)
def test_a_calendar_that_cannot_work_is_refused(build: Callable[[], object]) -> None:
    with pytest.raises(CalendarError):
        build()


# --- properties, and an oracle that steps through every minute ---

CALENDARS = st.sampled_from([CHINA, NIGHT, MIXED])
MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda minute: at("2026-01-20 00:00") + timedelta(minutes=minute))
DAYS = st.dates(date(2025, 11, 1), date(2026, 12, 31))


def worked_minute(calendar: Calendar, moment: datetime) -> bool:
    wall = moment.astimezone(SHANGHAI)
    minute = wall.hour * 60 + wall.minute
    rule = calendar.exceptions.get(wall.date(), calendar.weekly_hours[wall.weekday()])
    return any(start <= minute < end for start, end in rule.spans)


def oracle_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    count, moment = 0, start.astimezone(UTC)
    while moment < end:
        count += worked_minute(calendar, moment)
        moment += timedelta(minutes=1)
    return timedelta(minutes=count)


def oracle_add(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    moment = start.astimezone(UTC)
    while minutes:
        minutes -= worked_minute(calendar, moment)
        moment += timedelta(minutes=1)
    return moment


@settings(max_examples=40, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(0, 5000))
def test_time_between_agrees_with_counting_minutes(calendar: Calendar, start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    assert calendar.working_time_between(start, end) == oracle_between(calendar, start, end)
    assert calendar.working_time_between(end, start) == -oracle_between(calendar, start, end)


@settings(max_examples=40, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(0, 600))
def test_adding_time_agrees_with_counting_minutes(calendar: Calendar, start: datetime, minutes: int) -> None:
    assert calendar.add_working_time(start, timedelta(minutes=minutes)) == oracle_add(calendar, start, minutes)


@given(CALENDARS, MOMENTS, st.timedeltas(timedelta(), timedelta(hours=60)))
def test_what_was_added_is_what_lies_between(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    for span in (duration, -duration):
        assert calendar.working_time_between(start, calendar.add_working_time(start, span)) == span


@given(
    CALENDARS, MOMENTS, st.timedeltas(timedelta(), timedelta(hours=9)), st.timedeltas(timedelta(), timedelta(days=2))
)
def test_later_starts_and_longer_promises_never_end_earlier(
    calendar: Calendar, start: datetime, duration: timedelta, more: timedelta
) -> None:
    due = calendar.add_working_time(start, duration)
    assert calendar.add_working_time(start + more, duration) >= due
    assert calendar.add_working_time(start, duration + more) >= due


@given(CALENDARS, DAYS, st.integers(-60, 60))
def test_days_added_are_the_days_between(calendar: Calendar, day: date, count: int) -> None:
    result = calendar.add_working_days(day, count)
    assert calendar.working_days_between(day, result) == count
    assert count == 0 or calendar.is_working_day(result)


@given(CALENDARS, MOMENTS)
def test_a_moment_is_worked_exactly_when_time_passes_in_it(calendar: Calendar, moment: datetime) -> None:
    assert calendar.is_working_moment(moment) == worked_minute(calendar, moment)
    assert bool(calendar.working_time_between(moment, moment + timedelta(seconds=1))) == worked_minute(calendar, moment)
