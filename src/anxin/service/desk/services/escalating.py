"""Promises about to be broken: the owner is told at amber, whoever leads the desk at red; both get it as work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.service.desk.models import Promise
from anxin.service.desk.services.moves import DUE_ITEM
from anxin.service.worklist import services as worklist
from anxin.service.worklist.data import NewItem

BATCH = 500
AMBER, RED = 1, 2


def escalate(*, now: datetime) -> dict[str, int]:
    """Tell what has become amber and red since the last time. Run as often as wanted: each is told once."""
    return {"amber": _all(AMBER, now), "red": _all(RED, now)}


def _all(level: int, now: datetime) -> int:
    told = 0
    while True:
        done = _batch(level, now)
        told += done
        if done < BATCH:
            return told


def _waiting(level: int, now: datetime) -> QuerySet[Promise]:
    rows = Promise.objects.filter(done_at__isnull=True, is_paused=False, told_level__lt=level)
    if level == AMBER:
        # What is late already is told as late.
        return rows.filter(told_level=0, amber_at__lte=now, due_at__gt=now).order_by("amber_at", "id")
    return rows.filter(told_level__lt=RED, due_at__lte=now).order_by("due_at", "id")


@transaction.atomic
def _batch(level: int, now: datetime) -> int:
    rows = list(_waiting(level, now).select_for_update(skip_locked=True, of=("self",)).select_related("ticket")[:BATCH])
    leaders: dict[UUID | None, list[UUID]] = {}
    items = []
    for row in rows:
        ticket = row.ticket
        if level == RED or ticket.owner_id is None:
            if ticket.unit_id not in leaders:
                leaders[ticket.unit_id] = org.holders_of("desk.lead", unit_id=ticket.unit_id, today=now.date())
            users: Sequence[UUID] = [*leaders[ticket.unit_id], *([ticket.owner_id] if ticket.owner_id else [])]
        else:
            users = [ticket.owner_id]
        is_red = level == RED
        notices.tell(
            now=now, users=users, kind="desk.due", url=f"/desk/tickets/{ticket.pk}/",
            title_zh=f"工单 {ticket.number} {'承诺时限已超' if is_red else '即将超过承诺时限'}",
            title_en=f"Ticket {ticket.number} is {'past its promise' if is_red else 'about to miss its promise'}",
            dedupe_key=f"desk.due:{row.pk}:{level}",
        )  # fmt: skip
        if ticket.owner_id is not None:
            items.append(
                NewItem(
                    kind=DUE_ITEM,
                    occurrence=f"{ticket.pk}:{level}",
                    starts_at=now,
                    due_at=row.due_at,
                    party_id=ticket.party_id,
                    owner_id=ticket.owner_id,
                    unit_id=ticket.unit_id,
                    priority=1,
                    detail={"number": ticket.number},
                    subject_kind="ticket",
                    subject_id=ticket.pk,
                )
            )
    worklist.ensure_items(now=now, items=items)
    Promise.objects.filter(pk__in=[row.pk for row in rows]).update(told_level=level)
    return len(rows)
