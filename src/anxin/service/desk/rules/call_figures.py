"""Figures of a call centre, each with the variant it was counted by.

Definitions: domain notes, section 6; 人工接通率 as in the service evaluation of the regulator (answered by a person ÷
asked for a person). Every figure comes as a `Figure`: numerator and denominator, so that two branches can be added up
without averaging averages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from anxin.kernel.words import mark as _

SHORT_ABANDON_SECONDS: Final = 5
REPEAT_DAYS: Final = 7
Key = TypeVar("Key", bound=Hashable)


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

    `wanted_human`: it left the menu for a person (转人工). `answered`: a person answered. `is_whole`: its end was seen,
    so that its handling time is known; `is_lost`: it has ended, and nobody saw it.
    """

    wanted_human: bool
    answered: bool
    wait: float
    talk: float = 0
    hold: float = 0
    after_work: float = 0
    is_whole: bool = True
    is_lost: bool = False
    slot: time = time()
    queue: str = ""
    agent: UUID | None = None
    menu: tuple[str, ...] = ()
    code: str = ""

    @property
    def handling(self) -> float:
        return self.talk + self.hold + self.after_work


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
    """`levels` and `abandonments` hold every variant; `service_level` and `abandonment` are the ones in use."""

    offered: int
    answered: int
    abandoned: int
    in_menu: int
    service_level: Figure
    levels: tuple[Figure, ...]
    human_answer_rate: Figure
    abandonment: Figure
    abandonments: tuple[Figure, ...]
    asa: Figure
    aht: Figure
    after_work: Figure


def measure(
    calls: Iterable[CallFacts], *, within_seconds: float = 20,
    variant: ServiceLevel = ServiceLevel.WITHOUT_SHORT_ABANDONED, short_abandon_seconds: float = SHORT_ABANDON_SECONDS,
) -> Metrics:  # fmt: skip
    """Figures of the calls that asked for a person; those that ended in the menu are only counted.

    Both limits are inclusive for answers (answered at 20 s is in time) and for short abandonment (5 s is short).
    """
    every = list(calls)
    offered = [call for call in every if call.wanted_human]
    answered = [call for call in offered if call.answered]
    abandoned = [call for call in offered if not call.answered]
    whole = [call for call in answered if call.is_whole]
    in_time = sum(call.wait <= within_seconds for call in answered)
    bases = {
        ServiceLevel.ANSWERED: len(answered),
        ServiceLevel.ANSWERED_AND_ABANDONED: len(offered),
        ServiceLevel.WITHOUT_SHORT_ABANDONED: len(offered) - sum(call.wait <= within_seconds for call in abandoned),
    }
    levels = {one: Figure(in_time, bases[one], VARIANTS[one]) for one in ServiceLevel}
    late = sum(call.wait > short_abandon_seconds for call in abandoned)
    abandonments = (
        Figure(late, len(offered), _("abandoned after the short limit ÷ offered")),
        Figure(len(abandoned), len(offered), _("all abandoned ÷ offered")),
        Figure(late, len(answered) + late, _("abandoned after the short limit ÷ (answered + these)")),
    )
    return Metrics(
        offered=len(offered), answered=len(answered), abandoned=len(abandoned), in_menu=len(every) - len(offered),
        service_level=levels[variant], levels=tuple(levels.values()),
        human_answer_rate=Figure(len(answered), len(offered), _("answered by a person ÷ asked for a person")),
        abandonment=abandonments[0], abandonments=abandonments,
        asa=Figure(sum(call.wait for call in answered), len(answered), _("waiting of answered calls ÷ answered")),
        aht=Figure(sum(call.handling for call in whole), len(whole), _("(talk + hold + after-call work) ÷ answered")),
        after_work=Figure(sum(call.after_work for call in whole), len(whole), _("after-call work ÷ answered")),
    )  # fmt: skip


def grouped(calls: Iterable[CallFacts], by: Callable[[CallFacts], Key], **measures: Any) -> list[tuple[Key, Metrics]]:
    """The figures of each group, in the order of its key."""
    groups: dict[Key, list[CallFacts]] = defaultdict(list)
    for call in calls:
        groups[by(call)].append(call)
    ordered: list[Any] = sorted(groups, key=str)
    return [(key, measure(groups[key], **measures)) for key in ordered]


def occupancy(busy_seconds: float, available_seconds: float) -> Figure:
    """Talk, hold and after-call work ÷ (these + waiting for a call). A break is neither."""
    return Figure(
        busy_seconds, busy_seconds + available_seconds,
        _("(talk + hold + after-call work) ÷ (these + waiting for a call)"),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody came with something. `is_judged` False: only a repeat of others (another channel, another day)."""

    customer: UUID
    topic: str
    at: datetime
    agent: UUID | None = None
    is_judged: bool = True


def judge(contacts: Iterable[Contact], *, until: datetime, days: int = REPEAT_DAYS) -> list[tuple[Contact, bool]]:
    """Each contact and whether it was solved at once: the same customer did not come back on the topic within `days`.

    Only contacts whose days were over at `until` are judged: a younger one may still be repeated.
    """
    window = timedelta(days=days)
    told: dict[tuple[UUID, str], list[Contact]] = defaultdict(list)
    for one in contacts:
        told[one.customer, one.topic].append(one)
    found = []
    for series in told.values():
        ordered = sorted(series, key=lambda one: one.at)
        for place, one in enumerate(ordered):
            if one.is_judged and one.at + window <= until:
                following = ordered[place + 1].at if place + 1 < len(ordered) else None
                found.append((one, following is None or following > one.at + window))
    return found


def solved_at_once(judged: Iterable[tuple[Contact, bool]]) -> Figure:
    """First contact resolution (FCR) of what was judged."""
    answers = [is_solved for _contact, is_solved in judged]
    return Figure(
        sum(answers), len(answers), _("contacts without a repeat of the same topic in the days set ÷ contacts")
    )


def first_contact_resolution(
    contacts: Sequence[tuple[UUID, str, datetime]], *, until: datetime, days: int = REPEAT_DAYS
) -> Figure:
    """`judge` and `solved_at_once` for contacts (customer, topic, moment) that are all judged."""
    rows = (Contact(customer=customer, topic=topic, at=at) for customer, topic, at in contacts)
    return solved_at_once(judge(rows, until=until, days=days))
