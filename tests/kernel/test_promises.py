from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.kernel import backlog, holidays, promises
from anxin.kernel.promises import Clock, ClockRefused, Extension, Light, Measure, Pause, Phase, Refusal, Term
from anxin.kernel.timetable import moment_of, ticks
from anxin.kernel.worktime import DAY_OFF, OFFICE_DAY, Calendar, CalendarError, hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = holidays.calendar_for(range(2024, 2027))
SHIFTS = Calendar((hours("08:00-12:00", "14:00-16:00", "19:00-21:30"),) * 7)
NIGHT = Calendar((hours("00:00-06:00", "22:00-24:00"),) * 7)
MIXED = Calendar(
    (hours("09:00-12:00", "13:00-18:00"),) * 4 + (hours("00:00-01:30", "23:00-24:00"), DAY_OFF, hours("10:07-10:08")),
    {date(2026, 2, 11): hours("09:00-12:00"), date(2026, 2, 12): DAY_OFF, date(2026, 2, 14): OFFICE_DAY},
)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def clock(measure: Measure, amount: int, start: str, *pauses: tuple[str, str | None]) -> Clock:
    return Clock(
        Term(measure, amount), at(start),
        tuple(Pause(at(begin), at(end) if end else None, "customer") for begin, end in pauses),
    )  # fmt: skip


def due(one: Clock, calendar: Calendar = CHINA, now: str = "2026-12-01 12:00") -> datetime:
    return promises.due_at(one, calendar, at(now)).astimezone(SHANGHAI)


# --- one written example for each known trap ---


def test_midnight_two_working_hours_begun_at_a_quarter_to_twelve_go_on_after_it() -> None:
    assert due(clock(Measure.WORKING_MINUTES, 120, "2026-03-02 23:15"), NIGHT) == at("2026-03-03 01:15")


def test_midnight_a_promise_in_days_ends_with_its_last_day_whenever_it_began() -> None:
    for start in ("2026-03-02 00:00", "2026-03-02 09:30", "2026-03-02 23:59"):
        assert due(clock(Measure.NATURAL_DAYS, 15, start)) == at("2026-03-18 00:00")


def test_golden_week_of_october_both_clocks_side_by_side() -> None:
    # Off 1–7 October, Sunday 20 September and Saturday 10 October worked (State Council notice for 2026).
    assert due(clock(Measure.NATURAL_DAYS, 15, "2026-09-24 10:00")) == at("2026-10-10 00:00")
    assert due(clock(Measure.WORKING_DAYS, 3, "2026-09-30 10:00")) == at("2026-10-11 00:00")
    assert due(clock(Measure.WORKING_MINUTES, 60, "2026-09-30 17:30")) == at("2026-10-08 09:30")
    assert due(clock(Measure.MINUTES, 60, "2026-09-30 17:30")) == at("2026-09-30 18:30")


def test_golden_week_of_spring_begins_after_a_saturday_that_is_worked() -> None:
    assert due(clock(Measure.WORKING_DAYS, 2, "2026-02-13 10:00")) == at("2026-02-25 00:00")
    assert due(clock(Measure.SUNSET, 0, "2026-02-14 10:00")) == at("2026-02-14 18:00")
    assert due(clock(Measure.SUNSET, 0, "2026-02-14 18:00")) == at("2026-02-24 18:00")


def test_month_end_and_leap_day_are_days_like_others() -> None:
    assert due(clock(Measure.NATURAL_DAYS, 30, "2026-01-31 10:00")) == at("2026-03-03 00:00")
    assert due(clock(Measure.NATURAL_DAYS, 1, "2024-02-28 10:00")) == at("2024-03-01 00:00")
    assert due(clock(Measure.NATURAL_DAYS, 1, "2026-02-28 10:00")) == at("2026-03-02 00:00")
    assert due(clock(Measure.WORKING_DAYS, 1, "2025-12-31 10:00")) == at("2026-01-05 00:00")  # Sunday 4 January worked


def test_lunch_and_split_shifts_do_not_count() -> None:
    assert due(clock(Measure.WORKING_MINUTES, 60, "2026-03-02 11:30")) == at("2026-03-02 13:30")
    assert due(clock(Measure.WORKING_MINUTES, 180, "2026-03-02 11:00"), SHIFTS) == at("2026-03-02 16:00")
    assert due(clock(Measure.WORKING_MINUTES, 181, "2026-03-02 11:00"), SHIFTS) == at("2026-03-02 19:01")


