"""Reading work items: lists by page, counters, one item with its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext

from anxin.book.customers.queries import keyset
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.worklist import access, rules
from anxin.service.worklist.access import ItemNotFound as ItemNotFound
from anxin.service.worklist.data import (
    Counters,
    Due,
    ItemFilter,
    ItemKind,
    ItemPage,
    ItemState,
    ItemView,
    MoveView,
    Outcome,
    Whose,
)
from anxin.service.worklist.models import WorkItem, WorkItemMove

PAGE_SIZE: Final = 50
COUNTED_AT_MOST: Final = 1_000
BadCursor = keyset.BadCursor
_COLUMNS = (
    "id", "kind", "title", "detail", "party_id", "party__ref", "party__name", "party__standing__tier", "owner_id",
    "owner__display_name", "given_by__display_name", "unit__name", "priority", "state", "outcome", "outcome_note",
    "starts_at", "due_at", "snoozed_until", "subject_kind", "subject_id", "version", "created_at", "finished_at",
)  # fmt: skip


def kinds() -> Mapping[str, ItemKind]:
    return rules.kinds()


def list_items(actor: Actor, wanted: ItemFilter, *, now: datetime, cursor: str = "", size: int = PAGE_SIZE) -> ItemPage:
    """Open items by due time, finished ones latest first. Three queries whatever the size. Raises BadCursor."""
    rows = WorkItem.objects.filter(_condition(actor, wanted, now))
    if wanted.state is ItemState.OPEN:
        run = keyset.Run(where=Q(), first="due_at")
    else:
        run = keyset.Run(where=Q(), first="finished_at", is_descending=True)
    found = keyset.read(rows, [run], code=f"worklist-{wanted.state}", cursor=cursor, size=size)
    total = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    return ItemPage(
        rows=tuple(views_of(found.ids)),
        next_cursor=found.next_cursor,
        previous_cursor=found.previous_cursor,
        start=found.start,
        total=min(total, COUNTED_AT_MOST),
        is_total_estimate=total > COUNTED_AT_MOST,
    )


def summarise(actor: Actor, *, now: datetime, whose: Whose = Whose.MINE) -> Counters:
    """The counters of the workbench, in one query (plus the actor's reach when not only one's own)."""
    today_ends = rules.end_of(rules.day_of(now))
    week_ends = today_ends + timedelta(days=6)
    awake = Q(starts_at__lte=now) & (Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))
    is_open = Q(state=ItemState.OPEN)
    done_today = Q(state=ItemState.DONE, finished_at__gte=rules.start_of(rules.day_of(now)))
    rows = (
        WorkItem.objects.filter(_owners(actor, whose), is_open | done_today)
        .values("kind")
        .annotate(
            open_count=Count("pk", filter=is_open & awake),
            overdue=Count("pk", filter=is_open & awake & Q(due_at__lte=now)),
            today=Count("pk", filter=is_open & awake & Q(due_at__gt=now, due_at__lte=today_ends)),
            week=Count("pk", filter=is_open & awake & Q(due_at__gt=today_ends, due_at__lte=week_ends)),
            snoozed=Count("pk", filter=is_open & Q(snoozed_until__gt=now)),
            done_today=Count("pk", filter=done_today),
        )
    )
    sums: Counter[str] = Counter()
    by_kind: dict[str, int] = {}
    for row in rows:
        by_kind[row["kind"]] = row["open_count"]
        sums.update({name: row[name] for name in ("open_count", "overdue", "today", "week", "snoozed", "done_today")})
    return Counters(
        open=sums["open_count"],
        overdue=sums["overdue"],
        today=sums["today"],
        week=sums["week"],
        snoozed=sums["snoozed"],
        done_today=sums["done_today"],
        by_kind=by_kind,
    )


def get_item(actor: Actor, item_id: UUID) -> ItemView:
    """Raises ItemNotFound."""
    return views_of([access.get_item(actor, item_id).pk])[0]


def list_moves(actor: Actor, item_id: UUID) -> list[MoveView]:
    """The history of an item, newest first. Raises ItemNotFound."""
    item = access.get_item(actor, item_id)
    rows = WorkItemMove.objects.filter(item=item).order_by("-at", "-id")
    return [
        MoveView(
            action=row.action, before=row.before, after=row.after, actor_name=row.actor_name, at=row.at, why=row.why
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the items about some subjects are."""

    total: int
    done: int
    overdue: int
    next_due_at: datetime | None


