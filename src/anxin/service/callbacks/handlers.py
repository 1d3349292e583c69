"""What the desk tells, and what follows from it here."""

from __future__ import annotations

from anxin.kernel import clock
from anxin.service.callbacks import services
from anxin.service.desk.events import TicketResolved


def ticket_resolved(event: TicketResolved) -> None:
    """A problem is solved, or a customer may be asked how the service was."""
    services.ticket_resolved(now=clock.now(), ticket_id=event.ticket_id, party_id=event.party_id)
