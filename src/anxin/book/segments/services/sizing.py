"""How many customers each saved segment has: counted when it is saved, after every run, and when somebody asks."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from anxin.book.segments.models import Segment
from anxin.book.segments.queries import members
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def size_all(*, now: datetime, owner_id: UUID | None = None) -> int:
    """Count every segment, or those of one person, within the reach of whoever made it; returns how many were.

    Whose maker may see classes no more keeps the number it had.
    """
    rows = Segment.objects.filter(owner__is_active=True).select_related("owner").order_by("owner", "name")
    counted, actor = 0, None
    for row in rows if owner_id is None else rows.filter(owner=owner_id):
        if row.owner is not None and (actor is None or actor.user_id != row.owner_id):
            actor = org.actor_for(row.owner, today=now.astimezone(SHANGHAI).date(), channel="worker")
        if actor is not None and actor.may("segments.view"):
            size_one(actor, row, now=now)
            counted += 1
    return counted


def size_one(actor: Actor, row: Segment, *, now: datetime) -> None:
    """Count one as the actor reaches it; None for a condition that asks for what a site took away."""
    size: int | None
    try:
        size = members.count_of(actor, row, today=now.astimezone(SHANGHAI).date()).parties
    except members.InvalidCondition:
        size = None
    row.size, row.sized_at = size, now
    Segment.objects.filter(pk=row.pk).update(size=size, sized_at=now)