def progress(kind: str, subjects: QuerySet[Any, Any], *, now: datetime) -> Progress:
    """Of the items of a kind about these subjects (a query of keys). For rooms above: asks for no permission."""
    is_open = Q(state=ItemState.OPEN)
    found = WorkItem.objects.filter(kind=kind, subject_id__in=subjects).aggregate(
        total=Count("pk"), open=Count("pk", filter=is_open), overdue=Count("pk", filter=is_open & Q(due_at__lte=now)),
        next_due_at=Min("due_at", filter=is_open),
    )  # fmt: skip
    return Progress(
        total=found["total"], done=found["total"] - found["open"], overdue=found["overdue"],
        next_due_at=found["next_due_at"],
    )  # fmt: skip


def states_of(kind: str, subject_ids: Sequence[UUID]) -> dict[UUID, tuple[ItemState, str, datetime]]:
    """Subject → state, outcome and due time of its item of this kind. For rooms above: asks for no permission."""
    rows = WorkItem.objects.filter(kind=kind, subject_id__in=list(subject_ids)).order_by("created_at")
    return {
        subject: (ItemState(state), outcome, due)
        for subject, state, outcome, due in rows.values_list("subject_id", "state", "outcome", "due_at")
        if subject is not None
    }


def outcomes(kind: str, *, now: datetime) -> Sequence[Outcome]:
    """The outcome codes that fit a kind of item, as the scheme in force says."""
    scheme = schemes.active(rules.OUTCOMES, on=rules.day_of(now))
    return [outcome for outcome in rules.outcomes_of(scheme.content) if outcome.fits(kind)]


def _owners(actor: Actor, whose: Whose) -> Q:
    if whose is Whose.MINE:
        actor.require("worklist.work")
        return Q(owner_id=actor.user_id)
    return access.reach(actor)


def _condition(actor: Actor, wanted: ItemFilter, now: datetime) -> Q:
    found = _owners(actor, wanted.whose) & Q(state=wanted.state)
    if wanted.kinds:
        found &= Q(kind__in=wanted.kinds)
    if wanted.owner_id is not None:
        found &= Q(owner_id=wanted.owner_id)
    if wanted.party_id is not None:
        found &= Q(party_id=wanted.party_id)
    if wanted.state is not ItemState.OPEN:
        # Open items of a restricted or erased customer are cancelled; finished ones must not name them.
        return found & (Q(party__isnull=True) | Q(party__state="active"))
    if wanted.is_snoozed:
        found &= Q(snoozed_until__gt=now)
    else:
        found &= Q(starts_at__lte=now) & (Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))
    today_ends = rules.end_of(rules.day_of(now))
    week_ends = today_ends + timedelta(days=6)
    if wanted.due is Due.OVERDUE:
        found &= Q(due_at__lte=now)
    elif wanted.due is Due.TODAY:
        found &= Q(due_at__gt=now, due_at__lte=today_ends)
    elif wanted.due is Due.WEEK:
        found &= Q(due_at__gt=today_ends, due_at__lte=week_ends)
    elif wanted.due is Due.LATER:
        found &= Q(due_at__gt=week_ends)
    return found


def views_of(ids: Sequence[UUID]) -> list[ItemView]:
    rows = {row["id"]: row for row in WorkItem.objects.filter(pk__in=list(ids)).values(*_COLUMNS)}
    return [_view(rows[key]) for key in ids if key in rows]


def _view(row: dict[str, Any]) -> ItemView:
    kind = rules.kinds().get(row["kind"])
    title = row["title"]
    if kind is not None and kind.text:
        detail = row["detail"]
        title = gettext(kind.text) % {**detail, **{name: gettext(detail[name]) for name in kind.words}}
    return ItemView(
        id=row["id"],
        kind=row["kind"],
        kind_label=gettext(kind.label) if kind is not None else row["kind"],
        icon=kind.icon if kind is not None else "checklist",
        title=title,
        url=kind.page(row["subject_id"]) if kind is not None and kind.page is not None and row["subject_id"] else "",
        party_id=row["party_id"],
        party_ref=row["party__ref"] or "",
        party_name=row["party__name"] or "",
        tier=row["party__standing__tier"] or "",
        owner_id=row["owner_id"],
        owner_name=row["owner__display_name"] or "",
        given_by_name=row["given_by__display_name"] or "",
        unit_name=row["unit__name"] or "",
        priority=row["priority"],
        state=ItemState(row["state"]),
        outcome=row["outcome"],
        outcome_note=row["outcome_note"],
        starts_at=row["starts_at"],
        due_at=row["due_at"],
        snoozed_until=row["snoozed_until"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        version=row["version"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )
