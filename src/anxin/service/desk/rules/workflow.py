"""How tickets move, and what a move does to the promises."""

from __future__ import annotations

from typing import Final

from anxin.kernel.states import Transition, Workflow
from anxin.kernel.words import mark as _
from anxin.service.desk.data.tickets import OPEN_STATES, Action, MessageKind, TicketState

S = TicketState
_BUSY: Final = (S.WORKING, S.WAITING, S.REFERRED)

WORKFLOW = Workflow(
    states=TicketState,
    initial=S.NEW,
    transitions=[
        Transition(Action.TAKE, S.NEW, S.WORKING, "desk.work"),
        Transition(Action.ASK, [S.WORKING, S.REFERRED], S.WAITING, "desk.work"),
        Transition(Action.REFER, [S.WORKING, S.WAITING], S.REFERRED, "desk.work"),
        Transition(Action.RESUME, [S.WAITING, S.REFERRED], S.WORKING, "desk.work"),
        Transition(Action.RESOLVE, _BUSY, S.RESOLVED, "desk.work"),
        Transition(Action.CLOSE, S.RESOLVED, S.CLOSED, "desk.work"),
        Transition(Action.REOPEN, [S.RESOLVED, S.CLOSED], S.WORKING, "desk.work"),
        Transition(Action.RETURN, _BUSY, S.NEW, "desk.work"),
        Transition(Action.WITHDRAW, OPEN_STATES, S.WITHDRAWN, "desk.work"),
        Transition(Action.MERGE, OPEN_STATES, S.MERGED, "desk.work"),
        *(Transition(Action.HAND_OVER, state, state, "desk.work") for state in OPEN_STATES),
    ],
)
# Moves that must say why: to the customer, or to whoever gets the ticket.
NEEDS_REASON: Final = frozenset(
    {Action.ASK, Action.REFER, Action.RESOLVE, Action.REOPEN, Action.RETURN, Action.WITHDRAW, Action.HAND_OVER}
)
ENDS: Final = frozenset({S.RESOLVED, S.CLOSED, S.WITHDRAWN, S.MERGED})


def answers_the_customer(kind: MessageKind) -> bool:
    """Whether a message is an answer: what colleagues tell each other is none."""
    return kind is MessageKind.TO_CUSTOMER


def missing_reason(action: Action, why: str) -> str:
    """What is missing; "" when nothing is."""
    if action not in NEEDS_REASON or why.strip():
        return ""
    return {
        Action.RESOLVE: _("Say how it was solved."),
        Action.ASK: _("Say what the customer still has to bring or answer."),
    }.get(action, _("Give a reason."))
