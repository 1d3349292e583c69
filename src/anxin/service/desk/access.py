"""The only place that decides which tickets an actor reaches. "Not yours" and "not there" answer alike."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.service.desk.models import Ticket, Watcher


class TicketNotFound(Exception):
    """No such ticket within the actor's reach."""


def reach(actor: Actor, permission: str = "desk.tickets") -> Q:
    """Own ones: owned, opened, watched, or of a customer one manages. A team: also the colleagues' and what lies
    unowned in the own units; a unit: everything of the units below."""
    me = actor.user_id
    mine = Q(owner_id=me) | Q(opened_by_id=me) | Q(party__manager_id=me)
    mine |= Q(pk__in=Watcher.objects.filter(user=me).values("ticket_id"))
    return org.work_within(actor, actor.require(permission), mine)


def visible_tickets(actor: Actor, permission: str = "desk.tickets") -> QuerySet[Ticket]:
    """Without those of restricted or erased customers: nobody works with their files."""
    return Ticket.objects.filter(Q(party=None) | Q(party__state="active")).filter(reach(actor, permission))


def get_ticket(actor: Actor, ticket_id: UUID, permission: str = "desk.tickets") -> Ticket:
    """Raises TicketNotFound, also for what lies out of reach; NotPermitted."""
    found = visible_tickets(actor, permission).filter(pk=ticket_id).first()
    if found is None:
        raise TicketNotFound(str(ticket_id))
    return found
