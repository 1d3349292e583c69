"""Between a row and its case: reading, one conditional update, the trail, and who is told what is next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F

from anxin.foundation.audit import services as audit
from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import promises
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.worktime import Calendar
from anxin.service.complaints import data
from anxin.service.complaints.data import State
from anxin.service.complaints.models import Check, Complaint, Move, Plan
from anxin.service.complaints.queries import routing
from anxin.service.complaints.rules import flow, numbering, terms
from anxin.service.complaints.rules import routing as routes
from anxin.service.worklist import services as worklist
from anxin.service.worklist.data import NewItem

ITEM: Final = "complaint"
_COLUMNS: Final = (
    "state", "clock", "due_at", "amber_at", "target", "target_due_at", "pause", "validity", "outcome", "told_at",
    "is_supervised", "is_escalated", "closed_date", "silent_until",
)  # fmt: skip


def content_of(now: datetime) -> Mapping[str, Any]:
    """The terms that hold today."""
    return schemes.active(terms.TERMS, on=numbering.day_of(now)).content


def calendar_of(row: Complaint) -> Calendar:
    return org.working_calendar(row.unit_id)


def case_of(row: Complaint) -> flow.Case:
    """The case as it is on record."""
    last = Move.objects.filter(complaint=row.pk).order_by("-number").values_list("at", flat=True).first()
    check = Check.objects.filter(complaint=row.pk, decided_at__isnull=True).values_list("due_at", flat=True).first()
    plan = Plan.objects.filter(complaint=row.pk, state__in=("waiting", "approved")).order_by("-proposed_at").first()
    return flow.Case(
        state=State(row.state), received_at=row.received_at, last_at=last or row.received_at,
        clock=promises.load(row.clock) if row.clock else None,
        target=promises.load(row.target) if row.target else None, outcome=row.outcome, validity=row.validity,
        plan_outcome=plan.outcome if plan else "", told_at=row.told_at, pause=row.pause, check=check,
        is_supervised=row.is_supervised, is_escalated=row.is_escalated,
    )  # fmt: skip


def apply(row: Complaint, case: flow.Case, *, calendar: Calendar, now: datetime) -> None:
    """Put what a case says into the columns of its row."""
    row.state = case.state
    row.clock = promises.dump(case.clock) if case.clock else {}
    row.due_at, row.amber_at = promises.schedule(case.clock, calendar, now, terms.AMBER) if case.clock else (None, None)
    row.target = promises.dump(case.target) if case.target else {}
    row.target_due_at = promises.due_at(case.target, calendar, now) if case.target else None
    row.pause, row.validity, row.outcome, row.told_at = case.pause, case.validity, case.outcome, case.told_at
    row.is_supervised, row.is_escalated = case.is_supervised, case.is_escalated
    is_closed = case.state in flow.CLOSED
    if is_closed and row.closed_date is None:
        row.closed_date = numbering.day_of(now)
        row.silent_until = flow.silent_until(now, content_of(now), calendar) if case.state != State.MERGED else None
    elif not is_closed:
        row.closed_date = row.silent_until = None


def save(row: Complaint, version: int, before: str, **changes: Any) -> None:
    """One conditional UPDATE: the state and version one saw. Raises StaleState when somebody was faster."""
    told = {name: getattr(row, name) for name in _COLUMNS} | changes
    done = Complaint.objects.filter(pk=row.pk, version=version, state=before).update(
        version=F("version") + 1, **told
    )  # fmt: skip
    if not done:
        raise stale(row.pk)
    row.version = version + 1
    for name, value in changes.items():
        setattr(row, name, value)


def stale(complaint_id: UUID) -> StaleState:
    seen = Complaint.objects.get(pk=complaint_id)
    last = Move.objects.filter(complaint=complaint_id).order_by("-number").first()
    return StaleState(seen.state, seen.version, last.actor_name if last else None, last.at if last else None)


def trace(actor: Actor, now: datetime, row: Complaint, action: str, before: str, why: str) -> None:
    """The history row of this version, and the entry of the audit trail."""
    Move.objects.create(
        complaint=row, number=row.version, action=action, before=before, after=row.state, actor_id=actor.user_id,
        actor_name=actor.display_name, at=now, why=why,
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action=f"complaints.{action}", object_kind="complaint", object_id=row.pk,
        object_ref=row.ref, detail={"state": str(row.state), "party": str(row.party_id or "")},
    )  # fmt: skip


def hand_on(actor: Actor, now: datetime, row: Complaint) -> None:
    """Close the work item of the step that is done, make that of the next, and ring the bell of whoever does it."""
    worklist.close_for_subjects(actor=actor, now=now, kinds=[ITEM], subject_ids=[row.pk], outcome="done")
    state = State(row.state)
    if state in flow.CLOSED or row.target_due_at is None:
        return
    owner = routing.owner_of(row)
    word, _level = data.STATES[state]
    worklist.ensure_items(
        now=now,
        items=[
            NewItem(
                kind=ITEM, occurrence=f"{row.pk}-{row.version}", starts_at=now, due_at=row.target_due_at,
                party_id=row.party_id, owner_id=owner, unit_id=row.unit_id, detail={"ref": row.ref, "step": word},
                priority=1 if row.severity == "major" or row.is_supervised else 2, subject_kind="complaint",
                subject_id=row.pk,
            )
        ],
    )  # fmt: skip
    wanted = routes.NEXT.get(state, flow.HANDLE)
    users = [owner] if owner else org.holders_of(wanted, unit_id=row.unit_id, today=numbering.day_of(now))
    tell(now, row, users, "您有一件投诉待处理", "A complaint waits for you", f"step-{row.version}")


def tell(now: datetime, row: Complaint, users: list[UUID], zh: str, en: str, key: str) -> int:
    return notices.tell(
        now=now, users=users, kind="complaints", title_zh=f"{zh}：{row.ref}", title_en=f"{en}: {row.ref}",
        dedupe_key=f"complaint-{row.pk}-{key}", url=f"/complaints/{row.ref}/",
    )  # fmt: skip
