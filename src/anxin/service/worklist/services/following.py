"""Open work goes with the customer or the matter it is about when that changes hands."""

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


@transaction.atomic
def follow_subject(
    *, actor: Actor, now: datetime, kinds: Sequence[str], subject_id: UUID, owner_id: UUID | None
) -> int:  # fmt: skip
    """What is open about this subject is its new owner's from now on; None: the unit's, until somebody takes it."""
    rows = WorkItem.objects.filter(kind__in=list(kinds), subject_id=subject_id, state=ItemState.OPEN)
    rows = rows.exclude(owner=owner_id)
    ids = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    if ids:
        WorkItem.objects.filter(pk__in=ids).update(owner_id=owner_id, version=F("version") + 1)
        remember(ids, Action.HAND_OVER, actor, now, before=ItemState.OPEN, after=str(owner_id or ""))
    return len(ids)
