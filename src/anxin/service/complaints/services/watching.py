"""Looking at the clocks: who is told that a day comes near or is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.service.complaints.data import State
from anxin.service.complaints.models import Check, Complaint, Rectification, Supervision
from anxin.service.complaints.queries import routing
from anxin.service.complaints.rules import flow, numbering, terms
from anxin.service.complaints.services import moving, stored

MOST: Final = 2_000
CHECK_AHEAD: Final = timedelta(days=5)


def warn(*, now: datetime) -> int:
    """Tell handlers of a missed step, and those above them of the statutory day; each once. Returns how many notices.

    A complaint whose clock stands still is left alone. Any number of times with the same end.
    """
    rows = Complaint.objects.exclude(state__in=list(flow.CLOSED)).filter(pause="").order_by("due_at", "id")
    told = 0
    for row in rows.filter(target_due_at__lte=now)[:MOST]:
        told += stored.tell(now, row, _doers(row, now), "投诉环节已超时", "A step of a complaint is late",
                            f"step-late-{row.version}")  # fmt: skip
    waiting = rows.filter(told_at__isnull=True)
    for row in waiting.filter(amber_at__lte=now, due_at__gt=now)[:MOST]:
        told += stored.tell(now, row, _doers(row, now), "投诉法定期限临近",
                            "The statutory day of a complaint comes near", f"amber-{row.due_at}")  # fmt: skip
    for row in waiting.filter(due_at__lte=now)[:MOST]:
        above = org.holders_of(flow.APPROVE, unit_id=row.unit_id, today=numbering.day_of(now))
        told += stored.tell(now, row, [*_doers(row, now), *above], "投诉已超法定期限",
                            "A complaint is past its statutory day", f"late-{row.due_at}")  # fmt: skip
    return told + _warn_above(now)


def dispatch(*, now: datetime) -> int:
    """Reviewed complaints that nobody sent on by the end of the day go to the handlers of their unit. Returns how many.

    Those of a unit without handlers stay where they are: they go up (`escalate`). Off by the scheme: nothing is done.
    """
    content, today, count = stored.content_of(now), numbering.day_of(now), 0
    if not terms.days(content, "dispatch_by_itself"):
        return 0
    rows = Complaint.objects.filter(state=State.ACCEPTED, pause="", target_due_at__lte=now, unit__isnull=False)
    for row in rows.order_by("target_due_at", "id")[:MOST]:
        near = [one for one in routing.nearest(flow.HANDLE, row.unit_id, today=today) if not one.reaches_all]
        if not near:
            continue
        # Stored text: in the language of the site, whoever reads it.
        with override(settings.LANGUAGE_CODE):
            why = gettext("The day of the review is over: dispatched by itself")
        one = near[0].user_id if len(near) == 1 else None
        try:
            moving.move(
                actor=Actor.system("complaints"), now=now, ref=row.ref, action="dispatch", version=row.version,
                facts={"unit_id": near[0].unit_id, "handler_id": one, "why": why},
            )  # fmt: skip
        except StaleState:
            continue  # somebody moved it meanwhile
        count += 1
    return count


def escalate(*, now: datetime) -> int:
    """Complaints whose step is late for longer than the scheme allows go up to those above. Returns how many."""
    content, count = stored.content_of(now), 0
    rows = Complaint.objects.exclude(state__in=list(flow.CLOSED)).filter(pause="", is_escalated=False)
    for row in rows.filter(target_due_at__lte=now).order_by("target_due_at", "id")[:MOST]:
        at = flow.escalates_at(
            state=State(row.state), is_escalated=row.is_escalated, pause=row.pause, target_due=row.target_due_at,
            calendar=stored.calendar_of(row), content=content,
        )  # fmt: skip
        if at is None or at > now:
            continue
        # Stored text: in the language of the site, whoever reads it.
        with override(settings.LANGUAGE_CODE):
            why = gettext("The step is late for %(hours)s working hours") % {"hours": terms.days(content, "escalate")}
        try:
            moving.move(
                actor=Actor.system("complaints"), now=now, ref=row.ref, action="escalate", version=row.version,
                facts={"why": why},
            )  # fmt: skip
        except StaleState:
            continue  # somebody moved it meanwhile: looked at again next time
        count += 1
    return count


def _warn_above(now: datetime) -> int:
    """Checks, supervisions and rectifications that are near their day or over it; each once."""
    told = 0
    checks = Check.objects.filter(decided_at__isnull=True, due_at__lte=now + CHECK_AHEAD).select_related("complaint")
    for check in checks.order_by("due_at")[:MOST]:
        row = check.complaint
        above = org.holders_of(flow.SUPERIOR, unit_id=row.unit_id, today=numbering.day_of(now))
        zh, en, key = ("核查已超期限", "A check is past its day", "late") if check.due_at <= now else (
            "核查期限临近", "The day of a check comes near", "near")  # fmt: skip
        told += stored.tell(now, row, above, zh, en, f"check-{key}-{check.pk}")
    orders = Supervision.objects.filter(answered_at__isnull=True, due_at__lte=now).select_related("complaint")
    for order in orders.order_by("due_at")[:MOST]:
        row = order.complaint
        above = org.holders_of(flow.REVIEW, unit_id=row.unit_id, today=numbering.day_of(now))
        users = [*([row.handler_id] if row.handler_id else []), *above]
        told += stored.tell(now, row, users, "督办答复已超时", "A supervision is not answered in time",
                            f"order-late-{order.pk}")  # fmt: skip
    for one in Rectification.objects.filter(state="open", due_date__lt=numbering.day_of(now))[:MOST]:
        users = [key for key in (one.owner_id, one.opened_by_id) if key is not None]
        told += notices.tell(
            now=now, users=users, kind="complaints", title_zh=f"溯源整改已超期：{one.title}",
            title_en=f"A rectification is past its day: {one.title}", dedupe_key=f"rectification-late-{one.pk}",
            url="/complaints/rectifications/",
        )  # fmt: skip
    return told


def _doers(row: Complaint, now: datetime) -> list[UUID]:
    owner = routing.owner_of(row)
    if owner is not None:
        return [owner]
    wanted = flow.REVIEW if row.state in (State.REGISTERED, State.CALLED_BACK) else flow.HANDLE
    return org.holders_of(wanted, unit_id=row.unit_id, today=numbering.day_of(now))
