"""Asking for a decision, deciding, withdrawing, letting it expire. The one who asks never decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from anxin.foundation.approvals import access, queries, rules
from anxin.foundation.approvals.data import (
    LONGEST_REASON,
    AlreadyAsked,
    OwnRequest,
    ReasonMissing,
    RequestView,
    State,
)
from anxin.foundation.approvals.events import RequestDecided
from anxin.foundation.approvals.models import Request
from anxin.foundation.approvals.rules import register_kind
from anxin.foundation.audit import services as audit
from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.kernel import outbox
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState

__all__ = ["approve", "ask", "expire_old", "register_kind", "reject", "withdraw"]

MOST_TOLD = 50


@transaction.atomic
def ask(
    *, actor: Actor, now: datetime, kind: str, subject_kind: str, subject_id: UUID, summary: str, reason: str,
    subject_ref: str = "", summary_values: Mapping[str, str | int] | None = None,
    payload: Mapping[str, Any] | None = None, unit_id: UUID | None = None,
) -> RequestView:  # fmt: skip
    """Ask for a decision of `kind`, in the transaction of the caller, who has judged whether the actor may ask.

    `payload` and `summary_values` hold keys and codes, no personal data. Rings the bell of those who may decide. Raises
    AlreadyAsked while the same waits, ReasonMissing, NotPermitted for the system itself: it has no second person.
    """
    found = rules.kinds()[kind]
    if actor.user_id is None:
        raise NotPermitted(found.decide)
    plain = reason.strip()[:LONGEST_REASON]
    if not plain:
        raise ReasonMissing
    try:
        with transaction.atomic():
            row = Request.objects.create(
                kind=kind, subject_kind=subject_kind, subject_id=subject_id, subject_ref=subject_ref, summary=summary,
                summary_values=dict(summary_values or {}), payload=dict(payload or {}), reason=plain,
                unit_id=unit_id, asked_by_id=actor.user_id, asked_at=now, expires_at=now + found.life,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyAsked(kind) from error
    _record(actor, now, "approvals.ask", row, plain)
    deciders = org.holders_of(found.decide, unit_id=unit_id, today=now.date(), limit=MOST_TOLD)
    notices.tell(
        now=now, users=[one for one in deciders if one != actor.user_id], kind="approval",
        title_zh="有一项申请待您审批", title_en="A request waits for your decision",
        dedupe_key=f"approval-{row.pk}", url=f"/approvals/{row.pk}/",
    )  # fmt: skip
    return queries.view(row)


@transaction.atomic
def approve(*, actor: Actor, now: datetime, request_id: UUID, version: int, note: str = "") -> RequestView:
    """Approve and do what was asked for. Raises RequestNotFound, OwnRequest, StaleState, IllegalTransition."""
    row = _decide(actor, now, request_id, version, State.APPROVED, note)
    done = queries.view(row)
    rules.kinds()[row.kind].on_approved(actor, now, done)
    _tell(row, now, "您的申请已获批准", "Your request was approved")
    return done


@transaction.atomic
def reject(*, actor: Actor, now: datetime, request_id: UUID, version: int, note: str) -> RequestView:
    """Refuse, with the reason. Raises as `approve`, and ReasonMissing."""
    if not note.strip():
        raise ReasonMissing
    row = _decide(actor, now, request_id, version, State.REJECTED, note)
    _tell(row, now, "您的申请未获批准", "Your request was refused")
    return _closed(actor, now, row)


@transaction.atomic
def withdraw(*, actor: Actor, now: datetime, request_id: UUID, version: int) -> RequestView:
    """Take one's own request back."""
    row = access.get_request(actor, request_id)
    if row.asked_by_id != actor.user_id:
        raise NotPermitted("approvals.withdraw")
    _move(row, version, "withdraw", decided_at=now)
    _record(actor, now, "approvals.withdraw", row)
    return _closed(actor, now, row)


def expire_old(*, now: datetime) -> int:
    """End what nobody decided in time; each in a transaction of its own. Returns how many. Any number of times."""
    actor = Actor.system("approvals")
    done = 0
    for key in list(Request.objects.filter(state=State.PENDING, expires_at__lte=now).values_list("pk", flat=True)):
        with transaction.atomic():
            row = Request.objects.select_related("asked_by", "decided_by").get(pk=key)
            try:
                _move(row, row.version, "expire", decided_at=now)
            except (StaleState, IllegalTransition):
                continue
            _record(actor, now, "approvals.expire", row)
            _tell(row, now, "您的申请逾期未审批，已自动失效", "Your request expired undecided")
            _closed(actor, now, row)
            done += 1
    return done


def _decide(actor: Actor, now: datetime, request_id: UUID, version: int, state: State, note: str) -> Request:
    row = access.get_request(actor, request_id)
    if row.asked_by_id == actor.user_id:
        raise OwnRequest
    actor.require(rules.kinds()[row.kind].decide)
    if actor.user_id is None:
        raise NotPermitted("approvals.decide")
    action = "approve" if state is State.APPROVED else "reject"
    if row.state == State.PENDING and row.expires_at <= now:
        raise IllegalTransition("expired", action, ())
    _move(row, version, action, decided_by_id=actor.user_id, decided_at=now, note=note.strip()[:LONGEST_REASON])
    _record(actor, now, f"approvals.{action}", row, note.strip()[:LONGEST_REASON])
    outbox.publish(_event(row, now))
    return row


def _move(row: Request, version: int, action: str, **changes: Any) -> None:
    """One conditional UPDATE decides who was first; `row` then shows what stands."""
    to_state = rules.WORKFLOW.move(State.PENDING, action).to_state
    done = Request.objects.filter(pk=row.pk, state=State.PENDING, version=version).update(
        state=to_state, version=F("version") + 1, **changes
    )
    row.refresh_from_db()
    if not done:
        by = row.decided_by.display_name if row.decided_by else None
        raise StaleState(row.state, row.version, by, row.decided_at)


def _closed(actor: Actor, now: datetime, row: Request) -> RequestView:
    done = queries.view(row)
    kind = rules.kinds().get(row.kind)
    if kind is not None and kind.on_closed is not None:
        kind.on_closed(actor, now, done)
    if row.state != State.REJECTED:
        outbox.publish(_event(row, now))
    return done


def _event(row: Request, now: datetime) -> RequestDecided:
    return RequestDecided(
        request_id=row.pk, kind=row.kind, state=row.state, subject_kind=row.subject_kind, subject_id=row.subject_id,
        decided_by_id=row.decided_by_id, at=now,
    )  # fmt: skip


def _tell(row: Request, now: datetime, title_zh: str, title_en: str) -> None:
    notices.tell(
        now=now, users=[row.asked_by_id], kind="approval", title_zh=title_zh, title_en=title_en,
        dedupe_key=f"approval-{row.pk}-{row.state}", url=f"/approvals/{row.pk}/",
    )  # fmt: skip


def _record(actor: Actor, now: datetime, action: str, row: Request, reason: str = "") -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind=row.subject_kind, object_id=row.subject_id or "",
        object_ref=row.subject_ref, detail={"kind": row.kind, "request": str(row.pk), "with_reason": bool(reason)},
    )  # fmt: skip
