"""Doors: the nightly run, saved segments, exports, giving a customer up.

The engines (Ibis and its kin, 100 MB) come only to the process that judges, when it judges.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from anxin.book.segments.data import RunView
from anxin.kernel.actor import Actor

__all__ = ["STEPS", "nightly", "run"]

STEPS = ("extract", "compute", "compare", "write")
Progress = Callable[[str, int], None]


def nightly(*, actor: Actor, now: datetime, progress: Progress | None = None) -> dict[str, int]:
    """The run of the night for the orchestration: as of today in Shanghai."""
    from anxin.book.segments.services import running

    return running.nightly(actor=actor, now=now, progress=progress)


def run(
    *, actor: Actor, now: datetime, as_of: date, progress: Progress | None = None, engine: str = "duckdb"
) -> RunView:
    """Judge all customers as of a day; see `running.run`."""
    from anxin.book.segments.services import running

    return running.run(actor=actor, now=now, as_of=as_of, progress=progress, engine=engine)
