"""Figures of the call centre by example, and messages that overtake one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from anxin.service.desk.rules import call_figures, calling, telephony
from anxin.service.desk.rules.call_figures import CallFacts, ServiceLevel
from anxin.service.desk.rules.telephony import AgentState, CallState, Happening

MORNING = datetime(2026, 10, 12, 9, tzinfo=UTC)
CALLS = [
    *(CallFacts(wanted_human=True, answered=True, wait=wait, talk=100, hold=10, after_work=20) for wait in (5, 20, 21)),
    CallFacts(wanted_human=True, answered=False, wait=3),
    CallFacts(wanted_human=True, answered=False, wait=40),
    CallFacts(wanted_human=False, answered=False, wait=0),
]


@pytest.mark.parametrize(
    ("variant", "wanted"),
    [
        (ServiceLevel.WITHOUT_SHORT_ABANDONED, 2 / 4), (ServiceLevel.ANSWERED_AND_ABANDONED, 2 / 5),
        (ServiceLevel.ANSWERED, 2 / 3),
    ],
)  # fmt: skip
def test_the_service_level_says_what_it_is_divided_by(variant: ServiceLevel, wanted: float) -> None:
    level = call_figures.measure(CALLS, variant=variant).service_level
    assert level.value == pytest.approx(wanted)
    assert level.variant == call_figures.VARIANTS[variant]


def test_the_other_figures() -> None:
    found = call_figures.measure(CALLS)
    assert (found.offered, found.answered, found.abandoned) == (5, 3, 2)
    assert found.human_answer_rate.value == pytest.approx(3 / 5)
    assert found.abandonment.value == pytest.approx(1 / 5)
    assert found.asa.value == pytest.approx(46 / 3)
    assert found.aht.value == pytest.approx(130)
    assert call_figures.occupancy(300, 100).value == pytest.approx(0.75)


def test_nothing_to_divide_by_is_no_figure() -> None:
    found = call_figures.measure([])
    assert {found.service_level.value, found.asa.value, found.human_answer_rate.value} == {None}


def test_a_repeat_within_seven_days_was_not_solved_at_once() -> None:
    one, two = UUID(int=1), UUID(int=2)
    contacts = [
        (one, "claim", MORNING), (one, "claim", MORNING + timedelta(days=7)), (one, "bill", MORNING),
        (two, "claim", MORNING), (two, "claim", MORNING + timedelta(days=7, seconds=1)),
    ]  # fmt: skip
    found = call_figures.first_contact_resolution(contacts, until=MORNING + timedelta(days=30))
    assert (found.numerator, found.denominator) == (4, 5)
    young = call_figures.first_contact_resolution(contacts, until=MORNING + timedelta(days=7))
    assert (young.numerator, young.denominator) == (2, 3)


def test_every_variant_is_counted_and_added_up_by_groups() -> None:
    found = call_figures.measure(CALLS)
    assert [one.value for one in found.levels] == pytest.approx([2 / 5, 2 / 4, 2 / 3])
    assert [one.value for one in found.abandonments] == pytest.approx([1 / 5, 2 / 5, 1 / 4])
    assert found.in_menu == 1
    unseen = CallFacts(wanted_human=True, answered=True, wait=1, talk=9_999, is_whole=False)
    assert call_figures.measure([*CALLS, unseen]).aht.value == pytest.approx(130)
    parts = [replace(one, queue="ab"[number % 2]) for number, one in enumerate(CALLS)]
    groups = call_figures.grouped(parts, lambda one: one.queue)
    assert [key for key, _metrics in groups] == ["a", "b"]
    assert sum(one.service_level.numerator for _key, one in groups) == found.service_level.numerator
    assert sum(one.aht.numerator for _key, one in groups) == found.aht.numerator


@pytest.mark.parametrize(
    ("kinds", "said", "wanted"),
    [
        ({"menu", "ended"}, None, False), ({"menu", "queued", "ended"}, False, True), ({"ended"}, None, True),
        ({"menu", "ringing"}, None, True), ({"ringing"}, False, False), ({"ringing", "answered"}, False, True),
        ({"recording"}, None, True), ({"menu"}, True, True),
    ],
)  # fmt: skip
def test_who_asked_for_a_person(kinds: set[str], said: bool | None, wanted: bool) -> None:
    assert telephony.wanted_human(kinds, said) is wanted


def test_the_keys_of_the_menu_have_words() -> None:
    points = calling.menu_points(calling.CALL_DEFAULT)
    way = calling.on_the_way(("2", "0", "7"), points)
    assert [(key, point.label_zh if point else None) for key, point in way] == [
        ("2", "咨询"), ("0", "转人工"), ("7", None),
    ]  # fmt: skip
    assert calling.on_the_way(("0",), points)[0][1] == points["0"]


def test_the_shipped_scheme_stands_and_a_bad_one_is_told() -> None:
    assert calling.call_problems(calling.CALL_DEFAULT) == []
    rows = calling.CALL_DEFAULT["wrap_codes"]
    assert isinstance(rows, list)
    bad = {
        **calling.CALL_DEFAULT, "wrap_codes": [rows[0], rows[0]], "level_variant": "best", "answer_seconds": 0,
        "max_occupancy": 10_000, "shrinkage": 9_001,
    }  # fmt: skip
    assert {one.path for one in calling.call_problems(bad)} == {
        "wrap_codes.2.code", "level_variant", "answer_seconds", "max_occupancy", "shrinkage",
    }  # fmt: skip


def test_messages_may_come_in_any_order() -> None:
    for order in permutations([Happening.RINGING, Happening.ANSWERED, Happening.ENDED, Happening.RECORDING]):
        state: CallState | None = None
        for happening in order:
            state = telephony.after(state, happening)
        assert state is CallState.ENDED, order


def test_an_agent_is_busy_with_a_call_and_writes_afterwards() -> None:
    assert telephony.agent_after(AgentState.AVAILABLE, Happening.RINGING) is AgentState.AVAILABLE
    assert telephony.agent_after(AgentState.AVAILABLE, Happening.ANSWERED) is AgentState.ON_CALL
    assert telephony.agent_after(AgentState.ON_CALL, Happening.ENDED) is AgentState.WRAP_UP
    assert telephony.agent_after(AgentState.ON_CALL, Happening.ENDED, has_other_call=True) is AgentState.ON_CALL
    assert telephony.agent_after(AgentState.BREAK, Happening.ENDED) is AgentState.BREAK
