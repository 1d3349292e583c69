"""How many people a call centre needs: Erlang C by half-hour.

Erlang C by the recurrence over Erlang B (Cooper, Introduction to Queueing Theory, 2nd ed. 1981, ch. 3), which neither
overflows nor loses digits where the textbook sum of factorials does. It supposes that calls come at random, that nobody
hangs up, and that talk times are exponential: with callers who give up it asks for a few people too many, never for too
few.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Final

HALF_HOUR: Final = 1_800
MOST_AGENTS: Final = 100_000


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is promised: `share` of calls answered within `seconds`, nobody busier than `max_occupancy`.

    `shrinkage`: the share of paid time that is spent off the queue (breaks, training, leave).
    """

    share: float = 0.8
    seconds: float = 20
    max_occupancy: float = 0.85
    shrinkage: float = 0.3


@dataclass(frozen=True, kw_only=True)
class Staffed:
    """What `agents` people on the queue achieve. Times in seconds, shares from 0 to 1; a queue that only grows has
    `service_level` 0, and `asa` None."""

    agents: int
    load: float
    waiting_share: float
    service_level: float
    asa: float | None
    occupancy: float


@dataclass(frozen=True, kw_only=True)
class HalfHour:
    """The need of one half-hour: people on the queue, and people on the roster."""

    begins: time
    calls: float
    need: Staffed
    rostered: int


def load_of(calls: float, handle_seconds: float, period_seconds: float = HALF_HOUR) -> float:
    """Traffic in erlangs: calls of a period × their handling time ÷ its length."""
    if calls < 0 or handle_seconds < 0 or period_seconds <= 0:
        raise ValueError("Calls and times are not negative, a period is longer than nothing.")
    return calls * handle_seconds / period_seconds


def blocking(agents: int, load: float) -> float:
    """Erlang B: the share of calls lost where nobody can wait."""
    lost = 1.0
    for count in range(1, agents + 1):
        lost = load * lost / (count + load * lost)
    return lost


def waiting(agents: int, load: float) -> float:
    """Erlang C: the share of calls that must wait; 1 when people are too few for the load."""
    if load <= 0:
        return 0.0
    if agents <= load:
        return 1.0
    lost = blocking(agents, load)
    return lost / (1 - load / agents * (1 - lost))


def achieved(agents: int, load: float, handle_seconds: float, within_seconds: float) -> Staffed:
    """What so many people achieve; see Staffed."""
    share = waiting(agents, load)
    occupancy = min(1.0, load / agents) if agents else 1.0
    if load <= 0:
        return Staffed(agents=agents, load=0, waiting_share=0, service_level=1, asa=0, occupancy=0)
    if agents <= load:
        return Staffed(agents=agents, load=load, waiting_share=1, service_level=0, asa=None, occupancy=occupancy)
    free = agents - load
    return Staffed(
        agents=agents, load=load, waiting_share=share,
        service_level=1 - share * math.exp(-free * within_seconds / handle_seconds),
        asa=share * handle_seconds / free, occupancy=occupancy,
    )  # fmt: skip


def need(calls: float, handle_seconds: float, target: Target, period_seconds: float = HALF_HOUR) -> Staffed:
    """The fewest people that keep `target`. Raises ValueError for a target nobody can keep."""
    if not 0 < target.share < 1 or not 0 < target.max_occupancy < 1 or target.seconds < 0:
        raise ValueError("Shares lie between 0 and 1, a time is not negative.")
    load = load_of(calls, handle_seconds, period_seconds)
    if load == 0:
        return achieved(0, 0, handle_seconds, target.seconds)
    agents = max(1, math.floor(load) + 1, math.ceil(load / target.max_occupancy - 1e-9))
    while agents <= MOST_AGENTS:
        found = achieved(agents, load, handle_seconds, target.seconds)
        if found.service_level >= target.share:
            return found
        agents += 1
    raise ValueError("This load is beyond what one queue can hold.")


def rostered(agents: int, shrinkage: float) -> int:
    """People on the roster so that `agents` are on the queue."""
    if not 0 <= shrinkage < 1:
        raise ValueError("Shrinkage lies between 0 and 1.")
    return math.ceil(agents / (1 - shrinkage) - 1e-9)


def plan(half_hours: Iterable[tuple[time, float, float]], target: Target) -> list[HalfHour]:
    """The roster of a day: (begin, calls, seconds of handling) of each half-hour in, its need out."""
    found = []
    for begins, calls, handle_seconds in half_hours:
        staffed = need(calls, handle_seconds, target)
        found.append(
            HalfHour(
                begins=begins, calls=calls, need=staffed, rostered=rostered(staffed.agents, target.shrinkage)
            )
        )  # fmt: skip
    return found
