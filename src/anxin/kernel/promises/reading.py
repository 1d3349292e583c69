"""What a clock says at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from anxin.kernel.promises import counting
from anxin.kernel.promises.clock import Clock, Light, Phase
from anxin.kernel.timetable import moment_of, ticks
from anxin.kernel.worktime import Calendar

AMBER_PERCENT: Final = 80


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says at a moment.

    While it is paused, `due_at` and `amber_at` are those that hold if it went on now. `elapsed`, `remaining` (below
    zero once late) and `paused` are times of the measure: around the clock or worked. `days_left`: days of the measure
    after today up to the due day; None for terms in minutes. `unpublished`: years up to the due day whose public
    holidays the calendar does not know.
    """

    due_at: datetime
    amber_at: datetime
    due_day: date
    light: Light
    phase: Phase
    elapsed: timedelta
    remaining: timedelta
    share: float
    days_left: int | None
    unpublished: tuple[int, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.light is Light.RED


def due_at(clock: Clock, calendar: Calendar, now: datetime) -> datetime:
    """When the promise is due (UTC), as known at `now`: a pause that goes on ends at `now`."""
    return moment_of(counting.due(clock, calendar, counting.as_of(clock, now)))


def schedule(clock: Clock, calendar: Calendar, now: datetime, amber: int = AMBER_PERCENT) -> tuple[datetime, datetime]:
    """`(due_at, amber_at)`, for the columns a room sorts and searches by."""
    as_of = counting.as_of(clock, now)
    due = counting.due(clock, calendar, as_of)
    return moment_of(due), moment_of(counting.amber(clock, calendar, as_of, due, amber))


def read(clock: Clock, calendar: Calendar, now: datetime, amber: int = AMBER_PERCENT) -> Reading:
    """Everything the clock says at `now`; of a finished one, what it said when it was finished."""
    as_of = counting.as_of(clock, now)
    due = counting.due(clock, calendar, as_of)
    amber_from = counting.amber(clock, calendar, as_of, due, amber)
    start = ticks(clock.runs_since)
    gaps = counting.gaps(clock, as_of)
    elapsed = counting.running(clock, calendar, start, as_of, gaps)
    # `due` knows no pause after `as_of`; late time runs on whatever happens.
    remaining = (
        counting.passed(clock, calendar, as_of, due) if as_of < due else -counting.passed(clock, calendar, due, as_of)
    )
    light = Light.RED if as_of >= due else Light.AMBER if as_of >= amber_from else Light.GREEN
    if clock.done_at is not None:
        phase = Phase.BROKEN if as_of >= due else Phase.KEPT
    else:
        phase = Phase.PAUSED if clock.is_paused else Phase.RUNNING
    due_day = calendar.local_day(moment_of(due - 1))
    total = counting.running(clock, calendar, start, due, gaps)
    first, last = calendar.local_day(moment_of(start)).year, due_day.year
    return Reading(
        due_at=moment_of(due), amber_at=moment_of(amber_from), due_day=due_day, light=light, phase=phase,
        elapsed=timedelta(microseconds=elapsed), remaining=timedelta(microseconds=remaining),
        share=elapsed / total if total else 1.0,
        days_left=counting.days_left(clock, calendar, moment_of(as_of), due_day),
        unpublished=counting.unpublished(clock, calendar, first, last),
    )  # fmt: skip


def is_kept(due: datetime, done: datetime) -> bool:
    """Whether what was done at `done` kept a promise due at `due`."""
    return done < due
