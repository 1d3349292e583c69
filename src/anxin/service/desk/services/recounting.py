"""Counting promises anew as a job, when a working calendar was changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.desk.queries import schemes
from anxin.service.desk.services import promising

JOB = "desk.recompute"


def start_recompute(*, now: datetime, calendar_id: UUID, unit_id: UUID | None, version: int, task: Any) -> JobView:
    """One job for each version of a calendar: the same news twice starts it once."""
    calendar = org.find_calendar(calendar_id)
    return jobs.start(
        actor=Actor.system(JOB), now=now, kind=JOB, title=calendar.name if calendar is not None else "", task=task,
        arguments={"calendar": str(calendar_id), "unit": str(unit_id) if unit_id else None, "version": version},
        dedupe_key=f"{calendar_id}:{version}",
    )  # fmt: skip


def work_off(held: jobs.Running) -> Finished:
    """The work of the job. A calendar edited again since has a job of its own, which sees both edits; one that was
    killed goes on after the last chunk it had written."""
    told = held.arguments
    if not org.is_latest_calendar(UUID(told["calendar"]), told["version"]):
        return Finished(message=_("The calendar was changed once more; what is due is counted with that."))
    units = org.units_at_or_below(UUID(told["unit"])) if told["unit"] else None
    now = held.clock()
    total = promising.count_open(units)
    begun, seen_before = held.result.get("after"), held.result.get("seen", 0)
    moved_before = held.result.get("moved", 0)

    def heard(last: UUID, seen: int, moved: int) -> None:
        held.progress(
            seen_before + seen,
            max(total, seen_before + seen),
            keep={"after": str(last), "seen": seen_before + seen, "moved": moved_before + moved},
        )

    moved = moved_before + promising.recompute(
        now=now, amber=schemes.amber_percent(now), unit_ids=units, heard=heard,
        after=UUID(begun) if begun else promising.FIRST,
    )  # fmt: skip
    return Finished(
        message=_("Of %(total)s open promises %(moved)s are due at another time."),
        values={"total": total, "moved": moved},
    )
