"""Who is at the desk, and who should get a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from anxin.foundation.org import queries as org
from anxin.foundation.schemes.data import Content
from anxin.kernel.actor import Actor
from anxin.service.desk import access
from anxin.service.desk.models import Profile, Ticket
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import routing
from anxin.service.desk.rules.routing import Agent, Fit, Request

SHOWN = 5
CONSIDERED = 200


def straight_to(ticket: Ticket, manager_id: UUID | None, service: Content) -> UUID | None:
    """The manager, for customers of the tiers the scheme names, while the manager is there; else nobody."""
    if manager_id is None or ticket.tier not in routing.manager_tiers(service):
        return None
    agents = agents_of([manager_id])
    request = Request(queue=ticket.queue, manager_id=manager_id)
    return manager_id if routing.can_take(agents[0], request) else None


def agents_of(ids: Sequence[UUID]) -> list[Agent]:
    """Profiles and load of these users, in two queries; who has no profile takes anything."""
    profiles = {row.user_id: row for row in Profile.objects.filter(user__in=ids)}
    load = dict(
        Ticket.objects.filter(owner__in=ids, ended_at__isnull=True)
        .order_by()
        .values("owner_id")
        .annotate(count=Count("pk"))
        .values_list("owner_id", "count")
    )
    return [_agent(key, profiles.get(key), load.get(key, 0)) for key in ids]


def _agent(key: UUID, profile: Profile | None, load: int) -> Agent:
    if profile is None:
        return Agent(id=key, open_count=load)
    return Agent(
        id=key, queues=frozenset(profile.queues), skills=frozenset(profile.skills),
        languages=frozenset(profile.languages), open_count=load, most_open=profile.most_open,
        is_available=profile.is_available, level=profile.level,
    )  # fmt: skip


def candidates(actor: Actor, ticket_id: UUID, *, now: datetime) -> list[tuple[str, Fit]]:
    """The colleagues who fit a ticket best, by name, with the reasons. Raises TicketNotFound."""
    ticket = access.get_ticket(actor, ticket_id, "desk.work")
    staff = {one.id: one.name for one in org.find_staff(actor, permission="desk.work", limit=CONSIDERED)}
    manager = ticket.party.manager_id if ticket.party is not None else None
    request = Request(
        queue=ticket.queue, skill=ticket.skill, language=ticket.language, tier=ticket.tier, manager_id=manager,
        first_owner_id=ticket.first_owner_id, is_urgent=ticket.priority == 1,
    )  # fmt: skip
    found = routing.best(agents_of(list(staff)), request, schemes.service(now))
    return [(staff[one.agent_id], one) for one in found if one.agent_id != ticket.owner_id][:SHOWN]
