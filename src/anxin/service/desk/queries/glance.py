"""What an agent sees of a caller at once. Rooms above the desk add their lines; each is one or two queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.book.customers.data import CustomerNotFound
from anxin.book.portfolio.data import PolicyLine
from anxin.book.portfolio.queries import contracts
from anxin.kernel.actor import Actor, NotPermitted
from anxin.service.desk.data import OPEN_STATES, TicketRow
from anxin.service.desk.models import Ticket
from anxin.service.desk.queries.tickets import rows_of

MOST: Final = 5


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something open. `text` is data, `kind` and `note` English words of a catalogue; `level` colours the note."""

    icon: str
    kind: str
    text: str
    url: str
    note: str = ""
    level: str = ""
    due_at: datetime | None = None


Find = Callable[[Actor, UUID, datetime], Sequence[Line]]
_finders: dict[str, tuple[str, Find]] = {}


def register(code: str, permission: str, find: Find) -> None:
    """Add lines about a customer; called from AppConfig.ready. Asked only for who holds `permission`."""
    if _finders.setdefault(code, (permission, find)) != (permission, find):
        raise ValueError(f"The lines {code!r} are registered twice.")


def lines_about(actor: Actor, party_id: UUID, *, now: datetime) -> list[Line]:
    """What other rooms have open with this customer; the reach to the customer was checked."""
    found: list[Line] = []
    for permission, find in _finders.values():
        if actor.may(permission):
            found += find(actor, party_id, now)
    return found


def open_tickets(actor: Actor, party_id: UUID) -> list[TicketRow]:
    """The tickets that are going on, by what is due first."""
    if not actor.may("desk.tickets"):
        return []
    rows = Ticket.objects.filter(party=party_id, state__in=OPEN_STATES).order_by("due_at", "pk")
    return rows_of(list(rows.values_list("pk", flat=True)[:MOST]))


def policies(actor: Actor, ref: str) -> tuple[list[PolicyLine], int]:
    """The first policies, what is in force first, and how many there are."""
    try:
        return contracts.first_policies(actor, ref, limit=MOST)
    except (CustomerNotFound, NotPermitted):
        return [], 0
