"""Looking at the clocks: who is told that a day comes near or is over."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.foundation.org import queries as org
from anxin.service.complaints.data import State
from anxin.service.complaints.models import Complaint
from anxin.service.complaints.rules import flow, numbering
from anxin.service.complaints.services import stored

MOST: Final = 2_000


def warn(*, now: datetime) -> int:
    """Tell handlers of a missed step, and those above them of the statutory day; each once. Returns how many notices.

    A complaint whose clock stands still is left alone. Any number of times with the same end.
    """
    rows = Complaint.objects.exclude(state__in=list(flow.CLOSED)).filter(pause="").order_by("due_at", "id")
    told = 0
    for row in rows.filter(target_due_at__lte=now)[:MOST]:
        told += stored.tell(now, row, _doers(row, now), "投诉环节已超时", "A step of a complaint is late",
                            f"step-late-{row.version}")  # fmt: skip
    waiting = rows.filter(told_at__isnull=True)
    for row in waiting.filter(amber_at__lte=now, due_at__gt=now)[:MOST]:
        told += stored.tell(now, row, _doers(row, now), "投诉法定期限临近",
                            "The statutory day of a complaint comes near", f"amber-{row.due_at}")  # fmt: skip
    for row in waiting.filter(due_at__lte=now)[:MOST]:
        above = org.holders_of(flow.APPROVE, unit_id=row.unit_id, today=numbering.day_of(now))
        told += stored.tell(now, row, [*_doers(row, now), *above], "投诉已超法定期限",
                            "A complaint is past its statutory day", f"late-{row.due_at}")  # fmt: skip
    return told


def _doers(row: Complaint, now: datetime) -> list[UUID]:
    owner = stored.owner_of(row)
    if owner is not None:
        return [owner]
    wanted = flow.REVIEW if row.state in (State.REGISTERED, State.CALLED_BACK) else flow.HANDLE
    return org.holders_of(wanted, unit_id=row.unit_id, today=numbering.day_of(now))
