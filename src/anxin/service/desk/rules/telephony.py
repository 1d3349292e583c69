"""Moves of a call and of an agent's state: what was told becomes what is."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final


class CallState(StrEnum):
    MENU = "menu"
    QUEUED = "queued"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Happening(StrEnum):
    """What a telephone system tells. A recording may come before or after the end, and twice."""

    MENU = "menu"  # it came in, or a key was pressed
    QUEUED = "queued"
    RINGING = "ringing"
    UNANSWERED = "unanswered"  # one telephone rings no more
    ANSWERED = "answered"
    ENDED = "ended"
    RECORDING = "recording"


_ORDER: Final = {state: place for place, state in enumerate(CallState)}


def after(state: CallState | None, happening: Happening) -> CallState:
    """The state of a call after it was told of `happening`: messages may overtake one another, a call never goes back.

    A call first heard of by its end counts as ended: the telephone system is right about what happened.
    """
    if happening in {Happening.RECORDING, Happening.UNANSWERED}:
        return state or CallState.RINGING
    told = CallState(happening.value)
    return told if state is None or _ORDER[told] > _ORDER[state] else state


def wanted_human(kinds: Collection[str], said: bool | None) -> bool:
    """Whether a caller asked for a person (转人工). `kinds`: all that was told of the call; `said`: what the telephone
    system said about it in so many words.

    Who was queued or answered did. Else the word of the system counts; else a telephone that rang; and of a call of
    which only its end is known nobody can say that it stayed in the menu.
    """
    if {Happening.QUEUED, Happening.ANSWERED} & set(kinds):
        return True
    if said is not None:
        return said
    return Happening.RINGING in kinds or Happening.MENU not in kinds


class AgentState(StrEnum):
    OFFLINE = "offline"
    AVAILABLE = "available"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"


# What agents may set themselves; ON_CALL only comes and goes with calls.
SELECTABLE: Final = (AgentState.AVAILABLE, AgentState.BREAK, AgentState.OFFLINE)
# In which states the queues of an exchange may ring an agent; on a call the exchange itself knows that they are busy.
TAKING: Final = (AgentState.AVAILABLE, AgentState.ON_CALL)


def agent_after(state: AgentState, happening: Happening, *, has_other_call: bool = False) -> AgentState:
    """What an agent does after something happened to one of their calls: answered is busy, ended leaves wrap-up."""
    if happening is Happening.ANSWERED:
        return AgentState.ON_CALL
    if happening is Happening.ENDED and state is AgentState.ON_CALL and not has_other_call:
        return AgentState.WRAP_UP
    return state
