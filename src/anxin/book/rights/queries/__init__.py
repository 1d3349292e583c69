"""Reading the request desk, restricted files and what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from anxin.book.customers import queries as customers
from anxin.book.customers.services import restricting
from anxin.book.rights import access, rules
from anxin.book.rights.data import RequestView, State, Verdict
from anxin.book.rights.models import Certificate, RequestMove, Restriction, RetentionDue, SubjectRequest
from anxin.foundation.privacy import services as privacy
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a person's file stands in this room: for the panel on the customer page."""

    requests: tuple[RequestView, ...]
    verdict: Verdict


def list_requests(actor: Actor, *, show: str = "", kind: str = "") -> QuerySet[SubjectRequest]:
    """`show` "": what is open, mine: open and mine, done: what is over."""
    rows = access.visible_requests(actor).select_related("party", "received_by", "identity_by", "assignee")
    if kind:
        rows = rows.filter(kind=kind)
    if show == "done":
        return rows.exclude(state__in=rules.OPEN)
    rows = rows.filter(state__in=rules.OPEN)
    return rows.filter(assignee=actor.user_id) if show == "mine" else rows


def count_late(actor: Actor, *, today: date) -> tuple[int, int]:
    """Open ones, and those past their day, counted up to a hundred each."""
    rows = access.visible_requests(actor).filter(state__in=rules.OPEN)
    late = rows.filter(due_date__lt=today).exclude(extended_to__gte=today)
    return rows[:100].count(), late[:100].count()


def get_request(actor: Actor, request_id: UUID) -> RequestView:
    """Raises NotPermitted and RequestNotFound."""
    return view(access.get_request(actor, request_id))


def moves_of(actor: Actor, request_id: UUID) -> list[RequestMove]:
    return list(RequestMove.objects.filter(request=access.get_request(actor, request_id)).order_by("at", "id"))


def is_restricted(party_id: UUID) -> bool:
    """Whether the file is only kept and guarded now. For who has a request about it before them."""
    return Restriction.objects.filter(party=party_id, until_at__isnull=True).exists()


def list_restricted(actor: Actor) -> QuerySet[Restriction]:
    """Files that may only be kept, without what is in them."""
    actor.require("rights.restricted")
    return Restriction.objects.filter(until_at__isnull=True).select_related("party", "set_by")


def list_due(actor: Actor) -> QuerySet[RetentionDue]:
    actor.require("rights.view")
    return RetentionDue.objects.select_related("party")


def list_certificates(actor: Actor) -> QuerySet[Certificate]:
    actor.require("rights.view")
    return Certificate.objects.all()


def find_certificate(party_id: UUID) -> Certificate | None:
    """The proof that somebody was erased. For who has a request about this person before them."""
    return Certificate.objects.filter(party=party_id).first()


def still_recognised(rows: Iterable[Certificate]) -> set[UUID]:
    """Erased persons whom an import would recognise and leave outside. One query."""
    return restricting.remembered([row.party_id for row in rows])


def verdicts(party_ids: Sequence[UUID], *, today: date) -> dict[UUID, Verdict]:
    """When each of these may be forgotten, by the scheme of the day. A query per room, whatever the number."""
    scheme = schemes.active(rules.RETENTION, on=today)
    return {
        key: rules.judge(holds, scheme.content, version=scheme.version)
        for key, holds in privacy.find_holds(party_ids).items()
    }


def standing_of(actor: Actor, ref: str, *, now: datetime) -> Standing:
    """Raises NotPermitted and CustomerNotFound."""
    actor.require("rights.view")
    party = customers.get_party(actor, ref)
    rows = access.visible_requests(actor).filter(party=party).order_by("-received_at")[:20]
    rows = rows.select_related("party", "received_by", "identity_by", "assignee")
    return Standing(requests=tuple(map(view, rows)), verdict=verdicts([party.pk], today=rules.day_of(now))[party.pk])


def view(row: SubjectRequest) -> RequestView:
    party: Any = row.party
    return RequestView(
        id=row.pk, ref=row.ref, kind=row.kind, state=State(row.state), channel=row.channel, capacity=row.capacity,
        requester=row.requester, detail=row.detail, party_id=row.party_id, party_ref=party.ref if party else "",
        party_name=party.name if party else "", received_at=row.received_at, received_by=_name(row.received_by),
        due_date=row.due_date, extended_to=row.extended_to, extension_reason=row.extension_reason,
        identity_method=row.identity_method, identity_note=row.identity_note, identity_at=row.identity_at,
        identity_by=_name(row.identity_by), assignee_id=row.assignee_id, assignee=_name(row.assignee),
        answer=row.answer, evidence=row.evidence, refusal=row.refusal, closed_at=row.closed_at,
        archive_at=row.archive_at, archive_taken_at=row.archive_taken_at,
        has_archive=row.archive_document_id is not None, version=row.version,
    )  # fmt: skip


def _name(user: Any) -> str:
    return user.display_name if user is not None else ""
