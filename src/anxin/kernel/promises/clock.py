"""What is known of a promise, and its stored form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final


class Measure(StrEnum):
    """What a term is counted in."""

    MINUTES = "minutes"
    WORKING_MINUTES = "working_minutes"
    NATURAL_DAYS = "natural_days"
    WORKING_DAYS = "working_days"
    SUNSET = "sunset"


class Light(StrEnum):
    """How a promise stands by its time."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Phase(StrEnum):
    """What the clock does."""

    RUNNING = "running"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"


class Refusal(StrEnum):
    """Why a clock cannot be set like this; rooms translate."""

    FINISHED = "finished"
    PAUSED = "paused"
    NOT_PAUSED = "not_paused"
    LATE = "late"
    BACKWARDS = "backwards"
    NOTHING = "nothing"


class ClockRefused(ValueError):
    """The clock cannot be set like this; nothing was changed."""

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(f"The clock cannot be set like this: {reason.value}.")


DAY_MEASURES: Final = frozenset({Measure.NATURAL_DAYS, Measure.WORKING_DAYS, Measure.SUNSET})
AROUND_THE_CLOCK: Final = frozenset({Measure.MINUTES, Measure.NATURAL_DAYS})


@dataclass(frozen=True, slots=True)
class Term:
    """How long a promise takes: minutes or days by its measure. Only days may be 0: the end of the day itself."""

    measure: Measure
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0 or (self.amount == 0 and self.measure not in DAY_MEASURES):
            raise ValueError("A term is a positive number of minutes, or a number of days from 0 on.")

    @property
    def counts_days(self) -> bool:
        return self.measure in DAY_MEASURES


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count, `[start, end)`. `end` None: it goes on. `reason` is a code of the room."""

    start: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, in the unit of the term, granted at `at` by the given level of approver."""

    at: datetime
    amount: int
    reason: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """What is known of one promise. `restarts`: moments at which new facts came."""

    term: Term
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    restarts: tuple[datetime, ...] = ()
    extensions: tuple[Extension, ...] = ()
    done_at: datetime | None = None

    @property
    def runs_since(self) -> datetime:
        """The start, or the last new fact."""
        return max((self.started_at, *self.restarts))

    @property
    def amount(self) -> int:
        """Minutes or days that count now: the term and the extensions since the clock runs."""
        since = self.runs_since
        return self.term.amount + sum(one.amount for one in self.extensions if one.at >= since)

    @property
    def is_paused(self) -> bool:
        return self.done_at is None and any(one.end is None for one in self.pauses)


def dump(clock: Clock) -> dict[str, Any]:
    """The clock as plain values for a JSON column."""
    stored: dict[str, Any] = {
        "measure": clock.term.measure.value, "amount": clock.term.amount, "started_at": clock.started_at.isoformat(),
    }  # fmt: skip
    if clock.pauses:
        stored["pauses"] = [
            [one.start.isoformat(), one.end.isoformat() if one.end else None, one.reason] for one in clock.pauses
        ]
    if clock.restarts:
        stored["restarts"] = [one.isoformat() for one in clock.restarts]
    if clock.extensions:
        stored["extensions"] = [[one.at.isoformat(), one.amount, one.reason, one.level] for one in clock.extensions]
    if clock.done_at:
        stored["done_at"] = clock.done_at.isoformat()
    return stored


def load(stored: Mapping[str, Any]) -> Clock:
    """The clock of `dump`."""
    moment = datetime.fromisoformat
    return Clock(
        term=Term(Measure(stored["measure"]), stored["amount"]),
        started_at=moment(stored["started_at"]),
        pauses=tuple(
            Pause(moment(start), moment(end) if end else None, reason)
            for start, end, reason in stored.get("pauses", ())
        ),
        restarts=tuple(moment(one) for one in stored.get("restarts", ())),
        extensions=tuple(
            Extension(moment(at), amount, reason, level) for at, amount, reason, level in stored.get("extensions", ())
        ),
        done_at=moment(stored["done_at"]) if stored.get("done_at") else None,
    )