def test_sunset_is_the_end_of_work_today_or_tomorrow_once_work_is_over() -> None:
    assert due(clock(Measure.SUNSET, 0, "2026-03-02 17:59")) == at("2026-03-02 18:00")
    assert due(clock(Measure.SUNSET, 0, "2026-03-02 18:00")) == at("2026-03-03 18:00")
    assert due(clock(Measure.SUNSET, 0, "2026-03-07 10:00")) == at("2026-03-09 18:00")  # a Saturday
    assert due(clock(Measure.SUNSET, 0, "2026-03-02 20:00"), SHIFTS) == at("2026-03-02 21:30")


def test_a_calendar_edit_moves_what_is_due() -> None:
    one = clock(Measure.WORKING_DAYS, 3, "2026-03-02 10:00")
    flood = Calendar(CHINA.weekly_hours, {**CHINA.exceptions, date(2026, 3, 4): DAY_OFF}, years=CHINA.years)
    assert due(one) == at("2026-03-06 00:00")
    assert due(one, flood) == at("2026-03-07 00:00")


def test_a_year_without_published_holidays_is_told() -> None:
    year = max(holidays.published_years()) + 1
    calendar = holidays.calendar_for(range(year - 1, year))
    started = datetime(year - 1, 12, 28, 10, tzinfo=SHANGHAI)
    for measure, told in ((Measure.WORKING_DAYS, (year,)), (Measure.NATURAL_DAYS, ())):
        assert promises.read(Clock(Term(measure, 20), started), calendar, started).unpublished == told


def test_a_paused_clock_counts_neither_minutes_nor_days() -> None:
    assert due(clock(Measure.WORKING_MINUTES, 120, "2026-03-02 11:00", ("2026-03-02 11:30", "2026-03-02 17:30"))) == at(
        "2026-03-03 10:00"
    )
    # Three midnights pass in the pause: three days more.
    pause = ("2026-03-05 10:00", "2026-03-08 16:00")
    assert due(clock(Measure.NATURAL_DAYS, 15, "2026-03-02 10:00", pause)) == at("2026-03-21 00:00")
    # Thursday and Friday end in the pause, the weekend would not have counted.
    assert due(clock(Measure.WORKING_DAYS, 5, "2026-03-02 10:00", pause)) == at("2026-03-12 00:00")
    assert due(clock(Measure.NATURAL_DAYS, 15, "2026-03-02 10:00", ("2026-03-05 10:00", "2026-03-05 16:00"))) == at(
        "2026-03-18 00:00"
    )


def test_a_pause_on_the_last_day_is_not_overtaken_by_its_end() -> None:
    one = clock(Measure.NATURAL_DAYS, 3, "2026-03-02 10:00", ("2026-03-05 10:00", "2026-03-07 10:00"))
    assert due(one) == at("2026-03-08 00:00")


def test_a_clock_that_stands_still_is_due_later_with_every_day() -> None:
    one = clock(Measure.NATURAL_DAYS, 15, "2026-03-02 10:00", ("2026-03-10 10:00", None))
    assert due(one, now="2026-03-10 12:00") == at("2026-03-18 00:00")
    assert due(one, now="2026-03-14 12:00") == at("2026-03-22 00:00")
    reading = promises.read(one, CHINA, at("2026-03-14 12:00"))
    assert (reading.phase, reading.elapsed, reading.days_left) == (Phase.PAUSED, timedelta(days=8), 7)


def test_new_facts_start_the_clock_anew_and_end_what_was_granted() -> None:
    one = clock(Measure.NATURAL_DAYS, 15, "2026-03-02 10:00", ("2026-03-04 10:00", "2026-03-06 10:00"))
    one = promises.extend(one, CHINA, Extension(at("2026-03-10 10:00"), 15, "complex", "unit"))
    assert due(one) == at("2026-04-04 00:00")
    assert due(promises.restart(one, at=at("2026-03-12 10:00"))) == at("2026-03-28 00:00")


def test_an_extension_is_granted_before_the_promise_is_due_and_not_after() -> None:
    one = clock(Measure.NATURAL_DAYS, 15, "2026-03-02 10:00")
    assert promises.extend(one, CHINA, Extension(at("2026-03-17 23:59"), 15, "complex")).amount == 30
    with pytest.raises(ClockRefused) as refused:
        promises.extend(one, CHINA, Extension(at("2026-03-18 00:00"), 15, "complex"))
    assert refused.value.reason is Refusal.LATE


def test_lights_change_at_four_fifths_and_at_the_due_moment() -> None:
    one = clock(Measure.WORKING_MINUTES, 100, "2026-03-02 09:00")
    for now, light in (("10:19", Light.GREEN), ("10:20", Light.AMBER), ("10:39", Light.AMBER), ("10:40", Light.RED)):
        assert promises.read(one, CHINA, at(f"2026-03-02 {now}")).light is light
    late = promises.read(one, CHINA, at("2026-03-02 14:00"))
    assert (late.remaining, late.is_late, late.share) == (-timedelta(minutes=140), True, 2.4)


