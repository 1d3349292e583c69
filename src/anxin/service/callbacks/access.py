"""The only place that decides which call-backs an actor reaches. "Not yours" and "not there" answer alike."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.service.callbacks.data import CallBackNotFound
from anxin.service.callbacks.models import CallBack


def reach(actor: Actor, permission: str = "callbacks.view") -> Q:
    """Own ones: called by oneself, or of customers one manages. A team: also the colleagues' and what lies unowned in
    the own units; a unit: everything of the units below."""
    mine = Q(owner_id=actor.user_id) | Q(party__manager_id=actor.user_id)
    return org.work_within(actor, actor.require(permission), mine, held_by=("owner_id", "party__manager_id"))


def visible(actor: Actor, permission: str = "callbacks.view") -> QuerySet[CallBack]:
    """Without those of restricted or erased customers: nobody calls them."""
    return CallBack.objects.filter(party__state="active").filter(reach(actor, permission))


def get(actor: Actor, call_back_id: UUID, permission: str = "callbacks.view") -> CallBack:
    """Raises CallBackNotFound, also for what lies out of reach; NotPermitted."""
    found = visible(actor, permission).filter(pk=call_back_id).first()
    if found is None:
        raise CallBackNotFound(str(call_back_id))
    return found
