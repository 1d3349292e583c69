"""Which units and posts an actor sees and may change."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.org.data import PostNotFound, UnitNotFound
from anxin.foundation.org.models import Post, Unit
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


def visible_units(actor: Actor, permission: str = "org.view") -> QuerySet[Unit]:
    """ALL: every unit; UNIT: the subtrees of the actor's posts; TEAM and OWN: just the units of those posts."""
    scope = actor.require(permission)
    if scope is Scope.ALL:
        return Unit.objects.all()
    if scope is Scope.UNIT:
        reach = Q(pk__in=[])
        for path in actor.unit_paths:
            reach |= Q(path__startswith=path)
        return Unit.objects.filter(reach)
    return Unit.objects.filter(pk__in=actor.unit_ids)


def get_unit(actor: Actor, unit_id: UUID, permission: str = "org.view") -> Unit:
    unit = visible_units(actor, permission).select_related("parent").filter(pk=unit_id).first()
    if unit is None:
        raise UnitNotFound(str(unit_id))
    return unit


def get_post(actor: Actor, post_id: UUID, permission: str = "org.edit") -> Post:
    """A post that has not ended, in a unit the actor reaches."""
    post = (
        Post.objects.select_related("unit", "user")
        .filter(pk=post_id, until_date__isnull=True, unit__in=visible_units(actor, permission))
        .first()
    )
    if post is None:
        raise PostNotFound(str(post_id))
    return post
