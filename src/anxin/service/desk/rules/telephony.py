"""Figures of a call centre, each with the variant it was counted by; moves of a call and of an agent's state.

Definitions: domain notes, section 6. Every figure comes as a `Figure`: numerator and denominator, so that two branches
can be added up without averaging averages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.words import mark as _

SHORT_ABANDON_SECONDS: Final = 5
REPEAT_DAYS: Final = 7


class ServiceLevel(StrEnum):
    """Which calls a service level is divided by."""

    ANSWERED_AND_ABANDONED = "answered_and_abandoned"
    WITHOUT_SHORT_ABANDONED = "without_short_abandoned"  # offered less those who gave up within the time; the default
    ANSWERED = "answered"


VARIANTS: Final = {
    ServiceLevel.ANSWERED_AND_ABANDONED: _("answered in time ÷ (answered + abandoned)"),
    ServiceLevel.WITHOUT_SHORT_ABANDONED: _("answered in time ÷ (offered − abandoned in time)"),
    ServiceLevel.ANSWERED: _("answered in time ÷ answered"),
}


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """What is known of one incoming call when it is over. Seconds; `wait` until answered or given up.

    `wanted_human`: it left the menu for a person (转人工). `answered`: a person answered.
    """

    wanted_human: bool
    answered: bool
    wait: float
    talk: float = 0
    hold: float = 0
    after_work: float = 0


@dataclass(frozen=True)
class Figure:
    """A rate or a mean; `value` is None where there is nothing to divide by. `variant` says how it was counted."""

    numerator: float
    denominator: float
    variant: str

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, kw_only=True)
class Metrics:
    offered: int
    answered: int
    abandoned: int
    service_level: Figure
    human_answer_rate: Figure
    abandonment: Figure
    asa: Figure
    aht: Figure


def measure(
    calls: Iterable[CallFacts], *, within_seconds: float = 20,
    variant: ServiceLevel = ServiceLevel.WITHOUT_SHORT_ABANDONED, short_abandon_seconds: float = SHORT_ABANDON_SECONDS,
) -> Metrics:  # fmt: skip
    """Figures of the calls that asked for a person; those that ended in the menu are none of them.

    Both limits are inclusive for answers (answered at 20 s is in time) and for short abandonment (5 s is short).
    """
    offered = [call for call in calls if call.wanted_human]
    answered = [call for call in offered if call.answered]
    abandoned = [call for call in offered if not call.answered]
    in_time = sum(call.wait <= within_seconds for call in answered)
    if variant is ServiceLevel.ANSWERED:
        base = len(answered)
    elif variant is ServiceLevel.ANSWERED_AND_ABANDONED:
        base = len(offered)
    else:
        base = len(offered) - sum(call.wait <= within_seconds for call in abandoned)
    handled = sum(call.talk + call.hold + call.after_work for call in answered)
    late = sum(call.wait > short_abandon_seconds for call in abandoned)
    return Metrics(
        offered=len(offered), answered=len(answered), abandoned=len(abandoned),
        service_level=Figure(in_time, base, VARIANTS[variant]),
        human_answer_rate=Figure(len(answered), len(offered), _("answered by a person ÷ asked for a person")),
        abandonment=Figure(late, len(offered), _("abandoned after the short limit ÷ offered")),
        asa=Figure(sum(call.wait for call in answered), len(answered), _("waiting of answered calls ÷ answered")),
        aht=Figure(handled, len(answered), _("(talk + hold + after-call work) ÷ answered")),
    )  # fmt: skip


def occupancy(busy_seconds: float, available_seconds: float) -> Figure:
    """Talk, hold and after-call work ÷ (these + waiting for a call)."""
    return Figure(busy_seconds, busy_seconds + available_seconds, _("busy ÷ (busy + available)"))


def first_contact_resolution(
    contacts: Sequence[tuple[UUID, str, datetime]], *, until: datetime, days: int = REPEAT_DAYS
) -> Figure:
    """Contacts (customer, topic, moment) with no repeat of the same customer and topic within `days`.

    Only contacts whose days were over at `until` are judged: a younger one may still be repeated.
    """
    window = timedelta(days=days)
    told: dict[tuple[UUID, str], list[datetime]] = defaultdict(list)
    for customer, topic, moment in contacts:
        told[customer, topic].append(moment)
    judged = solved = 0
    for moments in told.values():
        ordered = sorted(moments)
        for place, moment in enumerate(ordered):
            if moment + window > until:
                continue
            judged += 1
            following = ordered[place + 1] if place + 1 < len(ordered) else None
            solved += following is None or following > moment + window
    return Figure(solved, judged, _("contacts without a repeat of the same topic in the days set ÷ contacts"))


class CallState(StrEnum):
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Happening(StrEnum):
    """What a telephone system tells. A recording may come before or after the end, and twice."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"
    RECORDING = "recording"


_ORDER: Final = {CallState.RINGING: 0, CallState.ANSWERED: 1, CallState.ENDED: 2}


def after(state: CallState | None, happening: Happening) -> CallState:
    """The state of a call after it was told of `happening`: messages may overtake one another, a call never goes back.

    A call first heard of by its end counts as ended: the telephone system is right about what happened.
    """
    if happening is Happening.RECORDING:
        return state or CallState.RINGING
    told = CallState(happening.value)
    return told if state is None or _ORDER[told] > _ORDER[state] else state


class AgentState(StrEnum):
    OFFLINE = "offline"
    AVAILABLE = "available"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"


# What agents may set themselves; ON_CALL only comes and goes with calls.
SELECTABLE: Final = (AgentState.AVAILABLE, AgentState.BREAK, AgentState.OFFLINE)


def agent_after(state: AgentState, happening: Happening, *, has_other_call: bool = False) -> AgentState:
    """What an agent does after something happened to one of their calls: answered is busy, ended leaves wrap-up."""
    if happening is Happening.ANSWERED:
        return AgentState.ON_CALL
    if happening is Happening.ENDED and state is AgentState.ON_CALL and not has_other_call:
        return AgentState.WRAP_UP
    return state
