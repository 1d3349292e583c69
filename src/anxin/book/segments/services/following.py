"""A run between the nights, when imports brought what the figures do not know yet."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from anxin.book.segments.models import Regrouped, Run
from anxin.foundation.intake import queries as intake
from anxin.foundation.jobs import services as jobs
from anxin.kernel.actor import Actor

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# Of a larger book the run takes minutes of the whole machine, which belong to those who work by day.
MOST_BY_DAY: Final = 300_000


class Begun(enum.Enum):
    NOW = enum.auto()
    LATER = enum.auto()  # one is under way that may have read the book before the import
    NEEDLESS = enum.auto()


def note(keys: Sequence[UUID], *, now: datetime) -> None:
    """These files are other customers than the last run knew. Handled late, they may be erased already."""
    rows = [Regrouped(party_id=key, at=now) for key in sorted(set(keys))]
    Regrouped.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["party"], update_fields=["at"], batch_size=1_000
    )


def begin(*, now: datetime, task: jobs.QueuedTask) -> Begun:
    """Begin a run when an import ended, or was taken back, or files were merged, since the last one began."""
    wrote = max(filter(None, (intake.last_finished(), _last_regrouped())), default=None)
    latest = Run.objects.filter(state=Run.State.DONE, is_replay=False).order_by("-started_at").first()
    if wrote is None or (latest is not None and latest.started_at > wrote):
        return Begun.NEEDLESS
    if latest is not None and latest.summary.get("parties", 0) > MOST_BY_DAY:
        return Begun.NEEDLESS
    day = now.astimezone(SHANGHAI).date().isoformat()
    job = jobs.start(
        actor=Actor.system("segments", channel="worker"), now=now, kind="segments.run", title=day, arguments={},
        task=task, dedupe_key=day,
    )  # fmt: skip
    return Begun.NOW if job.is_new else Begun.LATER


def _last_regrouped() -> datetime | None:
    found = Regrouped.objects.aggregate(last=Max("at"))
    last: datetime | None = found["last"]
    return last
