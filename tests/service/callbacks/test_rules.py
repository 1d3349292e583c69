"""The clock of the cooling-off period, what an attempt leads to, and the shipped questionnaires. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from anxin.kernel import holidays
from anxin.kernel.worktime import Calendar
from anxin.service.callbacks.data import Action, Kind, Outcome, State
from anxin.service.callbacks.rules import due, flow, scheme
from tests.build.people import NOW

RULES: Any = scheme.RULE_DEFAULT


def _calendar() -> Calendar:
    return holidays.calendar_for(range(2025, 2027))


def test_the_day_of_the_receipt_is_not_counted_and_the_last_day_counts_to_midnight() -> None:
    found = due.due_after(date(2026, 11, 1), 15, "natural_days", _calendar(), 60)
    assert found.ends == date(2026, 11, 16)
    assert found.due_at == datetime(2026, 11, 16, 16, tzinfo=UTC)
    assert found.amber_at < found.due_at


@pytest.mark.parametrize(
    ("start", "days", "ends"),
    [
        (date(2026, 1, 31), 15, date(2026, 2, 15)),
        (date(2026, 2, 20), 15, date(2026, 3, 7)),  # over the end of February
        (date(2028, 2, 20), 15, date(2028, 3, 6)),  # of a leap year
        (date(2025, 12, 25), 10, date(2026, 1, 4)),
        (date(2025, 9, 25), 15, date(2025, 10, 10)),  # natural days run through the golden week
    ],
)
def test_natural_days_run_over_ends_of_months_and_holidays(start: date, days: int, ends: date) -> None:
    assert due.due_after(start, days, "natural_days", _calendar(), 60).ends == ends


def test_working_days_of_a_site_stand_still_in_the_golden_week() -> None:
    # 2025: 1 to 8 October are free, 28 September and 11 October are worked days.
    calendar = _calendar()
    found = due.due_after(date(2025, 9, 26), 5, "working_days", calendar, 60)
    slow, left = date(2025, 9, 26), 5
    while left:
        slow += timedelta(days=1)
        left -= calendar.is_working_day(slow)
    assert found.ends == slow == date(2025, 10, 10)


def test_the_product_says_how_long_before_the_first_row_that_fits_and_the_general_rule() -> None:
    rules = {**RULES, "cooling": [{"channel": "bancassurance", "line": "any", "days": 20}], "cooling_days": 10}
    assert due.cooling_days(rules, channel="bancassurance", line="life", product_days=None) == 20
    assert due.cooling_days(rules, channel="agent", line="life", product_days=None) == 10
    assert due.cooling_days(rules, channel="bancassurance", line="life", product_days=30) == 30
    assert due.cooling_days(rules, channel="agent", line="life", product_days=0) == 10


def test_without_a_receipt_or_with_one_that_lies_ahead_the_day_is_assumed() -> None:
    today, accepted = date(2026, 11, 23), date(2026, 11, 3)
    assert due.begins(date(2026, 11, 10), accepted, today=today, assumed_days=15) == (date(2026, 11, 10), False)
    assert due.begins(None, accepted, today=today, assumed_days=15) == (date(2026, 11, 18), True)
    assert due.begins(date(2026, 11, 24), accepted, today=today, assumed_days=15) == (date(2026, 11, 18), True)


def test_only_terms_longer_than_a_year_of_single_persons_need_one() -> None:
    lines = scheme.codes(RULES["lines"])

    def needs(expiry: date | None, line: str = "life", is_group: bool = False) -> bool:
        return due.needs_call(effective=date(2024, 1, 1), expiry=expiry, line=line, lines=lines, is_group=is_group)

    assert needs(None) and needs(date(2034, 1, 1))
    assert not needs(date(2025, 1, 1))  # one year, of 366 days
    assert not needs(None, line="motor") and not needs(None, is_group=True)


def test_nobody_is_tried_again_at_night() -> None:
    evening = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 17:30
    assert due.next_try(evening, 4, 9, 20) == due.start_of(date(2026, 11, 24)) + timedelta(hours=9)
    assert due.next_try(NOW, 4, 9, 20) == NOW + timedelta(hours=4)


def test_the_last_evening_has_another_try_before_the_end() -> None:
    midnight = due.start_of(date(2026, 11, 24))
    evening = midnight - timedelta(hours=7)  # 17:00, in four hours nobody is called any more
    assert due.next_try(evening, 4, 9, 20, due_at=midnight) == midnight - timedelta(hours=5, minutes=30)
    # An end in the early morning: the evening before is the last that counts.
    assert due.next_try(evening, 4, 9, 20, due_at=midnight + timedelta(hours=8)) == midnight - timedelta(hours=5.5)
    # Nothing is left of the day, or the end is past: as without an end.
    for at, end in ((midnight - timedelta(hours=4, minutes=15), midnight), (evening, evening - timedelta(hours=1))):
        assert due.next_try(at, 4, 9, 20, due_at=end) == midnight + timedelta(hours=9)
    assert due.next_try(evening, 4, 9, 20, due_at=midnight + timedelta(days=1)) == midnight + timedelta(hours=9)


def test_a_second_call_back_ends_with_the_period_while_that_runs() -> None:
    asked = NOW + timedelta(days=5)
    assert due.second_due(asked, NOW + timedelta(days=3), NOW) == NOW + timedelta(days=3)
    assert due.second_due(asked, NOW + timedelta(days=9), NOW) == asked == due.second_due(asked, None, NOW)
    assert due.second_due(asked, NOW - timedelta(days=1), NOW) == asked


@pytest.mark.parametrize(
    ("outcome", "kind", "attempts", "action"),
    [
        (Outcome.NO_ANSWER, Kind.NEW_BUSINESS, 1, Action.RETURN),
        (Outcome.NO_ANSWER, Kind.NEW_BUSINESS, 5, Action.FALL_BACK),
        (Outcome.NO_ANSWER, Kind.CARE, 5, Action.FAIL),
        (Outcome.REFUSED, Kind.NEW_BUSINESS, 1, Action.FALL_BACK),
        (Outcome.REFUSED, Kind.SATISFACTION, 1, Action.FAIL),
        (Outcome.WRONG_NUMBER, Kind.NEW_BUSINESS, 1, Action.FALL_BACK),
        (Outcome.AGAIN, Kind.CLAIM, 9, Action.RETURN),
    ],
)
def test_what_the_law_wants_goes_on_by_another_way_when_the_telephone_fails(
    outcome: Outcome, kind: Kind, attempts: int, action: Action
) -> None:
    again = NOW + timedelta(days=1)
    found = flow.after_attempt(outcome, kind=kind, attempts=attempts, again_at=again, now=NOW, rules=RULES)
    assert found.action is action
    flow.WORKFLOW.move(State.CALLING, found.action)


def test_new_business_has_the_seven_items_and_the_recording_where_sales_are_recorded() -> None:
    questions = scheme.questions_of(scheme.QUESTION_DEFAULT, Kind.NEW_BUSINESS)
    codes = [one.code for one in questions]
    assert codes[:7] == ["identity", "signed", "read", "cover", "surrender", "cooling_off", "payment"]
    assert [one.code for one in flow.asked_of(questions, "online")] == codes[:7]
    assert [one.code for one in flow.asked_of(questions, "bancassurance")] == [*codes[:7], "recording"]


def test_answers_are_missing_a_problem_or_a_score() -> None:
    questions = scheme.questions_of(scheme.QUESTION_DEFAULT, Kind.SATISFACTION)
    assert flow.missing(questions, {"identity": "yes"}) == ["solved", "score"]
    answers = {"identity": "yes", "solved": "no", "score": "2"}
    assert flow.missing(questions, answers) == [] and flow.problems(questions, answers) == ["solved", "score"]
    assert flow.score_of(questions, answers) == 2


def test_the_shipped_rules_and_questions_stand_their_own_test_and_bad_ones_do_not() -> None:
    assert scheme.rule_problems(scheme.RULE_DEFAULT) == [] and scheme.question_problems(scheme.QUESTION_DEFAULT) == []
    bad = {**RULES, "cooling_days": 0, "measure": "weeks", "call_from_hour": 20, "renewal_who": "x"}
    assert {one.path for one in scheme.rule_problems(bad)} == {
        "cooling_days", "measure", "call_until_hour", "renewal_who",
    }  # fmt: skip
    questions: Any = scheme.QUESTION_DEFAULT
    without_identity = {**questions, "questions": questions["questions"][1:]}
    assert {one.path for one in scheme.question_problems(without_identity)} == {"questions.1.code"}
    scored = {**questions, "questions": [{**questions["questions"][0], "form": "score"}, *questions["questions"][1:]]}
    assert [one.path for one in scheme.question_problems(scored)] == ["questions.1.form"]
    twice = {**questions, "questions": [*questions["questions"], questions["questions"][1]]}
    assert [one.path for one in scheme.question_problems(twice)] == ["questions.26.code"]


def test_a_question_of_channels_is_asked_on_those_only() -> None:
    one = replace(scheme.questions_of(scheme.QUESTION_DEFAULT, Kind.CARE)[0], channels=frozenset({"online"}))
    assert one.is_asked("online") and not one.is_asked("agent")
