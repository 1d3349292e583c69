"""What is mended at the root, and the six institutional documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.foundation.audit import services as audit
from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.kernel.words import mark as _
from anxin.service.complaints import access, data
from anxin.service.complaints.data import Refused
from anxin.service.complaints.models import Complaint, Rectification, Regulation
from anxin.service.complaints.queries import governing
from anxin.service.complaints.rules import flow, numbering


@transaction.atomic
def open_rectification(
    *, actor: Actor, now: datetime, title: str, root_cause: str, measures: str, due_date: date, refs: Sequence[str],
    owner_id: UUID | None = None, cause: str = "",
) -> Rectification:  # fmt: skip
    """Have something mended that complaints have in common (Article 9).

    Raises NotPermitted, ComplaintNotFound, Refused.
    """
    actor.require(flow.REVIEW)
    for name, value in (("title", title), ("root_cause", root_cause), ("measures", measures)):
        if not value.strip():
            raise Refused(name, _("This is needed."))
    if due_date < numbering.day_of(now):
        raise Refused("due_date", _("The day lies in the past."))
    rows = [access.get_complaint(actor, ref, flow.REVIEW) for ref in dict.fromkeys(refs)]
    unit = rows[0].unit_id if rows else (org.unit_of(actor.user_id) if actor.user_id else None)
    if owner_id is not None and not org.find_staff(actor, permission=flow.REVIEW, ids=[owner_id]):
        raise Refused("owner_id", _("Choose one of your colleagues."))
    made = Rectification.objects.create(
        title=title.strip()[:120], cause=cause or (rows[0].cause if rows else ""), root_cause=root_cause.strip(),
        measures=measures.strip(), unit_id=unit, owner_id=owner_id or actor.user_id, opened_by_id=actor.user_id,
        opened_at=now, due_date=due_date,
    )  # fmt: skip
    Complaint.objects.filter(pk__in=[row.pk for row in rows]).update(rectification=made)
    _record(actor, now, "open_rectification", made)
    if made.owner_id:
        _ring(now, made, [made.owner_id], "您有一项溯源整改任务", "A rectification is yours", "opened")
    return made


@transaction.atomic
def finish_rectification(
    *, actor: Actor, now: datetime, rectification_id: UUID, version: int, result: str
) -> Rectification:  # fmt: skip
    """The owner says it is mended; another person verifies it."""
    row = governing.get_rectification(actor, rectification_id)
    if row.owner_id != actor.user_id:
        raise NotPermitted(flow.HANDLE)
    if row.state != "open":
        raise IllegalTransition(row.state, "finish", ())
    if not result.strip():
        raise Refused("result", _("Say what was done."))
    _update(row, version, state="done", result=result.strip(), done_at=now)
    _record(actor, now, "finish_rectification", row)
    if row.opened_by_id:
        _ring(
            now,
            row,
            [row.opened_by_id],
            "溯源整改待验证",
            "A rectification waits to be verified",
            f"done-{row.version}",
        )
    return row


@transaction.atomic
def verify_rectification(
    *, actor: Actor, now: datetime, rectification_id: UUID, version: int, is_good: bool, note: str
) -> Rectification:  # fmt: skip
    """Verify what the owner did, or send it back. Not by the owner."""
    actor.require(flow.REVIEW)
    row = governing.get_rectification(actor, rectification_id)
    if row.owner_id == actor.user_id:
        raise NotPermitted(flow.REVIEW)
    if row.state != "done":
        raise IllegalTransition(row.state, "verify", ())
    if not note.strip():
        raise Refused("note", _("Say how it was verified."))
    if is_good:
        _update(row, version, state="verified", note=note.strip(), verified_at=now, verified_by_id=actor.user_id)
    else:
        _update(row, version, state="open", note=note.strip(), done_at=None)
    _record(actor, now, "verify_rectification", row)
    if row.owner_id and not is_good:
        _ring(now, row, [row.owner_id], "溯源整改被退回", "A rectification was sent back", f"back-{row.version}")
    return row


@transaction.atomic
def enter_regulation(
    *, actor: Actor, now: datetime, kind: str, title: str, text: str, valid_from: date, valid_to: date | None = None
) -> Regulation:  # fmt: skip
    """A new version of an institutional document; the one before ends the day this one begins."""
    actor.require("complaints.govern")
    if kind not in data.REGULATION_KINDS:
        raise Refused("kind", _("Choose one of the list."))
    if not title.strip() or not text.strip():
        raise Refused("text", _("This is needed."))
    if valid_to is not None and valid_to <= valid_from:
        raise Refused("valid_to", _("The end lies after the beginning."))
    rows = Regulation.objects.filter(kind=kind)
    # Two at once would take one number: the constraint refuses the second.
    last = rows.order_by("-number").values_list("number", flat=True).first() or 0
    rows.filter(valid_to__isnull=True, valid_from__lt=valid_from).update(valid_to=valid_from)
    made = Regulation.objects.create(
        kind=kind, number=last + 1, title=title.strip()[:120], text=text.strip(), valid_from=valid_from,
        valid_to=valid_to, made_by_id=actor.user_id, made_at=now,
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="complaints.regulation", object_kind="regulation", object_id=made.pk,
        object_ref=made.title, detail={"kind": kind, "number": made.number},
    )  # fmt: skip
    return made


def _update(row: Rectification, version: int, **changes: object) -> None:
    done = Rectification.objects.filter(pk=row.pk, version=version, state=row.state).update(
        version=F("version") + 1, **changes
    )
    if not done:
        row.refresh_from_db()
        raise StaleState(row.state, row.version)
    row.refresh_from_db()


def _record(actor: Actor, now: datetime, action: str, row: Rectification) -> None:
    audit.record(
        actor=actor, now=now, action=f"complaints.{action}", object_kind="rectification", object_id=row.pk,
        object_ref="", detail={"state": row.state},
    )  # fmt: skip


def _ring(now: datetime, row: Rectification, users: list[UUID], zh: str, en: str, key: str) -> None:
    notices.tell(
        now=now, users=users, kind="complaints", title_zh=zh, title_en=en,
        dedupe_key=f"rectification-{row.pk}-{key}", url="/complaints/rectifications/",
    )  # fmt: skip
