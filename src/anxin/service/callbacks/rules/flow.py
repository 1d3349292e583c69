"""How call-backs move, and what an attempt or the answers lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anxin.kernel.states import Transition, Workflow
from anxin.service.callbacks.data import Action, Kind, Outcome, Question, State
from anxin.service.callbacks.rules import due

_OPEN = [State.WAITING, State.CALLING, State.FALLBACK]
_AT_WORK = [State.CALLING, State.FALLBACK]
WORKFLOW = Workflow(
    states=State,
    initial=State.WAITING,
    transitions=[
        Transition(Action.TAKE, [State.WAITING, State.CALLING], State.CALLING, "callbacks.work"),
        Transition(Action.RETURN, State.CALLING, State.WAITING, "callbacks.work"),
        Transition(Action.FALL_BACK, [State.WAITING, State.CALLING], State.FALLBACK, "callbacks.work"),
        Transition(Action.SUCCEED, _AT_WORK, State.SUCCEEDED, "callbacks.work"),
        Transition(Action.FIND, _AT_WORK, State.PROBLEM, "callbacks.work"),
        Transition(Action.FAIL, _AT_WORK, State.FAILED, "callbacks.work"),
        Transition(Action.EXCLUDE, _OPEN, State.EXCLUDED, "callbacks.lead"),
    ],
)
ENDS = frozenset({State.SUCCEEDED, State.PROBLEM, State.FAILED, State.EXCLUDED})


@dataclass(frozen=True)
class After:
    """What follows an attempt. `keeps_owner`: the one who agreed on a time calls again."""

    action: Action
    not_before: datetime | None = None
    keeps_owner: bool = False
    why: str = ""


def after_attempt(
    outcome: Outcome, *, kind: Kind, attempts: int, again_at: datetime | None, now: datetime, rules: Mapping[str, Any],
    due_at: datetime | None = None,
) -> After:  # fmt: skip
    """`attempts` counts this one; until `due_at` it is to be done. What the law wants goes on by another way when the
    telephone fails; the rest ends."""
    must = kind is Kind.NEW_BUSINESS
    if outcome is Outcome.AGAIN:
        return After(Action.RETURN, again_at, keeps_owner=True)
    if outcome is Outcome.REFUSED:
        return After(Action.FALL_BACK) if must else After(Action.FAIL, why="refused")
    if outcome is Outcome.WRONG_NUMBER:
        return After(Action.FALL_BACK) if must else After(Action.FAIL, why="no_contact")
    if attempts >= rules["most_attempts"]:
        return After(Action.FALL_BACK) if must else After(Action.FAIL, why="unreachable")
    later = due.next_try(
        now, rules["retry_hours"], rules["call_from_hour"], rules["call_until_hour"], due_at=due_at
    )  # fmt: skip
    return After(Action.RETURN, later)


def asked_of(questions: Iterable[Question], channel: str) -> list[Question]:
    return [one for one in questions if one.is_asked(channel)]


def missing(questions: Sequence[Question], answers: Mapping[str, str]) -> list[str]:
    """Codes of the questions that still need an answer; remarks (text) need none."""
    return [one.code for one in questions if one.form != "text" and not answers.get(one.code)]


def problems(questions: Sequence[Question], answers: Mapping[str, str]) -> list[str]:
    """Codes of the questions whose answer is a problem."""
    return [one.code for one in questions if answers.get(one.code, "") in one.problem]


def answers_of(question: Question) -> tuple[str, ...]:
    """The answers a question takes, in the order of the keys 1, 2, 3 …; none for free text."""
    return {"yes_no": ("yes", "no", "unsure"), "score": ("1", "2", "3", "4", "5")}.get(question.form, ())


def score_of(questions: Sequence[Question], answers: Mapping[str, str]) -> int | None:
    """The first score given, 1 (poor) to 5."""
    return next((int(answers[one.code]) for one in questions if one.form == "score" and answers.get(one.code)), None)
