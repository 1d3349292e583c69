"""Tickets that belong together: part of another, or the same request twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from anxin.book.customers.data import Rejected
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.desk import access
from anxin.service.desk.data import Action
from anxin.service.desk.models import Ticket, TicketFile, TicketMessage, Watcher
from anxin.service.desk.services import moves


@transaction.atomic
def merge(*, actor: Actor, now: datetime, ticket_id: UUID, version: int, into_id: UUID) -> Ticket:
    """The same request came twice: what was said and brought goes to the other ticket, this one ends.

    Raises TicketNotFound, StaleState, IllegalTransition, Rejected. Returns the ticket that stays.
    """
    into = access.get_ticket(actor, into_id, "desk.work")
    loser = access.get_ticket(actor, ticket_id, "desk.work")
    if into.pk == loser.pk or into.ended_at is not None:
        raise Rejected("into", _("Choose another ticket that is still open."))
    if loser.party_id is not None and into.party_id not in (None, loser.party_id):
        raise Rejected("into", _("The two tickets are of different customers."))
    moves.move(actor=actor, now=now, ticket_id=ticket_id, version=version, action=Action.MERGE, why=into.number)
    Ticket.objects.filter(pk=loser.pk).update(merged_into=into.pk)
    TicketMessage.objects.filter(ticket=loser.pk).update(ticket=into.pk)
    TicketFile.objects.filter(ticket=loser.pk).update(ticket=into.pk)
    users = [loser.opened_by_id, *Watcher.objects.filter(ticket=loser.pk).values_list("user_id", flat=True)]
    Watcher.objects.bulk_create(
        [Watcher(ticket=into, user_id=user) for user in users if user is not None], ignore_conflicts=True
    )
    columns = {"changed_at": now} if into.party_id else {"changed_at": now, "party_id": loser.party_id}
    moves.change(into, into.version, **columns)
    moves.remember(into, "merged_in", actor, now, before=into.state, after=into.state, why=loser.number)
    return into


@transaction.atomic
def set_parent(*, actor: Actor, now: datetime, ticket_id: UUID, version: int, parent_id: UUID | None) -> Ticket:
    """Make a ticket part of another one, or of none. Parts have no parts. Raises TicketNotFound, StaleState,
    Rejected."""
    ticket = access.get_ticket(actor, ticket_id, "desk.work")
    parent = access.get_ticket(actor, parent_id) if parent_id else None
    if parent is not None and (
        parent.pk == ticket.pk or parent.parent_id is not None or Ticket.objects.filter(parent=ticket.pk).exists()
    ):
        raise Rejected("parent", _("A ticket that is part of another has no parts of its own."))
    moves.change(ticket, version, parent_id=parent.pk if parent else None, changed_at=now)
    moves.remember(ticket, "link", actor, now, before=ticket.state, after=ticket.state,
                   why=parent.number if parent else "")  # fmt: skip
    return ticket