def test_what_is_done_at_the_due_moment_is_too_late() -> None:
    one = clock(Measure.MINUTES, 60, "2026-03-02 09:00")
    for done, phase in (("09:59", Phase.KEPT), ("10:00", Phase.BROKEN)):
        finished = promises.finish(one, at=at(f"2026-03-02 {done}"))
        assert promises.read(finished, CHINA, at("2026-06-01 09:00")).phase is phase
        assert promises.is_kept(due(one), at(f"2026-03-02 {done}")) == (phase is Phase.KEPT)


def test_a_reopened_clock_does_not_count_the_time_it_was_done() -> None:
    done = promises.finish(clock(Measure.MINUTES, 60, "2026-03-02 09:00"), at=at("2026-03-02 09:30"))
    assert due(promises.reopen(done, at=at("2026-03-05 09:00"))) == at("2026-03-05 09:30")


RUNNING = clock(Measure.MINUTES, 60, "2026-03-02 09:00")
PAUSED = promises.pause(RUNNING, CHINA, at=at("2026-03-02 09:10"), reason="customer")
DONE = promises.finish(RUNNING, at=at("2026-03-02 09:30"))


@pytest.mark.parametrize(
    ("set_it", "reason"),
    [
        (lambda: promises.pause(PAUSED, CHINA, at=at("2026-03-02 09:20"), reason="x"), Refusal.PAUSED),
        (lambda: promises.pause(RUNNING, CHINA, at=at("2026-03-02 08:59"), reason="x"), Refusal.BACKWARDS),
        (lambda: promises.pause(RUNNING, CHINA, at=at("2026-03-02 10:00"), reason="x"), Refusal.LATE),
        (lambda: promises.pause(DONE, CHINA, at=at("2026-03-02 09:40"), reason="x"), Refusal.FINISHED),
        (lambda: promises.resume(RUNNING, at=at("2026-03-02 09:40")), Refusal.NOT_PAUSED),
        (lambda: promises.resume(PAUSED, at=at("2026-03-02 09:09")), Refusal.BACKWARDS),
        (lambda: promises.restart(RUNNING, at=at("2026-03-02 08:00")), Refusal.BACKWARDS),
        (lambda: promises.finish(RUNNING, at=at("2026-03-02 08:00")), Refusal.BACKWARDS),
        (lambda: promises.finish(DONE, at=at("2026-03-02 10:00")), Refusal.FINISHED),
        (lambda: promises.reopen(RUNNING, at=at("2026-03-02 10:00")), Refusal.NOT_PAUSED),
        (
            lambda: promises.extend(RUNNING, CHINA, Extension(at("2026-03-02 09:10"), 0, "x")),
            Refusal.NOTHING,
        ),
    ],
)
def test_a_clock_is_not_set_against_sense(set_it: Callable[[], Clock], reason: Refusal) -> None:
    with pytest.raises(ClockRefused) as refused:
        set_it()
    assert refused.value.reason is reason


def test_moments_without_timezone_and_empty_terms_are_refused() -> None:
    with pytest.raises(CalendarError):
        promises.due_at(Clock(Term(Measure.MINUTES, 5), datetime(2026, 3, 2)), CHINA, at("2026-03-02 09:00"))
    for measure, amount in ((Measure.MINUTES, 0), (Measure.WORKING_DAYS, -1)):
        with pytest.raises(ValueError, match="term"):
            Term(measure, amount)


def test_a_queue_that_two_people_cannot_empty_in_time_is_foreseen() -> None:
    now = at("2026-03-02 17:00")
    waiting = [backlog.Waiting(key, at("2026-03-02 18:00"), 40) for key in "abc"]
    found = backlog.forecast(waiting, CHINA, now, staff=2)
    assert [one.key for one in found if one.is_late] == ["c"]
    assert found[2].done_at.astimezone(SHANGHAI) == at("2026-03-03 09:20")
    assert not any(one.is_late for one in backlog.forecast(waiting, CHINA, now, staff=3))


# --- an oracle that steps through every minute ---

CALENDARS = st.sampled_from([CHINA, SHIFTS, NIGHT, MIXED])
STARTS = st.integers(0, 60 * 24 * 50).map(lambda minute: at("2026-01-20 00:00") + minute * MINUTE)
GAPS = st.lists(st.tuples(st.integers(0, 60 * 24 * 6), st.integers(0, 60 * 24 * 4)), max_size=3)


