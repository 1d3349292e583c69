from datetime import UTC, datetime
from enum import StrEnum

import pytest

from anxin.kernel.states import IllegalTransition, StaleState, Transition, Workflow, WorkflowError


class State(StrEnum):
    NEW = "new"
    OPEN = "open"
    CLOSED = "closed"


TABLE = Workflow(
    State,
    State.NEW,
    [
        Transition("accept", State.NEW, State.OPEN),
        Transition("close", {State.NEW, State.OPEN}, State.CLOSED, permission="close"),
        Transition("reopen", [State.CLOSED], State.OPEN, permission="reopen"),
    ],
)


def test_a_move_of_the_table_names_its_target_and_permission() -> None:
    move = TABLE.move(State.NEW, "close")
    assert (move.to_state, move.permission) == (State.CLOSED, "close")


def test_stored_text_works_as_well_as_enum_members() -> None:
    assert TABLE.move("new", "accept").to_state == "open"


def test_an_illegal_move_says_state_action_and_what_is_possible() -> None:
    with pytest.raises(IllegalTransition) as caught:
        TABLE.move(State.OPEN, "accept")
    assert caught.value.allowed == ("close",)
    assert "“accept”" in str(caught.value)
    assert "“open”" in str(caught.value)
    assert "close" in str(caught.value)


def test_buttons_follow_table_and_permission() -> None:
    assert [move.action for move in TABLE.allowed(State.NEW, lambda permission: False)] == ["accept"]
    assert [move.action for move in TABLE.allowed(State.NEW, {"close"}.__contains__)] == ["accept", "close"]


def test_every_button_shown_can_be_pressed_and_no_other() -> None:
    actions = {move.action for move in TABLE.transitions}
    for state in TABLE.states:
        shown = {move.action for move in TABLE.allowed(state)}
        for action in actions:
            if action in shown:
                assert state in TABLE.move(state, action).from_states
            else:
                with pytest.raises(IllegalTransition):
                    TABLE.move(state, action)


def test_final_states_are_those_nothing_leaves() -> None:
    assert TABLE.final_states == frozenset()
    assert Workflow(["a", "b"], "a", [Transition("go", "a", "b")]).final_states == {"b"}


@pytest.mark.parametrize(
    ("states", "initial", "transitions", "message"),
    [
        (["a", "a"], "a", [], "twice"),
        (["a"], "x", [], "initial"),
        (["a"], "a", [Transition("go", "a", "x")], "unknown"),
        (["a"], "a", [Transition("go", "x", "a")], "unknown"),
        (["a"], "a", [Transition("go", [], "a")], "no state"),
        (["a", "b"], "a", [Transition("go", "a", "b"), Transition("go", "a", "a")], "twice"),
        (["a", "b", "c"], "a", [Transition("go", "b", "c"), Transition("back", "c", "b")], "No way leads to: b, c"),
    ],
)
def test_a_wrong_table_is_refused_when_built(
    states: list[str], initial: str, transitions: list[Transition], message: str
) -> None:
    with pytest.raises(WorkflowError, match=message):
        Workflow(states, initial, transitions)


def test_an_unknown_state_is_a_programming_mistake_not_an_illegal_move() -> None:
    with pytest.raises(WorkflowError):
        TABLE.move("nowhere", "accept")


def test_a_stale_state_tells_who_and_when() -> None:
    error = StaleState(State.CLOSED, 7, "li.na", datetime(2026, 3, 1, tzinfo=UTC))
    assert error.version == 7
    for part in ("li.na", "2026-03-01", "closed", "7"):
        assert part in str(error)
