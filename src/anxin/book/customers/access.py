"""The only place that decides which customers an actor reaches. "Not yours" and "not there" answer alike."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.book.customers import rules
from anxin.book.customers.data import CustomerNotFound
from anxin.book.customers.models import Party
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


__all__ = ["CustomerNotFound", "get_party", "reach", "visible_parties"]


def reach(actor: Actor, permission: str = "customers.view", *, prefix: str = "") -> Q:
    """The condition on a party (under `prefix`, such as `holder__`) that keeps to the actor's rows.

    Raises NotPermitted when the actor lacks `permission` altogether.
    """
    scope = actor.require(permission)
    if scope is Scope.ALL:
        return Q()
    if scope is Scope.OWN:
        return Q(**{f"{prefix}manager_id": actor.user_id})
    if scope is Scope.TEAM:
        return Q(**{f"{prefix}manager_id__in": org.colleagues_of(actor)})
    return Q(**{f"{prefix}unit_id__in": org.units_within(actor.unit_paths)})


def visible_parties(actor: Actor, permission: str = "customers.view") -> QuerySet[Party]:
    """The living files the actor reaches with `permission`."""
    return Party.objects.filter(reach(actor, permission), state=Party.State.ACTIVE)


def get_party(actor: Actor, ref: str, permission: str = "customers.view") -> Party:
    """The file with public reference `ref`; a merged file's reference leads to the file that replaced it."""
    try:
        canonical = rules.normalise_ref(ref)
    except ValueError as error:
        raise CustomerNotFound(ref) from error
    found = Party.objects.filter(ref=canonical).first()
    hops = 0
    while found is not None and found.replaced_by_id is not None and hops < 20:
        found = Party.objects.filter(pk=found.replaced_by_id).first()
        hops += 1
    if found is None or not visible_parties(actor, permission).filter(pk=found.pk).exists():
        raise CustomerNotFound(ref)
    return found
