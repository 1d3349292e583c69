"""What happened to a ticket, for the rooms above; and at a telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class TicketOpened(Event):
    """A customer asked for something."""

    ticket_id: UUID
    number: str
    kind: str
    party_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class TicketMoved(Event):
    """A ticket is in another state, or in other hands."""

    ticket_id: UUID
    action: str
    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class SeatChanged(Event):
    """A telephone takes calls of the queues, or takes none."""

    extension: str


@dataclass(frozen=True)
class TicketResolved(Event):
    """What was asked for is done. `is_kept`: within the standard time."""

    ticket_id: UUID
    number: str
    kind: str
    party_id: UUID | None
    owner_id: UUID | None
    is_kept: bool
    at: datetime
