"""Reading requests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from anxin.foundation.approvals import access, rules
from anxin.foundation.approvals.data import ApprovalKind, RequestView, State
from anxin.foundation.approvals.models import Request
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope

__all__ = [
    "count_waiting",
    "get_request",
    "kind_of",
    "list_decided",
    "list_mine",
    "list_waiting",
    "pending_for",
    "view",
]


def kind_of(code: str) -> ApprovalKind | None:
    return rules.kinds().get(code)


def list_waiting(actor: Actor, *, now: datetime) -> QuerySet[Request]:
    """What waits for this actor's decision."""
    rows = Request.objects.filter(access.decidable(actor), state=State.PENDING, expires_at__gt=now)
    return rows.select_related("asked_by", "decided_by")


def list_mine(actor: Actor) -> QuerySet[Request]:
    """What the actor asked for."""
    return Request.objects.filter(asked_by=actor.user_id).select_related("asked_by", "decided_by")


def list_decided(actor: Actor) -> QuerySet[Request]:
    """What came to an end, among that which the actor sees."""
    return access.visible_requests(actor).exclude(state=State.PENDING).select_related("asked_by", "decided_by")


def count_waiting(actor: Actor, *, now: datetime) -> int:
    """How many wait for this actor, counted up to a hundred. No query for somebody who decides nothing."""
    if not any(actor.may(kind.decide) for kind in rules.kinds().values()):
        return 0
    return Request.objects.filter(access.decidable(actor), state=State.PENDING, expires_at__gt=now)[:100].count()


def get_request(actor: Actor, request_id: UUID, *, now: datetime) -> RequestView:
    """Raises RequestNotFound."""
    return view(access.get_request(actor, request_id), actor, now=now)


def pending_for(kind: str, subject_id: UUID) -> RequestView | None:
    """The request that waits about a subject. For the room that asked: it checks the permission itself."""
    row = (
        Request.objects.filter(kind=kind, subject_id=subject_id, state=State.PENDING)
        .select_related("asked_by", "decided_by")
        .first()
    )
    return view(row) if row is not None else None


def decisions_about(kinds: Iterable[str], subject_id: UUID) -> list[RequestView]:
    """Every request about a subject, the latest first: who asked, who decided, and how. For the room that asked: it
    checks the permission itself."""
    rows = Request.objects.filter(kind__in=list(kinds), subject_id=subject_id).select_related("asked_by", "decided_by")
    return [view(row) for row in rows.order_by("-asked_at", "-id")[:50]]


def view(row: Request, actor: Actor | None = None, *, now: datetime | None = None) -> RequestView:
    """`may_decide` only with an actor whose reach was checked: not the asker, still pending, not expired."""
    is_mine = actor is not None and row.asked_by_id == actor.user_id
    is_open = row.state == State.PENDING and (now is None or row.expires_at > now)
    kind = rules.kinds().get(row.kind)
    may = actor is not None and kind is not None and actor.scope(kind.decide) in (Scope.ALL, Scope.UNIT)
    return RequestView(
        id=row.pk, kind=row.kind, subject_kind=row.subject_kind, subject_id=row.subject_id,
        subject_ref=row.subject_ref, summary=row.summary, summary_values=row.summary_values, payload=row.payload,
        reason=row.reason, state=State(row.state), asked_by_id=row.asked_by_id,
        asked_by=row.asked_by.display_name, asked_at=row.asked_at, expires_at=row.expires_at,
        decided_by=row.decided_by.display_name if row.decided_by else "", decided_at=row.decided_at, note=row.note,
        version=row.version, may_decide=is_open and may and not is_mine, is_mine=is_mine,
    )  # fmt: skip
