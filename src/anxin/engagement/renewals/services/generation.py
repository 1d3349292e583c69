"""The nightly side: which policies are to be renewed, which went on, which were lost, and whom to remind.

Portion by portion, each in its own transaction; unique keys and conditional updates make any number of runs end alike,
also when one is killed or two run at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.book.portfolio.queries import renewable
from anxin.book.portfolio.queries.renewable import Ending
from anxin.engagement.renewals import queries, rules
from anxin.engagement.renewals.data import Intention, Made, RenewalState
from anxin.engagement.renewals.models import Renewal
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.worklist import services as worklist
from anxin.service.worklist.data import NewItem

PORTION = 5_000
ITEM = "renewal"


def nightly(*, actor: Actor, now: datetime, progress: Callable[[str, int], None] | None = None) -> dict[str, int]:
    """For the orchestration. `progress("renewals", policies seen)` after every portion."""
    made = ensure_renewals(actor=actor, now=now, progress=progress)
    return {name: int(count) for name, count in asdict(made).items()}


def ensure_renewals(*, actor: Actor, now: datetime, progress: Callable[[str, int], None] | None = None) -> Made:
    """Bring the list up to the book of business as of `now`."""
    today = rules.today_of(now)
    settings = queries.settings_of(now)
    within = int(settings["renewed_within_days"])
    horizon = max(settings["days_before"], default=0)
    first = today - timedelta(days=within + rules.LOST_MAY_TURN_DAYS)
    stream = renewable.ending(first, today + timedelta(days=horizon), without_lines=rules.LINES_WITHOUT_RENEWAL)
    total: dict[str, int] = asdict(Made())
    seen = 0
    for portion in _portions(stream):
        with transaction.atomic():
            done = _portion(portion, actor, now, today, settings)
        for name, count in done.items():
            total[name] += count
        seen += len(portion)
        if progress is not None:
            progress("renewals", seen)
    total["lost"] += _lose(now, today, within)
    total["excluded"] += _exclude_moved(now, first)
    return Made(**total)


def _portions(stream: Iterator[Ending]) -> Iterator[list[Ending]]:
    while portion := list(islice(stream, PORTION)):
        yield portion


def _portion(
    endings: Sequence[Ending], actor: Actor, now: datetime, today: date, settings: dict[str, Any]
) -> dict[str, int]:
    within = int(settings["renewed_within_days"])
    shortest = int(settings["shortest_term_days"])
    days_before = list(settings["days_before"])
    followed = renewable.next_terms(endings, within_days=within)
    known = {
        (row.policy_id, row.expiry_date): row
        for row in Renewal.objects.filter(policy_id__in=[one.id for one in endings])
    }
    fresh: list[Renewal] = []
    moved: list[Renewal] = []
    turned: list[Renewal] = []
    excluded: list[UUID] = []
    open_now: list[tuple[Renewal, Ending]] = []
    for one in endings:
        row = known.get((one.id, one.expiry_date))
        is_due = rules.is_to_be_renewed(
            line=one.line, status=one.status, effective_date=one.effective_date, expiry_date=one.expiry_date,
            vehicle_use=one.vehicle_use, shortest_term_days=shortest,
        )  # fmt: skip
        successor = followed.get(one.id)
        if row is None:
            if not is_due:
                continue
            row = _new(one, successor, now, today, within)
            fresh.append(row)
        elif row.state in (RenewalState.OPEN, RenewalState.LOST):
            if not is_due:
                excluded.append(row.pk)
                continue
            if successor is not None:
                row.state, row.renewed_by_id, row.changed_at = RenewalState.RENEWED, successor, now
                turned.append(row)
            elif row.state == RenewalState.OPEN and (row.owner_id, row.unit_id) != (one.manager_id, one.unit_id):
                row.owner_id, row.unit_id, row.changed_at = one.manager_id, one.unit_id, now
                moved.append(row)
        if row.state == RenewalState.OPEN:
            open_now.append((row, one))
    Renewal.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1_000)
    # Only what changes is locked: thousands of rows that stay as they are would be written for nothing.
    held = dict(
        Renewal.objects.filter(pk__in=[row.pk for row in (*turned, *moved)])
        .order_by("pk")
        .select_for_update()
        .values_list("pk", "version")
    )
    for row in (*turned, *moved):
        row.version = held[row.pk] + 1
    Renewal.objects.bulk_update(turned, ["state", "renewed_by", "changed_at", "version"], batch_size=500)
    Renewal.objects.bulk_update(moved, ["owner", "unit", "changed_at", "version"], batch_size=500)
    Renewal.objects.filter(pk__in=excluded).update(
        state=RenewalState.EXCLUDED, changed_at=now, version=F("version") + 1
    )
    over = [row.pk for row in turned] + excluded
    if over:
        worklist.close_for_subjects(actor=actor, now=now, kinds=[ITEM], subject_ids=over, outcome="completed")
    return {
        "new": len(fresh),
        "renewed": len(turned),
        "excluded": len(excluded),
        "moved": len(moved),
        "reminders": _remind(open_now, known, actor, now, today, days_before),
    }


def _new(one: Ending, successor: UUID | None, now: datetime, today: date, within: int) -> Renewal:
    state = RenewalState.OPEN
    if successor is not None:
        state = RenewalState.RENEWED
    elif rules.is_lost(one.expiry_date, today, within):
        state = RenewalState.LOST
    return Renewal(
        id=uuid7(), policy_id=one.id, party_id=one.holder_id, owner_id=one.manager_id, unit_id=one.unit_id,
        expiry_date=one.expiry_date, premium_fen=one.premium_fen, line=one.line, state=state,
        renewed_by_id=successor, changed_at=now, created_at=now,
    )  # fmt: skip


def _remind(
    open_now: Sequence[tuple[Renewal, Ending]], known: dict[tuple[UUID, date], Renewal], actor: Actor, now: datetime,
    today: date, days_before: list[int],
) -> int:  # fmt: skip
    """One reminder per renewal at a time: a new one takes the place of those before it."""
    items = []
    again = []
    for row, one in open_now:
        window = rules.window_of(one.expiry_date, today, days_before)
        if window is None or row.owner_id is None or row.intention == Intention.NOT_RENEW:
            continue
        if row.next_date is not None and row.next_date > today:
            continue  # the customer asked to be left alone until then
        items.append(
            NewItem(
                kind=ITEM, occurrence=f"{one.id}:{one.expiry_date}:{window}", starts_at=now,
                due_at=rules.reminder_due(one.expiry_date, window, days_before), party_id=row.party_id,
                owner_id=row.owner_id, unit_id=row.unit_id, priority=1 if window <= 7 else 2,
                detail={"product": one.product_name, "day": one.expiry_date.isoformat(), "policy": one.policy_no},
                subject_kind="renewal", subject_id=row.pk,
            )
        )  # fmt: skip
        if (one.id, one.expiry_date) in known:
            again.append(row.pk)
    if not items:
        return 0
    return worklist.replace_items(actor=actor, now=now, items=items, earlier_of=again)


def _lose(now: datetime, today: date, within: int) -> int:
    """Open ones whose time for going on is over."""
    return Renewal.objects.filter(state=RenewalState.OPEN, expiry_date__lt=today - timedelta(days=within)).update(
        state=RenewalState.LOST, changed_at=now, version=F("version") + 1
    )


def _exclude_moved(now: datetime, first: date) -> int:
    """Open ones whose policy has another end by now: that end has a renewal of its own."""
    return (
        Renewal.objects.filter(state=RenewalState.OPEN, expiry_date__gte=first)
        .exclude(expiry_date=F("policy__expiry_date"))
        .update(state=RenewalState.EXCLUDED, changed_at=now, version=F("version") + 1)
    )
