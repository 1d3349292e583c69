"""Open work about customers goes with them when they change hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.kernel.actor import Actor
from anxin.service.worklist.data import Action, ItemState
from anxin.service.worklist.models import WorkItem
from anxin.service.worklist.services.items import remember


@transaction.atomic
def follow(
    *, actor: Actor, now: datetime, parties: Sequence[UUID], before: UUID, after: UUID, unit_id: UUID | None = None
) -> int:
    """What `before` has open about these customers is `after`'s from now on; returns how many items."""
    rows = WorkItem.objects.filter(party__in=list(parties), owner=before, state=ItemState.OPEN)
    ids = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    changes = {"owner_id": after, "version": F("version") + 1} | ({"unit_id": unit_id} if unit_id else {})
    WorkItem.objects.filter(pk__in=ids).update(**changes)
    remember(ids, Action.HAND_OVER, actor, now, before=ItemState.OPEN, after=str(after))
    return len(ids)
