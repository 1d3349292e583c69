"""What others may hear of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class ReviewDue(Event):
    """A customer's due diligence is to be looked at again: its day comes near, or a document ran out."""

    party_id: UUID
    manager_id: UUID | None
    unit_id: UUID | None
    due: date
    why: str  # review, document
