"""Looking ahead in a queue of promises: which will be broken with the people there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import heapreplace

from anxin.kernel.timetable import moment_of, ticks
from anxin.kernel.worktime import Calendar


@dataclass(frozen=True, slots=True)
class Waiting:
    """One promise in a queue: what it is, when it is due, and how many minutes of work it takes."""

    key: object
    due_at: datetime
    work_minutes: int


@dataclass(frozen=True, slots=True)
class Expected:
    """When a waiting promise is expected to be done, and whether too late."""

    key: object
    done_at: datetime
    due_at: datetime

    @property
    def is_late(self) -> bool:
        return self.done_at >= self.due_at


def forecast(waiting: Iterable[Waiting], calendar: Calendar, now: datetime, *, staff: int) -> list[Expected]:
    """Which promises will be broken if `staff` people work through the queue, earliest due first, in working hours.

    A picture of the present queue: what comes in later is not in it. `staff` ≥ 1, else ValueError.
    """
    if staff < 1:
        raise ValueError("Somebody has to work.")
    table = calendar.timetable
    free = [ticks(now)] * staff
    expected = []
    for one in sorted(waiting, key=lambda item: item.due_at):
        done = table.add_work(free[0], one.work_minutes * 60_000_000)
        heapreplace(free, done)
        expected.append(Expected(one.key, moment_of(done), one.due_at))
    return expected
