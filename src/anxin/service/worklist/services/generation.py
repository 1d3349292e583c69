"""Items that rooms make and close by themselves, set-wise and as often as they like with the same end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.worklist import rules
from anxin.service.worklist.data import Action, ItemState, NewItem
from anxin.service.worklist.models import WorkItem
from anxin.service.worklist.services.items import remember

BATCH = 2_000


def ensure_items(*, now: datetime, items: Iterable[NewItem]) -> int:
    """Make the items that do not exist yet; one that exists, open or done, is left as it is. Returns how many are new.

    Two runs at once make each item once: the database refuses the second (kind, occurrence).
    """
    made = 0
    source: Iterator[NewItem] = iter(items)
    while batch := list(islice(source, BATCH)):
        if unknown := {item.kind for item in batch} - set(rules.kinds()):
            raise ValueError(f"No such kind of work item: {', '.join(sorted(unknown))}.")
        made += _insert(batch, now)
    return made


def _insert(batch: Sequence[NewItem], now: datetime) -> int:
    rows = [
        WorkItem(
            id=uuid7(), kind=item.kind, title=item.title, detail=dict(item.detail), party_id=item.party_id,
            owner_id=item.owner_id, unit_id=item.unit_id, priority=item.priority, starts_at=item.starts_at,
            due_at=item.due_at, occurrence=item.occurrence, subject_kind=item.subject_kind,
            subject_id=item.subject_id, created_at=now,
        )
        for item in batch
    ]  # fmt: skip
    known = set(
        WorkItem.objects.filter(
            kind__in={row.kind for row in rows}, occurrence__in=[row.occurrence for row in rows]
        ).values_list("kind", "occurrence")
    )
    fresh = [row for row in rows if (row.kind, row.occurrence) not in known]
    WorkItem.objects.bulk_create(fresh, ignore_conflicts=True)
    # Another run may have been faster with some of them: only what is there under our own keys is ours.
    return WorkItem.objects.filter(pk__in=[row.pk for row in fresh]).count() if fresh else 0


@transaction.atomic
def replace_items(*, actor: Actor, now: datetime, items: Sequence[NewItem], earlier_of: Sequence[UUID]) -> int:
    """`ensure_items`, and the earlier open items of the subjects `earlier_of` give way to those that are new for them.

    A subject without a new item keeps what it has: somebody may have put it off. Returns how many are new.
    """
    occurrences = [item.occurrence for item in items]
    known = set(
        WorkItem.objects.filter(kind__in={item.kind for item in items}, occurrence__in=occurrences).values_list(
            "kind", "occurrence"
        )
    )
    fresh = [item for item in items if (item.kind, item.occurrence) not in known]
    earlier = set(earlier_of) & {item.subject_id for item in fresh if item.subject_id is not None}
    if earlier:
        close_for_subjects(
            actor=actor, now=now, kinds=sorted({item.kind for item in fresh}), subject_ids=sorted(earlier),
            outcome="superseded",
        )  # fmt: skip
    return ensure_items(now=now, items=fresh)


@transaction.atomic
def close_for_subjects(
    *, actor: Actor, now: datetime, kinds: Sequence[str], subject_ids: Sequence[UUID], outcome: str, why: str = "",
    except_item: UUID | None = None,
) -> int:  # fmt: skip
    """Finish the open items about these subjects, because what they asked for is done. Returns how many."""
    rows = WorkItem.objects.filter(kind__in=list(kinds), subject_id__in=list(subject_ids), state=ItemState.OPEN)
    if except_item is not None:
        rows = rows.exclude(pk=except_item)
    ids = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    WorkItem.objects.filter(pk__in=ids).update(
        state=ItemState.DONE, outcome=outcome, finished_at=now, finished_by_id=actor.user_id, version=F("version") + 1
    )
    remember(ids, Action.COMPLETE, actor, now, before=ItemState.OPEN, after=outcome, why=why)
    return len(ids)
