"""“Take next”: the most pressing ticket of the queues one serves, to exactly one person (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from anxin.foundation.audit import services as audit
from anxin.kernel import outbox
from anxin.kernel.actor import Actor
from anxin.service.desk import access, events
from anxin.service.desk.data import Action, TicketState
from anxin.service.desk.models import Ticket
from anxin.service.desk.queries import routing, schemes
from anxin.service.desk.rules.routing import Request, can_take
from anxin.service.desk.services import guarding, moves

# So many of each queue are looked at for one that fits the person's skills.
LOOKED_AT = 20


class NothingToTake(Exception):
    """No ticket waits in the actor's queues that the actor can take."""


class HandsFull(Exception):
    """The actor is not available, or has as many tickets as the profile allows."""


@transaction.atomic
def take_next(*, actor: Actor, now: datetime, queues: Sequence[str] = ()) -> Ticket:
    """Take the ticket that is most pressing: by priority, then by what is due first.

    Rows another transaction is taking are passed over, not waited for. Raises NotPermitted, NothingToTake, HandsFull.
    """
    actor.require("desk.work")
    if actor.user_id is None:
        raise NothingToTake
    agent = routing.agents_of([actor.user_id])[0]
    if not agent.is_available or agent.open_count >= agent.most_open:
        raise HandsFull
    known = [one["code"] for one in schemes.types_content(now)["queues"]]
    served = [code for code in known if (not queues or code in queues) and (not agent.queues or code in agent.queues)]
    found: list[Ticket] = []
    for queue in served:
        rows = locked(access.visible_tickets(actor, "desk.work"), queue)
        found += [
            one
            for one in rows
            if can_take(agent, Request(queue=one.queue, skill=one.skill, language=one.language))
            and not guarding.why_not(one, actor.user_id)
        ][:1]
    if not found:
        raise NothingToTake
    ticket = min(found, key=lambda one: (one.priority, one.due_at, one.pk))
    moves.change(
        ticket, ticket.version, owner_id=actor.user_id, first_owner_id=ticket.first_owner_id or actor.user_id,
        state=TicketState.WORKING, changed_at=now,
    )  # fmt: skip
    moves.remember(ticket, Action.TAKE, actor, now, before=TicketState.NEW, after=TicketState.WORKING, why="next")
    audit.record(
        actor=actor, now=now, action="desk.take", object_kind="ticket", object_id=ticket.pk, object_ref=ticket.number
    )
    outbox.publish(
        events.TicketMoved(
            ticket_id=ticket.pk, action=Action.TAKE, before=TicketState.NEW, after=TicketState.WORKING, at=now
        )
    )
    return ticket


def locked(rows: QuerySet[Ticket], queue: str) -> QuerySet[Ticket]:
    """The most pressing ones of a queue, held until the end of the transaction."""
    waiting = rows.filter(queue=queue, state=TicketState.NEW, owner__isnull=True, ended_at__isnull=True)
    return waiting.select_for_update(skip_locked=True, of=("self",)).order_by("priority", "due_at", "id")[:LOOKED_AT]


def count_waiting(actor: Actor, most: int = 100) -> int:
    """How many wait for somebody, counted up to `most`."""
    rows = access.visible_tickets(actor, "desk.work").filter(state=TicketState.NEW, owner__isnull=True)
    return rows.order_by(F("pk"))[:most].count()
