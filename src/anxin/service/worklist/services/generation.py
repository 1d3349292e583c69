"""Items that rooms make and close by themselves, set-wise and as often as they like with the same end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from anxin.kernel import bulk_select
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
def ensure_item_each(
    *, actor: Actor, now: datetime, kind: str, subject_kind: str, subjects: QuerySet[Any], columns: Mapping[str, Any]
) -> int:
    """An item for every row of `subjects` that does not exist yet, in the place of the subject's earlier open ones.

    `columns`: fields of NewItem → value or expression over `subjects`; `occurrence` is among them. A subject without a
    new item keeps what it has: somebody may have put it off. Returns how many are new. No row comes through Python.
    """
    if kind not in rules.kinds():
        raise ValueError(f"No such kind of work item: {kind}.")
    known = WorkItem.objects.filter(kind=kind, occurrence=OuterRef("item_occurrence"))
    fresh = subjects.annotate(item_occurrence=columns["occurrence"]).exclude(Exists(known))
    close_for_subjects(actor=actor, now=now, kinds=[kind], subject_ids=fresh.values("pk"), outcome="superseded")
    return bulk_select.insert_select(
        WorkItem, fresh,
        {
            "starts_at": now, "created_at": now, **columns, "kind": kind, "subject_kind": subject_kind,
            "subject_id": F("pk"), "occurrence": F("item_occurrence"),
        },
    )  # fmt: skip


@transaction.atomic
def close_for_subjects(
    *, actor: Actor, now: datetime, kinds: Sequence[str], subject_ids: Sequence[UUID] | QuerySet[Any, Any],
    outcome: str, why: str = "", except_item: UUID | None = None,
) -> int:  # fmt: skip
    """Finish the open items about these subjects (keys, or a query of keys), because what they asked for is done.
    Returns how many."""
    rows = WorkItem.objects.filter(kind__in=list(kinds), subject_id__in=subject_ids, state=ItemState.OPEN)
    if except_item is not None:
        rows = rows.exclude(pk=except_item)
    ids = bulk_select.update_select(
        rows,
        {"state": ItemState.DONE, "outcome": outcome, "finished_at": now, "finished_by": actor.user_id},
        bump=["version"],
    )
    remember(ids, Action.COMPLETE, actor, now, before=ItemState.OPEN, after=outcome, why=why)
    return len(ids)
