"""What happens to complaints, for rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class ComplaintRegistered(Event):
    """A complaint was taken in. `party_id`: the customer, if known."""

    complaint_id: UUID
    party_id: UUID | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class ComplaintMoved(Event):
    """A complaint made a move; `state` is the one after it."""

    complaint_id: UUID
    action: str
    state: str
    party_id: UUID | None = None


@dataclass(frozen=True)
class ComplaintClosed(Event):
    """A complaint came to its end: archived, withdrawn, merged or not accepted."""

    complaint_id: UUID
    state: str
    outcome: str = ""
    party_id: UUID | None = None