def spans(calendar: Calendar, day: date) -> tuple[tuple[int, int], ...]:
    return calendar.exceptions.get(day, calendar.weekly_hours[day.weekday()]).spans


def stands_still(one: Clock, moment: datetime) -> bool:
    return any(gap.start <= moment < gap.end for gap in one.pauses if gap.end)


def oracle_of_minutes(one: Clock, calendar: Calendar) -> datetime:
    moment, left = one.started_at, one.term.amount
    while left:
        minute = moment.hour * 60 + moment.minute
        works = one.term.measure is Measure.MINUTES or any(
            begin <= minute < end for begin, end in spans(calendar, moment.date())
        )
        left -= works and not stands_still(one, moment)
        moment += MINUTE
    return moment


def oracle_of_days(one: Clock, calendar: Calendar) -> datetime:
    moment, left = one.started_at, one.term.amount + 1
    while True:
        moment += MINUTE
        day = (moment - MINUTE).date()
        is_first = day == one.started_at.date()
        minute = (moment - MINUTE).hour * 60 + (moment - MINUTE).minute + 1
        worked = spans(calendar, day)
        if one.term.measure is Measure.SUNSET:
            ends = bool(worked) and minute == worked[-1][1]
        else:
            ends = minute == 24 * 60 and (one.term.measure is Measure.NATURAL_DAYS or is_first or bool(worked))
        left -= ends and not stands_still(one, moment - MINUTE)
        if not left:
            return moment


@settings(max_examples=80, deadline=None)
@given(CALENDARS, STARTS, st.sampled_from(Measure), st.integers(1, 700), GAPS)
def test_due_agrees_with_counting_every_minute(
    calendar: Calendar, start: datetime, measure: Measure, amount: int, gaps: list[tuple[int, int]]
) -> None:
    term = Term(measure, amount % 12 if measure not in {Measure.MINUTES, Measure.WORKING_MINUTES} else amount)
    pauses = tuple(Pause(start + a * MINUTE, start + (a + b) * MINUTE, "x") for a, b in gaps)
    one = Clock(term, start, pauses)
    slow = (oracle_of_days if term.counts_days else oracle_of_minutes)(one, calendar)
    assert promises.due_at(one, calendar, start) == slow


@settings(max_examples=100, deadline=None)
@given(
    CALENDARS, STARTS, st.sampled_from(Measure), st.integers(1, 20), GAPS, st.integers(0, 60 * 24 * 5),
    st.integers(0, 60 * 24 * 20),
)  # fmt: skip
def test_more_pause_and_more_time_never_make_it_due_earlier(
    calendar: Calendar,
    start: datetime,
    measure: Measure,
    amount: int,
    gaps: list[tuple[int, int]],
    more: int,
    then: int,
) -> None:
    pauses = tuple(Pause(start + a * MINUTE, start + (a + b) * MINUTE, "x") for a, b in gaps)
    one = Clock(Term(measure, amount), start, pauses)
    now = start + then * MINUTE
    found = promises.due_at(one, calendar, now)
    longer = Clock(one.term, start, (*pauses, Pause(now - min(more, then) * MINUTE, now, "y")))
    assert promises.due_at(longer, calendar, now) >= found
    assert promises.due_at(Clock(Term(measure, amount + 1), start, pauses), calendar, now) > found
    reading = promises.read(one, calendar, now)
    assert start <= reading.amber_at <= reading.due_at
    assert (reading.remaining > timedelta()) <= (not reading.is_late) == (now < found)
    assert promises.load(promises.dump(one)) == one


@settings(max_examples=25, deadline=None)
@given(CALENDARS, STARTS, st.integers(0, 60 * 24 * 800), st.integers(0, 5000))
def test_the_quick_table_answers_as_the_calendar_does(
    calendar: Calendar, start: datetime, span: int, minutes: int
) -> None:
    table = Calendar(calendar.weekly_hours, calendar.exceptions).timetable
    end = start + span * MINUTE
    begin, finish = (ticks(moment.astimezone(UTC)) for moment in (start, end))
    assert timedelta(microseconds=table.work_between(begin, finish)) == calendar.working_time_between(start, end)
    assert table.work_between(finish, begin) == -table.work_between(begin, finish)
    due = moment_of(table.add_work(begin, minutes * 60_000_000))
    assert due == calendar.add_working_time(start, minutes * MINUTE)
    day = start.date()
    assert date.fromordinal(table.nth_working_day(day.toordinal() + 1, minutes % 40 + 1)) == calendar.add_working_days(
        day, minutes % 40 + 1
    )
