"""The only place that decides which work items an actor reaches."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.service.worklist.models import WorkItem


class ItemNotFound(Exception):
    """No such work item within the actor's reach."""


def reach(actor: Actor, permission: str = "worklist.work") -> Q:
    """Own items; with TEAM those of colleagues and unowned ones of the own units; with UNIT all of the units below."""
    return org.work_within(actor, actor.require(permission), Q(owner_id=actor.user_id))


def visible_items(actor: Actor, permission: str = "worklist.work") -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(reach(actor, permission))


def get_item(actor: Actor, item_id: UUID, permission: str = "worklist.work") -> WorkItem:
    """Raises ItemNotFound, also for what lies out of reach."""
    found = visible_items(actor, permission).filter(pk=item_id).first()
    if found is None:
        raise ItemNotFound(str(item_id))
    return found
