"""Who sees a request: whoever asked, and whoever may decide its kind. To everybody else it does not exist."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.approvals import rules
from anxin.foundation.approvals.data import RequestNotFound
from anxin.foundation.approvals.models import Request
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


def decidable(actor: Actor) -> Q:
    """Requests of others that the actor's permissions let them decide."""
    everywhere, below = [], []
    for kind in rules.kinds().values():
        scope = actor.scope(kind.decide)
        if scope is Scope.ALL:
            everywhere.append(kind.code)
        elif scope is Scope.UNIT:
            below.append(kind.code)
    reach = Q(kind__in=everywhere)
    if below:
        reach |= Q(kind__in=below, unit__in=org.units_within(actor.unit_paths))
    return reach & ~Q(asked_by=actor.user_id)


def visible_requests(actor: Actor) -> QuerySet[Request]:
    actor.require("approvals.view")
    return Request.objects.filter(decidable(actor) | Q(asked_by=actor.user_id))


def get_request(actor: Actor, request_id: UUID) -> Request:
    """Raises RequestNotFound, also for a request beyond reach."""
    found = visible_requests(actor).filter(pk=request_id).select_related("asked_by", "decided_by").first()
    if found is None:
        raise RequestNotFound(str(request_id))
    return found
