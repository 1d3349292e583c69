"""Agents and what they can be given; where a call should go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from anxin.book.customers import queries as customers
from anxin.foundation.org import queries as org
from anxin.foundation.org.queries import StaffChoice
from anxin.kernel.actor import Actor
from anxin.service.desk.data import AgentNotFound, Profiled, Route
from anxin.service.desk.models import Profile, Seat, Ticket
from anxin.service.desk.queries import routing, schemes
from anxin.service.desk.rules import calling
from anxin.service.desk.rules.routing import Request, best_for_call
from anxin.service.desk.rules.telephony import AgentState

MOST = 200
PERMISSION = "desk.lead"
SYSTEM = Actor.system("telephone")


def list_profiles(actor: Actor, text: str = "", *, limit: int = MOST) -> list[Profiled]:
    """The staff of the desk within reach, by part of name or staff number. Five queries, however many they are."""
    return _profiled(_staff(actor, PERMISSION, text, limit))


def get_profile(actor: Actor, user_id: UUID, *, permission: str = PERMISSION) -> Profiled:
    """Raises AgentNotFound, also for somebody beyond reach."""
    found = org.find_staff(actor, permission=permission, ids=[user_id], limit=1)
    if not found:
        raise AgentNotFound(str(user_id))
    return _profiled(found)[0]


def _staff(actor: Actor, permission: str, text: str, limit: int) -> Sequence[StaffChoice]:
    """Who has a profile, a seat or tickets: the desk does not list everybody of the house. With `text` anybody."""
    if text:
        return org.find_staff(actor, text, permission=permission, limit=limit)
    seen = set(Profile.objects.values_list("pk", flat=True)) | set(Seat.objects.values_list("pk", flat=True))
    seen |= set(Ticket.objects.filter(ended_at=None).exclude(owner=None).values_list("owner_id", flat=True).distinct())
    return org.find_staff(actor, permission=permission, ids=seen, limit=limit)


def _profiled(staff: Sequence[StaffChoice]) -> list[Profiled]:
    ids = [one.id for one in staff]
    profiles = {row.pk: row for row in Profile.objects.filter(user__in=ids)}
    seats = {row.pk: row for row in Seat.objects.filter(user__in=ids)}
    open_now = Ticket.objects.filter(owner__in=ids, ended_at=None).order_by().values("owner_id")
    load = dict(open_now.annotate(count=Count("pk")).values_list("owner_id", "count"))
    found = []
    for one in staff:
        row, seat = profiles.get(one.id) or Profile(user_id=one.id), seats.get(one.id)
        found.append(
            Profiled(
                id=one.id, name=one.name, unit=one.unit, queues=tuple(row.queues), skills=tuple(row.skills),
                languages=tuple(row.languages), level=row.level, most_open=row.most_open,
                is_available=row.is_available, version=row.version if one.id in profiles else 0,
                open_count=load.get(one.id, 0), extension=seat.extension if seat else "",
                seat_state=seat.state if seat else "",
            )
        )  # fmt: skip
    return found


def route_call(
    actor: Actor, *, number: str, menu: Sequence[str], queue: str, language: str, now: datetime
) -> Route:  # fmt: skip
    """Where a call should go: agents who are free, best first. The queue follows from the menu unless it is named."""
    actor.require("desk.cti")
    points = calling.menu_points(schemes.calls(now))
    way = [point.queue for _key, point in calling.on_the_way(menu, points) if point is not None and point.queue]
    wanted = queue or (way[-1] if way else "")
    caller = _caller(number) if number else None
    free = dict(
        Seat.objects.filter(state=AgentState.AVAILABLE, user__is_active=True)
        .order_by("since")
        .values_list("user_id", "extension")
    )
    request = Request(
        queue=wanted, language=language, tier=caller.tier if caller else "",
        manager_id=customers.get_party(SYSTEM, caller.ref).manager_id if caller else None,
    )  # fmt: skip
    agents = routing.agents_of(list(free))
    chosen = best_for_call(agents, request, schemes.service(now))
    return Route(
        extensions=tuple(free[one.agent_id] for one in chosen)[:20], queue=wanted, tier=caller.tier if caller else ""
    )


def _caller(number: str) -> customers.CustomerRow | None:
    found = customers.find_customers(SYSTEM, number, limit=2, extras=())
    return found.rows[0] if len(found.rows) == 1 else None
