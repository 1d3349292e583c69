"""How a complaint moves: only by the table, never back in time, and to its end only with an outcome and its proof."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from anxin.kernel import holidays, promises
from anxin.kernel.states import IllegalTransition
from anxin.service.complaints.data import Refused, State
from anxin.service.complaints.rules import flow, terms
from anxin.service.complaints.rules.flow import Case

CHINA = ZoneInfo("Asia/Shanghai")
CALENDAR = holidays.calendar_for(range(2025, 2027))
TERMS = terms.TERM_DEFAULT
START = datetime(2026, 9, 24, 10, 14, tzinfo=CHINA)
ACTIONS = sorted({move.action for move in flow.WORKFLOW.transitions})


def told(action: str, at: datetime, case: Case) -> dict[str, Any]:
    """Facts with which a move is complete."""
    facts: dict[str, Any] = {"why": "客户来电说明", "told_how": "10:00 电话告知"}
    if action == "feed_back":
        facts |= {"findings": "资料审核停滞", "validity": "valid", "has_responsible": True}
    if action == "propose_plan":
        facts |= {"outcome": "met", "measures": "三日内赔付"}
    if action == "notify":
        facts |= {
            "finding": "属实", "basis": "合同第十二条", "remedies": "核查、调解、仲裁、诉讼", "way": "sms",
            "proof": "短信回执 1", "delivered_at": at,
        }  # fmt: skip
    if action == "merge":
        facts |= {"into": "TS1"}
    if action == "call_back":
        facts |= {"satisfaction": 4}
    return facts


def begin() -> Case:
    return flow.begin(at=START, received_at=START, content=TERMS)


def go(case: Case, *actions: str, hours: int = 1, **more: Any) -> Case:
    for action in actions:
        at = case.last_at + timedelta(hours=hours)
        case = flow.step(case, action, at=at, calendar=CALENDAR, content=TERMS, facts=told(action, at, case) | more)
    return case


def due(case: Case) -> datetime:
    assert case.clock is not None
    return promises.due_at(case.clock, CALENDAR, case.last_at)


TO_APPROVED = ("review", "dispatch", "feed_back", "propose_plan", "approve_plan")


def test_the_whole_way_leads_from_registration_to_the_archive() -> None:
    case = go(begin(), *TO_APPROVED, "notify", "execute", "call_back", "archive")
    assert (case.state, case.outcome, case.validity) == (State.ARCHIVED, "met", "valid")
    assert case.target is None and case.clock is not None and case.clock.done_at == case.told_at


def test_the_first_term_ends_with_the_fifteenth_natural_day() -> None:
    assert due(begin()) == datetime(2026, 10, 10, tzinfo=CHINA)


def test_the_unit_feeds_back_within_three_working_days_over_the_golden_week() -> None:
    case = go(begin(), "review", "dispatch", hours=1)
    assert case.target is not None
    assert promises.due_at(case.target, CALENDAR, case.last_at) == datetime(2026, 10, 1, tzinfo=CHINA)


def test_dispatch_is_due_on_the_same_day() -> None:
    case = go(begin(), "review")
    assert case.target is not None
    assert promises.due_at(case.target, CALENDAR, case.last_at) == datetime(2026, 9, 25, tzinfo=CHINA)


def test_extensions_go_to_thirty_and_to_sixty_days_and_no_further() -> None:
    case = go(begin(), "review", "extend")
    assert due(case) == datetime(2026, 10, 25, tzinfo=CHINA)
    case = go(case, "extend_again")
    assert due(case) == datetime(2026, 11, 24, tzinfo=CHINA)
    for action in ("extend", "extend_again"):
        with pytest.raises(Refused):
            go(case, action)


def test_an_extension_needs_the_word_to_the_complainant_and_comes_before_the_last_day() -> None:
    case = go(begin(), "review")
    with pytest.raises(Refused, match="told of the extension"):
        go(case, "extend", told_how="")
    with pytest.raises(Refused, match="too late"):
        go(case, "extend", hours=24 * 17)


def test_new_facts_start_the_term_anew_and_other_papers_do_not() -> None:
    case = go(begin(), "review", "dispatch")
    late = go(case, "supplement", hours=48, is_new=True)
    assert due(late) == datetime(2026, 10, 12, tzinfo=CHINA)
    assert due(go(case, "supplement", hours=48)) == due(case)


def test_an_appraisal_the_complainant_was_told_of_does_not_count() -> None:
    case = go(begin(), "review", "dispatch")
    with pytest.raises(Refused):
        go(case, "appraise", told_how="")
    paused = go(case, "appraise", hours=48)
    with pytest.raises(Refused, match="stands still"):
        go(paused, "feed_back")
    assert due(go(paused, "resume", hours=72)) == due(case) + timedelta(days=3)


def test_a_notice_lacking_one_item_of_the_law_is_refused() -> None:
    case = go(begin(), *TO_APPROVED)
    for item in ("finding", "basis", "remedies", "proof"):
        with pytest.raises(Refused) as error:
            go(case, "notify", **{item: " "})
        assert error.value.field == item


def test_the_decision_is_in_time_by_its_proof_not_by_when_it_was_typed_in() -> None:
    case = go(begin(), *TO_APPROVED)
    delivered = datetime(2026, 10, 9, 23, 0, tzinfo=CHINA)
    done = go(case, "notify", hours=24 * 20, delivered_at=delivered)
    assert done.clock is not None
    assert promises.read(done.clock, CALENDAR, done.last_at).phase is promises.Phase.KEPT


def test_findings_without_a_responsible_unit_are_refused_for_a_founded_complaint() -> None:
    case = go(begin(), "review", "dispatch")
    with pytest.raises(Refused, match="responsible"):
        go(case, "feed_back", has_responsible=False)
    assert go(case, "feed_back", has_responsible=False, validity="invalid").validity == "invalid"


def test_a_withdrawal_ends_the_procedure_on_its_day() -> None:
    case = go(begin(), "review")
    with pytest.raises(Refused):
        go(case, "withdraw", withdrawn_at=START - timedelta(days=1))
    ended = go(case, "withdraw")
    assert (ended.state, ended.outcome) == (State.WITHDRAWN, "withdrawn")


def test_a_check_is_asked_for_within_thirty_days_and_decided_within_thirty_more() -> None:
    case = go(begin(), *TO_APPROVED, "notify")
    with pytest.raises(Refused, match="within"):
        go(case, "ask_check", hours=24 * 32)
    asked = go(case, "ask_check", hours=24)
    assert asked.check == datetime(2026, 10, 26, tzinfo=CHINA)
    with pytest.raises(Refused, match="open"):
        go(go(asked, "execute", "call_back"), "archive")
    anew = go(asked, "overturn")
    assert anew.state is State.INVESTIGATING and anew.told_at is None and anew.outcome == ""


def test_time_does_not_go_back() -> None:
    with pytest.raises(Refused, match="before"):
        go(begin(), "review", hours=-1)


def outcome_of(case: Case, action: str, at: datetime, facts: dict[str, Any]) -> Case | None:
    """The next case, or None where the move was refused."""
    try:
        return flow.step(case, action, at=at, calendar=CALENDAR, content=TERMS, facts=facts)
    except (IllegalTransition, Refused):
        return None


class Moving(RuleBasedStateMachine):
    """Anybody does anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.case = begin()
        self.before = self.case
        self.action = ""

    def _try(self, action: str, hours: int, missing: int) -> None:
        at = self.case.last_at + timedelta(hours=hours)
        facts = told(action, at, self.case) | {"is_new": missing % 2 == 0}
        if missing:
            facts.pop(sorted(facts)[missing % len(facts)])
        found = outcome_of(self.case, action, at, facts)
        if found is not None:
            self.before, self.case, self.action = self.case, found, action

    @rule(action=st.sampled_from(ACTIONS), hours=st.integers(0, 400), missing=st.integers(0, 12))
    def anything(self, action: str, hours: int, missing: int) -> None:
        self._try(action, hours, missing)

    # Wild moves alone seldom come far: this one is always in the table.
    @precondition(lambda self: bool(flow.WORKFLOW.allowed(self.case.state)))
    @rule(which=st.integers(0, 30), hours=st.integers(0, 72))
    def something_listed(self, which: int, hours: int) -> None:
        moves = flow.WORKFLOW.allowed(self.case.state)
        self._try(moves[which % len(moves)].action, hours, 0)

    @invariant()
    def only_by_the_table(self) -> None:
        if self.action:
            assert self.case.state == flow.WORKFLOW.move(self.before.state, self.action).to_state

    @invariant()
    def clocks_do_not_run_back(self) -> None:
        assert self.case.last_at >= self.before.last_at
        old, new = self.before.clock, self.case.clock
        assert old is not None and new is not None
        assert new.runs_since >= old.runs_since
        if new.runs_since == old.runs_since:
            at = self.case.last_at
            assert promises.due_at(new, CALENDAR, at) >= promises.due_at(old, CALENDAR, self.before.last_at)
        # Never beyond sixty days of running time.
        assert new.amount <= 60

    @invariant()
    def the_end_has_its_outcome_and_proof(self) -> None:
        if self.case.state is State.ARCHIVED:
            assert self.case.outcome and self.case.told_at is not None
            assert self.case.check is None or self.action != "archive"
        if self.case.state in flow.CLOSED:
            assert self.case.target is None and self.case.clock is not None and self.case.clock.done_at is not None


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Moving,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck), database=None, derandomize=True,
        ),
    )  # fmt: skip


def test_no_sequence_of_moves_breaks_the_procedure() -> None:
    run(200, 30)


@pytest.mark.slow
def test_no_long_sequence_of_moves_breaks_the_procedure() -> None:
    run(5_000, 50)


def test_without_its_guards_the_procedure_does_end_without_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what the machine above watches for does happen once the guards are off."""
    for guard in ("notify", "archive"):
        monkeypatch.delitem(flow._EFFECTS, guard)  # type: ignore[arg-type]
    watched = Moving()
    watched.case = go(begin(), *TO_APPROVED, "notify", "execute", "call_back", "archive")
    with pytest.raises(AssertionError):
        watched.the_end_has_its_outcome_and_proof()
