"""Whether a customer is phased out, or somebody asked for it."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from anxin.book.segments.models import PhaseOut
from anxin.foundation.approvals import queries as approvals

KIND = "segments.phase_out"


class Phase(TypedDict):
    """`since` of the mark; `asked_by`, `asked_at` of the request that waits."""

    since: datetime | None
    asked_by: str
    asked_at: datetime | None


def phase_of(party_id: UUID) -> Phase:
    """For who reaches the customer already."""
    row = PhaseOut.objects.filter(party_id=party_id, ended_at=None).first()
    waiting = approvals.pending_for(KIND, party_id)
    return {
        "since": row.since if row is not None else None,
        "asked_by": waiting.asked_by if waiting is not None else "",
        "asked_at": waiting.asked_at if waiting is not None else None,
    }
