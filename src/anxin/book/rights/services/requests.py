"""The life of a request: taken in, identity checked, worked on, answered or refused. Every step leaves its trace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import CustomerNotFound
from anxin.book.rights import access, data, queries, rules
from anxin.book.rights.data import Rejected, RequestView
from anxin.book.rights.models import RequestMove, SubjectRequest
from anxin.foundation.audit import services as audit
from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import bulk
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _


def receive_request(
    *, actor: Actor, now: datetime, kind: str, channel: str, capacity: str, requester: str, detail: str = "",
    party_ref: str = "",
) -> RequestView:  # fmt: skip
    """Take a request in. Its clock runs from now; the desk hears of it. Raises NotPermitted and Rejected."""
    actor.require("rights.receive")
    if kind not in data.KINDS:
        raise Rejected("kind", _("Choose what is asked for."))
    if channel not in data.CHANNELS:
        raise Rejected("channel", _("Choose how the request came."))
    if capacity not in data.CAPACITIES:
        raise Rejected("capacity", _("Choose who asks."))
    if not requester.strip():
        raise Rejected("requester", _("Say who asks."))
    party = None
    if party_ref.strip():
        try:
            party = customers.get_party(actor, party_ref)
        except CustomerNotFound as error:
            raise Rejected("party_ref", _("There is no such customer within your reach.")) from error
    scheme = schemes.active(rules.CLOCKS, on=rules.day_of(now))
    with transaction.atomic():
        row = SubjectRequest.objects.create(
            ref=rules.REQUEST_CODES.encode(next_number()), party=party,
            unit_id=party.unit_id if party else (org.unit_of(actor.user_id) if actor.user_id else None),
            kind=kind, channel=channel, capacity=capacity, requester=requester.strip()[:120], detail=detail.strip(),
            received_at=now, received_by_id=actor.user_id, due_date=rules.due_date(now, kind, scheme.content),
            scheme_version=scheme.version,
        )  # fmt: skip
        _trace(actor, now, row, "receive", "")
        desk = org.holders_of("rights.handle", unit_id=row.unit_id, today=rules.day_of(now))
        notices.tell(
            now=now, users=desk, kind="rights", title_zh="收到一项个人信息权利请求",
            title_en="A request about personal data came in", dedupe_key=f"rights-{row.pk}", url=f"/rights/{row.pk}/",
        )  # fmt: skip
    return queries.view(row)


def verify_identity(
    *, actor: Actor, now: datetime, request_id: UUID, version: int, method: str, note: str = "", party_ref: str = ""
) -> RequestView:  # fmt: skip
    """Write down how it was made sure who asks, and whose file is meant; the work may begin, by the actor."""
    row = access.get_request(actor, request_id, "rights.handle")
    if method not in data.IDENTITY_METHODS:
        raise Rejected("method", _("Choose how the identity was checked."))
    if row.capacity == "next_of_kin" and method != "kinship":
        raise Rejected("method", _("Next of kin prove kinship and death."))
    if row.capacity in ("agent", "guardian") and method not in ("authority", "document", "letter"):
        raise Rejected("method", _("Whoever acts for another proves it."))
    party_id = row.party_id
    if party_ref.strip():
        try:
            party_id = customers.get_party(actor, party_ref).pk
        except CustomerNotFound as error:
            raise Rejected("party_ref", _("There is no such customer within your reach.")) from error
    if party_id is None:
        raise Rejected("party_ref", _("Say whose file is meant, or refuse because nothing is held."))
    return _move(
        actor, now, row, version, "verify", identity_method=method, identity_note=note.strip(), identity_at=now,
        identity_by_id=actor.user_id, party_id=party_id, assignee_id=row.assignee_id or actor.user_id,
    )  # fmt: skip


def assign_request(
    *, actor: Actor, now: datetime, request_id: UUID, version: int, assignee_id: UUID
) -> RequestView:  # fmt: skip
    """Give an open request to somebody of the desk."""
    row = access.get_request(actor, request_id, "rights.handle")
    if not org.find_staff(actor, permission="rights.handle", ids=[assignee_id]):
        raise Rejected("assignee", _("Choose somebody of the desk."))
    with transaction.atomic():
        _update(row, version, assignee_id=assignee_id)
        _trace(actor, now, row, "assign", row.state)
    return queries.view(row)


def extend_request(
    *, actor: Actor, now: datetime, request_id: UUID, version: int, until: date, reason: str
) -> RequestView:  # fmt: skip
    """Give an open request more time, once, within the scheme, with the reason that the person is told."""
    row = access.get_request(actor, request_id, "rights.handle")
    scheme = schemes.active(rules.CLOCKS, on=rules.day_of(now))
    longest = row.due_date + timedelta(days=int(str(scheme.content["extension"])))
    if row.extended_to is not None:
        raise Rejected("until", _("This request was extended already."))
    if not row.due_date < until <= longest:
        raise Rejected("until", _("Choose a day after the first one, within the longest extension."))
    if not reason.strip():
        raise Rejected("reason", _("Say why more time is needed."))
    with transaction.atomic():
        _update(row, version, extended_to=until, extension_reason=reason.strip())
        _trace(actor, now, row, "extend", row.state, reason.strip())
    return queries.view(row)


def answer_request(
    *, actor: Actor, now: datetime, request_id: UUID, version: int, answer: str, evidence: str
) -> RequestView:  # fmt: skip
    """Close with what was done and how the person was told."""
    row = access.get_request(actor, request_id, "rights.handle")
    if not answer.strip():
        raise Rejected("answer", _("Say what was done."))
    if not evidence.strip():
        raise Rejected("evidence", _("Say how the person was told, and when."))
    return _move(actor, now, row, version, "answer", answer=answer.strip(), evidence=evidence.strip(), closed_at=now)


def refuse_request(
    *, actor: Actor, now: datetime, request_id: UUID, version: int, refusal: str, answer: str
) -> RequestView:  # fmt: skip
    """Refuse with the ground and the words the person was given (PIPL article 50)."""
    row = access.get_request(actor, request_id, "rights.handle")
    if refusal not in data.REFUSALS:
        raise Rejected("refusal", _("Choose the ground."))
    if not answer.strip():
        raise Rejected("answer", _("Say what the person was told."))
    return _move(actor, now, row, version, "refuse", refusal=refusal, answer=answer.strip(), closed_at=now)


def withdraw_request(*, actor: Actor, now: datetime, request_id: UUID, version: int, answer: str) -> RequestView:
    """The person takes the request back."""
    row = access.get_request(actor, request_id, "rights.handle")
    return _move(actor, now, row, version, "withdraw", answer=answer.strip(), closed_at=now)


def trace_deed(actor: Actor, now: datetime, request_id: UUID, action: str, why: str = "") -> None:
    """Note in the course of a request what was done for it, by whom. The deed itself is in the trail already."""
    row = SubjectRequest.objects.get(pk=request_id)
    RequestMove.objects.create(
        request=row, action=action, before=row.state, after=row.state, actor_name=actor.display_name, at=now, why=why
    )


@transaction.atomic
def _move(
    actor: Actor, now: datetime, row: SubjectRequest, version: int, action: str, **changes: Any
) -> RequestView:  # fmt: skip
    before = row.state
    move = rules.WORKFLOW.move(before, action)
    _update(row, version, state=move.to_state, **changes)
    _trace(actor, now, row, action, before, str(changes.get("answer", "")))
    return queries.view(row)


def _update(row: SubjectRequest, version: int, **changes: Any) -> None:
    """One conditional UPDATE: the state and version one saw. `row` then shows what stands."""
    done = SubjectRequest.objects.filter(pk=row.pk, state=row.state, version=version, state__in=rules.OPEN).update(
        version=F("version") + 1, **changes
    )
    seen = SubjectRequest.objects.select_related("party", "received_by", "identity_by", "assignee").get(pk=row.pk)
    row.__dict__.update(seen.__dict__)
    if not done:
        raise StaleState(row.state, row.version)


def _trace(
    actor: Actor, now: datetime, row: SubjectRequest, action: str, before: str, why: str = ""
) -> None:  # fmt: skip
    RequestMove.objects.create(
        request=row, action=action, before=before, after=row.state, actor_name=actor.display_name, at=now, why=why
    )
    audit.record(
        actor=actor, now=now, action=f"rights.{action}", object_kind="subject_request", object_id=row.pk,
        object_ref=row.ref, detail={"kind": row.kind, "party": str(row.party_id or "")},
    )  # fmt: skip


def next_number() -> int:
    """The next number of a request or certificate."""
    return int(bulk.next_numbers(rules.REQUEST_NUMBER, 1)[0])
