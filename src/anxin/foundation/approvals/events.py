"""What others may hear of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class RequestDecided(Event):
    """A request came to its end: approved, rejected, withdrawn or expired."""

    request_id: UUID
    kind: str
    state: str
    subject_kind: str
    subject_id: UUID | None
    decided_by_id: UUID | None
    at: datetime
