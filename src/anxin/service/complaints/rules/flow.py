"""How a complaint moves. Pure: a case goes in with a move and its facts, the next case comes out.

Sources: 银行业保险业消费投诉处理管理办法 (order no. 3 of 2020) by article. The flow of the house: register, review,
back to the first seat, dispatch, investigate, feed back, plan, decision, execution, call-back, archive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from anxin.kernel import promises
from anxin.kernel.promises import Clock, ClockRefused, Extension, Measure, Refusal, Term
from anxin.kernel.states import Transition, Workflow
from anxin.kernel.words import mark as _
from anxin.kernel.worktime import Calendar
from anxin.service.complaints.data import OUTCOMES, WAYS, Refused, State
from anxin.service.complaints.rules import terms

REGISTER, HANDLE, REVIEW = "complaints.register", "complaints.handle", "complaints.review"
APPROVE, SUPERIOR = "complaints.approve", "complaints.superior"
CLOSED: Final = frozenset({State.ARCHIVED, State.WITHDRAWN, State.MERGED, State.REFUSED})
_BEFORE_DECISION: Final = (
    State.REGISTERED, State.INCOMPLETE, State.ACCEPTED, State.INVESTIGATING, State.FED_BACK, State.PLANNED,
    State.APPROVED,
)  # fmt: skip
_AFTER_DECISION: Final = (State.NOTIFIED, State.EXECUTED, State.CALLED_BACK)
OPEN: Final = (*_BEFORE_DECISION, *_AFTER_DECISION)
_AT_WORK: Final = (State.ACCEPTED, State.INVESTIGATING, State.FED_BACK, State.PLANNED, State.APPROVED)


def _in_place(action: str, states: tuple[State, ...], permission: str) -> tuple[Transition, ...]:
    return tuple(Transition(action, state, state, permission) for state in states)


WORKFLOW: Final = Workflow(
    State,
    State.REGISTERED,
    (
        Transition("review", State.REGISTERED, State.ACCEPTED, REVIEW),
        Transition("send_back", State.REGISTERED, State.INCOMPLETE, REVIEW),
        Transition("complete", State.INCOMPLETE, State.REGISTERED, REGISTER),
        Transition("refuse", State.REGISTERED, State.REFUSED, REVIEW),
        Transition("dispatch", State.ACCEPTED, State.INVESTIGATING, REGISTER),
        Transition("feed_back", State.INVESTIGATING, State.FED_BACK, HANDLE),
        Transition("propose_plan", State.FED_BACK, State.PLANNED, HANDLE),
        Transition("approve_plan", State.PLANNED, State.APPROVED, APPROVE),
        Transition("reject_plan", State.PLANNED, State.FED_BACK, APPROVE),
        Transition("notify", State.APPROVED, State.NOTIFIED, HANDLE),
        Transition("execute", State.NOTIFIED, State.EXECUTED, HANDLE),
        Transition("call_back", State.EXECUTED, State.CALLED_BACK, REGISTER),
        Transition("archive", State.CALLED_BACK, State.ARCHIVED, REVIEW),
        # Side moves.
        *_in_place("redispatch", (State.INVESTIGATING, State.FED_BACK, State.APPROVED, State.NOTIFIED), HANDLE),
        *_in_place("recuse", (State.INVESTIGATING, State.FED_BACK, State.APPROVED, State.NOTIFIED), HANDLE),
        *_in_place("supplement", (State.REGISTERED, State.INCOMPLETE, State.ACCEPTED, State.INVESTIGATING), REGISTER),
        Transition("supplement", [State.FED_BACK, State.APPROVED], State.INVESTIGATING, REGISTER),
        Transition("merge", _BEFORE_DECISION, State.MERGED, REVIEW),
        Transition("withdraw", _BEFORE_DECISION, State.WITHDRAWN, REGISTER),
        *_in_place("supervise", OPEN, REVIEW),
        *_in_place("answer_supervision", OPEN, HANDLE),
        *_in_place("escalate", _BEFORE_DECISION, REGISTER),
        *_in_place("declare_major", _BEFORE_DECISION, REVIEW),
        *_in_place("extend", _AT_WORK, APPROVE),
        *_in_place("extend_again", _AT_WORK, SUPERIOR),
        *_in_place("appraise", _AT_WORK, HANDLE),
        *_in_place("mediate", _AT_WORK, HANDLE),
        *_in_place("resume", _AT_WORK, HANDLE),
        *_in_place("penalise", (*_AFTER_DECISION, State.ARCHIVED), REVIEW),
        *_in_place("ask_check", (*_AFTER_DECISION, State.ARCHIVED), REGISTER),
        *_in_place("uphold", (*_AFTER_DECISION, State.ARCHIVED), SUPERIOR),
        Transition("overturn", [*_AFTER_DECISION, State.ARCHIVED], State.INVESTIGATING, SUPERIOR),
        Transition("reopen", [State.ARCHIVED, State.WITHDRAWN], State.INVESTIGATING, REVIEW),
    ),
)  # fmt: skip
# The internal target of what is to be done next in a state.
TARGETS: Final[Mapping[State, str]] = {
    State.REGISTERED: "review", State.INCOMPLETE: "review", State.ACCEPTED: "dispatch",
    State.INVESTIGATING: "feedback", State.FED_BACK: "plan", State.PLANNED: "approval", State.APPROVED: "notify",
    State.NOTIFIED: "execute", State.EXECUTED: "call_back", State.CALLED_BACK: "archive",
}  # fmt: skip
# Every remedy Article 19 has the notice name.
REMEDIES: Final = (_("Check by the superior institution"), _("Mediation"), _("Arbitration"), _("Lawsuit"))
_CLOCK_WORDS: Final[Mapping[Refusal, str]] = {
    Refusal.FINISHED: _("The clock of this complaint has stopped."),
    Refusal.PAUSED: _("The clock stands still already."),
    Refusal.NOT_PAUSED: _("The clock does not stand still."),
    Refusal.LATE: _("The last day is over: it is too late for that."),
    Refusal.BACKWARDS: _("The time lies before what happened last."),
    Refusal.NOTHING: _("No time would be gained."),
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """What decides how a complaint may move. `clock` is the statutory one, None for history of other registers.

    `told_at`: when the proof says the decision was told. `check`: until when an open check must be decided.
    """

    state: State
    received_at: datetime
    clock: Clock | None
    target: Clock | None
    last_at: datetime
    outcome: str = ""
    validity: str = ""
    plan_outcome: str = ""
    told_at: datetime | None = None
    pause: str = ""
    check: datetime | None = None
    is_supervised: bool = False
    is_escalated: bool = False

    @property
    def extensions(self) -> int:
        """How often the running term was extended; new facts begin anew."""
        if self.clock is None:
            return 0
        return sum(one.at >= self.clock.runs_since for one in self.clock.extensions)


def begin(*, at: datetime, received_at: datetime, content: Mapping[str, Any]) -> Case:
    """A complaint as it is registered: the statutory clock counts from the receipt."""
    return Case(
        state=State.REGISTERED, received_at=received_at, last_at=at,
        clock=Clock(term=Term(Measure.NATURAL_DAYS, terms.days(content, "simple")), started_at=received_at),
        target=_target(State.REGISTERED, at, content),
    )  # fmt: skip


def step(
    case: Case, action: str, *, at: datetime, calendar: Calendar, content: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
) -> Case:  # fmt: skip
    """The case after `action`. Raises IllegalTransition, and Refused where the facts do not allow it."""
    told = dict(facts or {})
    move = WORKFLOW.move(case.state, action)
    if at < case.last_at:
        raise Refused("at", _("The time lies before what happened last."))
    if case.pause and action in ("feed_back", "propose_plan", "approve_plan", "notify", "appraise", "mediate"):
        raise Refused("", _("The clock stands still. End the appraisal or mediation first."))
    found = _EFFECTS[action](case, at, calendar, content, told) if action in _EFFECTS else case
    after = State(move.to_state)
    if after is not case.state:
        target = None if after in CLOSED else _target(after, at, content)
        found = replace(found, target=target)
    return replace(found, state=after, last_at=at)


def _target(state: State, at: datetime, content: Mapping[str, Any]) -> Clock:
    return Clock(term=terms.working(content, TARGETS[state]), started_at=at)


def _said(told: Mapping[str, Any], name: str, message: str) -> str:
    value = str(told.get(name) or "").strip()
    if not value:
        raise Refused(name, message)
    return value


def _feed_back(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    _said(told, "findings", _("Write down what was found."))
    validity = _said(told, "validity", _("Judge whether the complaint is well-founded."))
    if validity in ("valid", "partly") and not told.get("has_responsible"):
        raise Refused("responsible_unit_id", _("Say which unit is responsible before you submit."))
    return replace(case, validity=validity)


def _propose(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    outcome = _said(told, "outcome", _("Choose the outcome that is proposed."))
    if outcome not in OUTCOMES:
        raise Refused("outcome", _("Choose the outcome that is proposed."))
    _said(told, "measures", _("Say what is to be done."))
    return replace(case, plan_outcome=outcome)


def _reject(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    return replace(case, plan_outcome="")


def _notify(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    """Articles 19 and 21: every item of the notice, and the proof that it was delivered."""
    _said(told, "finding", _("Say what the verification found."))
    _said(told, "basis", _("Give the basis and the reasons."))
    _said(told, "remedies", _("Name the ways to appeal: check, mediation, arbitration, lawsuit."))
    if told.get("way") not in WAYS:
        raise Refused("way", _("Say how the decision was told."))
    _said(told, "proof", _("Give the proof of delivery."))
    delivered = told.get("delivered_at")
    if not isinstance(delivered, datetime) or delivered > at or delivered < case.received_at:
        raise Refused("delivered_at", _("The delivery lies between the receipt of the complaint and now."))
    if case.clock is None:
        return replace(case, outcome=case.plan_outcome, told_at=delivered)
    # The term is kept by what the proof says, not by when somebody typed it in.
    stopped = max(delivered, case.clock.runs_since)
    try:
        clock = promises.finish(case.clock, at=stopped)
    except ClockRefused as error:
        raise Refused("", _CLOCK_WORDS[error.reason]) from error
    return replace(case, clock=clock, outcome=case.plan_outcome, told_at=delivered)


def _call_back(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    score = told.get("satisfaction")
    if score is not None and not 1 <= int(score) <= 5:
        raise Refused("satisfaction", _("Satisfaction goes from 1 to 5."))
    if score is None:
        _said(told, "why", _("Say why nobody could be asked."))
    return case


def _archive(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    if not case.outcome or case.told_at is None:
        raise Refused("", _("A complaint is archived with its outcome and the proof that the decision was told."))
    if case.check is not None:
        raise Refused("", _("A check of the decision is open. Decide it first."))
    return case


def _supplement(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    """New facts and reasons start the clock anew (Article 18); the rest is only added to the file."""
    _said(told, "why", _("Say what is new."))
    back = replace(case, plan_outcome="", validity="") if case.state in (State.FED_BACK, State.APPROVED) else case
    if not told.get("is_new") or case.clock is None:
        return back
    return replace(back, clock=_set(promises.restart, case.clock, at=at), pause="")


def _merge(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    if not told.get("into"):
        raise Refused("into", _("Say into which complaint this one is merged."))
    return _stopped(case, at)


def _withdraw(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    """Article 15: the procedure ends on the day the withdrawal is received."""
    _said(told, "why", _("Say how the complaint was withdrawn."))
    asked = told.get("withdrawn_at") or at
    if calendar.local_day(asked) != calendar.local_day(at):
        raise Refused("withdrawn_at", _("A withdrawal ends the procedure on the day it is received."))
    return replace(_stopped(case, at), outcome="withdrawn")


def _stopped(case: Case, at: datetime) -> Case:
    if case.clock is None or case.clock.done_at is not None:
        return replace(case, pause="")
    clock = promises.resume(case.clock, at=at) if case.clock.is_paused else case.clock
    return replace(case, clock=promises.finish(clock, at=max(at, clock.runs_since)), pause="")


def _refuse(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    _said(told, "why", _("Say why it is not accepted, and how the sender was told."))
    return _stopped(case, at)


def _with_reason(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    _said(told, "why", _("Give the reason."))
    return case


def _supervise(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    _said(told, "why", _("Give the reason."))
    return replace(case, is_supervised=True)


def _answered(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    if not case.is_supervised:
        raise Refused("", _("There is no order to answer."))
    _said(told, "why", _("Say what was done."))
    return replace(case, is_supervised=False)


def _escalate(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    _said(told, "why", _("Give the reason."))
    return replace(case, is_escalated=True)


def _extend(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    if case.extensions:
        raise Refused("", _("It was extended already; a second extension takes the superior."))
    return _longer(case, at, calendar, told, terms.days(content, "complex") - terms.days(content, "simple"), "unit")


def _extend_again(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    """Article 18: by approval of the superior or a senior manager of the head office, told to the complainant."""
    if case.extensions != 1:
        raise Refused("", _("The second extension follows the first, and there is no third."))
    days = terms.days(content, "special") - terms.days(content, "complex")
    return _longer(case, at, calendar, told, days, "superior")


def _longer(case: Case, at: datetime, calendar: Calendar, told: dict[str, Any], days: int, level: str) -> Case:
    reason = _said(told, "why", _("Give the reason."))
    _said(told, "told_how", _("Say how the complainant was told of the extension."))
    if case.clock is None:
        raise Refused("", _("The clock of this complaint has stopped."))
    extension = Extension(at=at, amount=days, reason=reason[:200], level=level)
    try:
        return replace(case, clock=promises.extend(case.clock, calendar, extension))
    except ClockRefused as error:
        raise Refused("", _CLOCK_WORDS[error.reason]) from error


def _pause(reason: str) -> Any:
    def effect(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
        """Articles 18 and 23: an appraisal the complainant was told of, or a mediation both agreed to."""
        _said(told, "why", _("Give the reason."))
        _said(told, "told_how", _("Say how the complainant was told or agreed."))
        if case.clock is None:
            raise Refused("", _("The clock of this complaint has stopped."))
        try:
            clock = promises.pause(case.clock, calendar, at=at, reason=reason)
        except ClockRefused as error:
            raise Refused("", _CLOCK_WORDS[error.reason]) from error
        return replace(case, clock=clock, pause=reason)

    return effect


def _resume(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    if case.clock is None:
        raise Refused("", _("The clock of this complaint has stopped."))
    return replace(case, clock=_set(promises.resume, case.clock, at=at), pause="")


def _set(change: Any, clock: Clock, *, at: datetime) -> Clock:
    try:
        changed: Clock = change(clock, at=at)
    except ClockRefused as error:
        raise Refused("", _CLOCK_WORDS[error.reason]) from error
    return changed


def _ask_check(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    """Article 20: in writing, within thirty days of receiving the decision."""
    _said(told, "why", _("Give the reason."))
    if case.check is not None:
        raise Refused("", _("A check of the decision is open already."))
    if case.told_at is None:
        raise Refused("", _("There is no decision to check."))
    last = promises.due_at(_days_from(case.told_at, terms.days(content, "check_ask")), calendar, at)
    if at >= last:
        raise Refused("", _("A check is asked for within %(days)s days of the decision."))
    due = promises.due_at(_days_from(at, terms.days(content, "check_decide")), calendar, at)
    return replace(case, check=due)


def _days_from(start: datetime, days: int) -> Clock:
    return Clock(term=Term(Measure.NATURAL_DAYS, days), started_at=start)


def _checked(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    if case.check is None:
        raise Refused("", _("No check was asked for."))
    _said(told, "why", _("Say what the complainant is told."))
    return replace(case, check=None)


def _overturn(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    return _anew(_checked(case, at, calendar, content, told), at, content)


def _reopen(case: Case, at: datetime, calendar: Calendar, content: Any, told: dict[str, Any]) -> Case:
    _said(told, "why", _("Give the reason."))
    if case.check is not None:
        raise Refused("", _("A check of the decision is open. Decide it first."))
    return _anew(case, at, content)


def _anew(case: Case, at: datetime, content: Mapping[str, Any]) -> Case:
    """To be decided once more: a fresh term from now."""
    fresh = Clock(term=Term(Measure.NATURAL_DAYS, terms.days(content, "simple")), started_at=at)
    return replace(case, clock=fresh, outcome="", plan_outcome="", validity="", told_at=None, pause="")


_EFFECTS: Final[Mapping[str, Any]] = {
    "feed_back": _feed_back, "propose_plan": _propose, "reject_plan": _reject, "notify": _notify,
    "call_back": _call_back, "archive": _archive, "supplement": _supplement, "merge": _merge, "withdraw": _withdraw,
    "refuse": _refuse, "send_back": _with_reason, "redispatch": _with_reason, "recuse": _with_reason,
    "supervise": _supervise, "answer_supervision": _answered, "escalate": _escalate, "declare_major": _with_reason,
    "extend": _extend, "extend_again": _extend_again, "appraise": _pause("appraisal"), "mediate": _pause("mediation"),
    "resume": _resume, "ask_check": _ask_check, "uphold": _checked, "overturn": _overturn, "reopen": _reopen,
}  # fmt: skip


def escalates_at(
    *, state: State, is_escalated: bool, pause: str, target_due: datetime | None, calendar: Calendar, content: Any
) -> Any:  # fmt: skip
    """When a late step goes up by itself; None where it did, the complaint is decided, or its clock stands still."""
    if target_due is None or is_escalated or pause or state not in _BEFORE_DECISION:
        return None
    term = Term(Measure.WORKING_MINUTES, terms.days(content, "escalate") * 60)
    return promises.due_at(Clock(term=term, started_at=target_due), calendar, target_due)


def silent_until(closed: datetime, content: Mapping[str, Any], calendar: Calendar) -> Any:
    """The first day on which the complainant may be approached for marketing again."""
    return calendar.local_day(closed) + timedelta(days=terms.days(content, "silence"))
