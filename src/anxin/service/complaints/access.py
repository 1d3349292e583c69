"""Who sees which complaint: their unit's, their team's, or those they registered or handle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.service.complaints.data import ComplaintNotFound
from anxin.service.complaints.models import Complaint


def visible_complaints(actor: Actor, permission: str = "complaints.view") -> QuerySet[Complaint]:
    """Raises NotPermitted. Imported history belongs to no unit: only those who see everything see it."""
    scope = actor.require(permission)
    return within(scope, user=actor.user_id, units=units_reached(actor, scope))


def units_reached(actor: Actor, scope: Scope) -> list[UUID]:
    """The units whose complaints a scope reaches; none where units do not matter."""
    if scope is Scope.UNIT:
        return org.units_within(actor.unit_paths)
    return list(actor.unit_ids) if scope is Scope.TEAM else []


def within(scope: Scope, *, user: Any, units: Any) -> QuerySet[Complaint]:
    """What a scope reaches, for a user and the units of `units_reached`; also for statements made once."""
    if scope is Scope.ALL:
        return Complaint.objects.all()
    own = Q(handler=user) | Q(registered_by=user)
    # Said of every row, so that the index of what is ours finds it among very many that are history.
    ours = Complaint.objects.filter(is_history=False)
    return ours.filter(own) if scope is Scope.OWN else ours.filter(own | Q(unit__any_of=units))


def get_complaint(
    actor: Actor, ref: str, permission: str = "complaints.view", *, related: Sequence[str] = ()
) -> Complaint:  # fmt: skip
    """Raises NotPermitted and ComplaintNotFound. `related`: read with it."""
    rows = visible_complaints(actor, permission).filter(ref=ref.strip().upper())
    # `ref` is unique: an order would only cost.
    found = (rows.select_related(*related) if related else rows).order_by()[:1]
    for one in found:
        return one
    raise ComplaintNotFound(ref)


def get_by_id(actor: Actor, complaint_id: UUID, permission: str = "complaints.view") -> Complaint:
    """Raises NotPermitted and ComplaintNotFound."""
    found = visible_complaints(actor, permission).filter(pk=complaint_id).first()
    if found is None:
        raise ComplaintNotFound(str(complaint_id))
    return found
