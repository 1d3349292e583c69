"""Who sees requests about personal data: their desk; and those who took one in see that one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.book.rights.data import RequestNotFound
from anxin.book.rights.models import SubjectRequest
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


def visible_requests(actor: Actor, permission: str = "rights.view") -> QuerySet[SubjectRequest]:
    scope = actor.require(permission)
    if scope is Scope.ALL:
        return SubjectRequest.objects.all()
    if scope is Scope.UNIT:
        return SubjectRequest.objects.filter(
            Q(unit__in=org.units_within(actor.unit_paths)) | Q(received_by=actor.user_id)
        )
    return SubjectRequest.objects.filter(received_by=actor.user_id)


def get_request(actor: Actor, request_id: UUID, permission: str = "rights.view") -> SubjectRequest:
    """Raises NotPermitted and RequestNotFound."""
    rows = visible_requests(actor, permission).filter(pk=request_id)
    found = rows.select_related("party", "received_by", "identity_by", "assignee").first()
    if found is None:
        raise RequestNotFound(str(request_id))
    return found
