"""The only place that decides which managers, runs and waiting customers an actor reaches."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.book.customers import queries as customers
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.service.managers.data import ManagerNotFound, RunNotFound
from anxin.service.managers.models import Assistant, Given, Run, Waiting


def staff_of(actor: Actor, permission: str = "managers.view") -> Collection[UUID] | None:
    """The staff within the scope; None means everybody. Raises NotPermitted."""
    scope = actor.require(permission)
    if scope is Scope.ALL:
        return None
    if scope is Scope.OWN:
        return {actor.user_id} if actor.user_id else set()
    return set(org.colleagues_of(actor) if scope is Scope.TEAM else org.members_within(actor.unit_paths))


def units_of(actor: Actor, permission: str) -> Collection[UUID] | None:
    """The units within the scope; None means every unit. One's own units for OWN and TEAM."""
    scope = actor.require(permission)
    if scope is Scope.ALL:
        return None
    return set(org.units_within(actor.unit_paths)) if scope is Scope.UNIT else set(actor.unit_ids)


def check_staff(actor: Actor, user_id: UUID, permission: str = "managers.view") -> None:
    """Raises ManagerNotFound for somebody beyond the scope."""
    known = staff_of(actor, permission)
    if known is not None and user_id not in known:
        raise ManagerNotFound(str(user_id))


def visible_runs(actor: Actor, permission: str = "managers.allocate") -> QuerySet[Run]:
    """Those of one's units, and one's own. Runs over everything are for those who reach everything."""
    units = units_of(actor, permission)
    if units is None:
        return Run.objects.all()
    return Run.objects.filter(Q(unit__in=units) | Q(asked_by=actor.user_id))


def get_run(actor: Actor, run_id: UUID, permission: str = "managers.allocate") -> Run:
    """Raises RunNotFound, also for what lies out of reach."""
    found = visible_runs(actor, permission).filter(pk=run_id).first()
    if found is None:
        raise RunNotFound(str(run_id))
    return found


def visible_waiting(actor: Actor, permission: str = "managers.view") -> QuerySet[Waiting]:
    """Customers without a manager in the actor's units: nobody's own, so OWN and TEAM see those of their units."""
    units = units_of(actor, permission)
    rows = Waiting.objects.filter(party__state="active", party__manager__isnull=True)
    return rows if units is None else rows.filter(party__unit__in=units)


def visible_given(actor: Actor, permission: str = "managers.packages") -> QuerySet[Given]:
    return Given.objects.filter(customers.reach(actor, permission, prefix="party__"), party__state="active")


def visible_assistants(actor: Actor, permission: str = "managers.packages") -> QuerySet[Assistant]:
    return Assistant.objects.filter(customers.reach(actor, permission, prefix="party__"), party__state="active")


def helped_by(user_id: Any) -> QuerySet[Assistant, Any]:
    """Keys of the customers somebody helps with now."""
    return Assistant.objects.filter(user_id=user_id, until_at__isnull=True).values_list("party_id")


def own_only(actor: Actor, permission: str = "managers.view") -> bool:
    """Whether the actor sees nobody but themselves."""
    return actor.scope(permission) is Scope.OWN


def as_ids(found: Collection[UUID] | None, field: str) -> Q:
    """The condition that keeps `field` within `found`."""
    conditions: dict[str, Any] = {f"{field}__in": list(found)} if found is not None else {}
    return Q(**conditions)
