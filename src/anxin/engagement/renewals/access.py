"""The only place that decides which renewals an actor reaches."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.engagement.renewals.models import Renewal
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor


class RenewalNotFound(Exception):
    """No such renewal within the actor's reach."""


def reach(actor: Actor, permission: str = "renewals.view") -> Q:
    """Own customers'; with TEAM the colleagues' and unowned ones of the own units; with UNIT all of the units below."""
    return org.work_within(actor, actor.require(permission), Q(owner_id=actor.user_id))


def visible_renewals(actor: Actor, permission: str = "renewals.view") -> QuerySet[Renewal]:
    return Renewal.objects.filter(reach(actor, permission))


def get_renewal(actor: Actor, renewal_id: UUID, permission: str = "renewals.view") -> Renewal:
    """Raises RenewalNotFound, also for what lies out of reach."""
    found = visible_renewals(actor, permission).filter(pk=renewal_id).first()
    if found is None:
        raise RenewalNotFound(str(renewal_id))
    return found
