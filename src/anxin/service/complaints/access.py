"""Who sees which complaint: their unit's, their team's, or those they registered or handle."""

from __future__ import annotations

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
    if scope is Scope.ALL:
        return Complaint.objects.all()
    own = Q(handler=actor.user_id) | Q(registered_by=actor.user_id)
    # Said of every row, so that the index of what is ours finds it among very many that are history.
    ours = Complaint.objects.filter(is_history=False)
    if scope is Scope.UNIT:
        return ours.filter(own | Q(unit__in=org.units_within(actor.unit_paths)))
    if scope is Scope.TEAM:
        return ours.filter(own | Q(unit__in=actor.unit_ids))
    return ours.filter(own)


def get_complaint(actor: Actor, ref: str, permission: str = "complaints.view") -> Complaint:
    """Raises NotPermitted and ComplaintNotFound."""
    found = visible_complaints(actor, permission).filter(ref=ref.strip().upper()).first()
    if found is None:
        raise ComplaintNotFound(ref)
    return found


def get_by_id(actor: Actor, complaint_id: UUID, permission: str = "complaints.view") -> Complaint:
    """Raises NotPermitted and ComplaintNotFound."""
    found = visible_complaints(actor, permission).filter(pk=complaint_id).first()
    if found is None:
        raise ComplaintNotFound(str(complaint_id))
    return found
