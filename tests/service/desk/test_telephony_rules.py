"""Figures of the call centre by example, and messages that overtake one another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from anxin.service.desk.rules import telephony
from anxin.service.desk.rules.telephony import AgentState, CallFacts, CallState, Happening, ServiceLevel

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
    level = telephony.measure(CALLS, variant=variant).service_level
    assert level.value == pytest.approx(wanted)
    assert level.variant == telephony.VARIANTS[variant]


def test_the_other_figures() -> None:
    found = telephony.measure(CALLS)
    assert (found.offered, found.answered, found.abandoned) == (5, 3, 2)
    assert found.human_answer_rate.value == pytest.approx(3 / 5)
    assert found.abandonment.value == pytest.approx(1 / 5)
    assert found.asa.value == pytest.approx(46 / 3)
    assert found.aht.value == pytest.approx(130)
    assert telephony.occupancy(300, 100).value == pytest.approx(0.75)


def test_nothing_to_divide_by_is_no_figure() -> None:
    found = telephony.measure([])
    assert {found.service_level.value, found.asa.value, found.human_answer_rate.value} == {None}


def test_a_repeat_within_seven_days_was_not_solved_at_once() -> None:
    one, two = UUID(int=1), UUID(int=2)
    contacts = [
        (one, "claim", MORNING), (one, "claim", MORNING + timedelta(days=7)), (one, "bill", MORNING),
        (two, "claim", MORNING), (two, "claim", MORNING + timedelta(days=7, seconds=1)),
    ]  # fmt: skip
    found = telephony.first_contact_resolution(contacts, until=MORNING + timedelta(days=30))
    assert (found.numerator, found.denominator) == (4, 5)
    young = telephony.first_contact_resolution(contacts, until=MORNING + timedelta(days=7))
    assert (young.numerator, young.denominator) == (2, 3)


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
