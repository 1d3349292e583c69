"""The promises of a ticket: begun with it, standing still, kept or broken, counted anew when a calendar changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Exists, OuterRef

from anxin.foundation.org import queries as org
from anxin.kernel import bulk, promises
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.promises import Clock, ClockRefused
from anxin.kernel.worktime import Calendar
from anxin.service.desk.data import PromiseKind
from anxin.service.desk.models import Promise, Ticket
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import promising as rules

CHUNK = 5_000


@dataclass(frozen=True)
class Going:
    """The open promises of one ticket with their clocks, and how to read them."""

    rows: Sequence[Promise]
    calendar: Calendar
    now: datetime
    amber: int

    def change(self, set_it: Callable[[Clock], Clock], kinds: Iterable[PromiseKind] | None = None) -> list[Promise]:
        """Set the clocks of the open promises (of these kinds); one that cannot be set so stays as it is."""
        wanted = None if kinds is None else set(kinds)
        changed = []
        for row in self.rows:
            if row.done_at is not None or (wanted is not None and row.kind not in wanted):
                continue
            try:
                clock = set_it(promises.load(row.clock))
            except ClockRefused:
                # Late already, or standing still already: there is nothing to set.
                continue
            write(row, clock, self.calendar, self.now, self.amber)
            changed.append(row)
        return changed


def write(row: Promise, clock: Clock, calendar: Calendar, now: datetime, amber: int) -> None:
    """Bring the columns up to the clock."""
    row.clock = promises.dump(clock)
    row.due_at, row.amber_at = promises.schedule(clock, calendar, now, amber)
    row.is_paused = clock.is_paused
    row.done_at = clock.done_at
    row.is_kept = promises.is_kept(row.due_at, clock.done_at) if clock.done_at else None


def of(ticket: Ticket, now: datetime, amber: int) -> Going:
    """The promises of a ticket, open ones and kept ones. A ticket that came in from a file makes its first here."""
    calendar = org.working_calendar(ticket.unit_id)
    rows = list(Promise.objects.filter(ticket=ticket.pk))
    if not rows and ticket.source and ticket.ended_at is None:
        kind = schemes.ticket_types(now).get(ticket.type)
        if kind is not None:
            rows = [adopt(ticket, rules.standard_clock(kind, ticket.opened_at), calendar, now, amber)]
    return Going(rows, calendar, now, amber)


def adopt(ticket: Ticket, clock: Clock, calendar: Calendar, now: datetime, amber: int) -> Promise:
    """The promise of the standard time for a ticket that has none; another process may have been faster."""
    row = Promise(id=uuid7(), ticket=ticket, kind=PromiseKind.RESOLVE, started_at=ticket.opened_at)
    write(row, clock, calendar, now, amber)
    Promise.objects.bulk_create([row], ignore_conflicts=True)
    return Promise.objects.get(ticket=ticket.pk, kind=PromiseKind.RESOLVE)


def adopt_all(*, now: datetime, amber: int, limit: int = 20_000) -> int:
    """Promises for the open tickets that came in from files without any. For the night."""
    types = schemes.ticket_types(now)
    calendar = org.working_calendar()
    has = Promise.objects.filter(ticket=OuterRef("pk"))
    rows = Ticket.objects.filter(ended_at__isnull=True).exclude(source="").filter(~Exists(has))[:limit]
    made = []
    for ticket in rows:
        kind = types.get(ticket.type)
        if kind is None:
            continue
        row = Promise(id=uuid7(), ticket=ticket, kind=PromiseKind.RESOLVE, started_at=ticket.opened_at)
        write(row, rules.standard_clock(kind, ticket.opened_at), calendar, now, amber)
        made.append(row)
    Promise.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
    return len(made)


def save(rows: Iterable[Promise]) -> None:
    changed = list(rows)
    if changed:
        Promise.objects.bulk_update(changed, ["clock", "due_at", "amber_at", "is_paused", "done_at", "is_kept"])


def first_due(rows: Iterable[Promise], fallback: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """`(due_at, amber_at)` of the open promise that is due first; `fallback` when none is open."""
    open_ones = sorted((row.due_at, row.amber_at) for row in rows if row.done_at is None)
    return open_ones[0] if open_ones else fallback


def recompute(*, now: datetime, amber: int, unit_ids: Sequence[UUID] | None = None) -> int:
    """Say anew when every open promise is due, after a calendar changed. Returns how many moved.

    Chunk by chunk in order of id, each in its own transaction: a killed run is simply run again.
    """
    calendars: dict[UUID | None, Calendar] = {}
    moved = 0
    last = UUID(int=0)
    while True:
        rows = Promise.objects.filter(done_at__isnull=True, pk__gt=last).order_by("pk")
        if unit_ids is not None:
            rows = rows.filter(ticket__unit__in=unit_ids)
        chunk = list(rows.values_list("pk", "clock", "due_at", "amber_at", "ticket_id", "ticket__unit_id")[:CHUNK])
        if not chunk:
            return moved
        last = chunk[-1][0]
        found = []
        for key, stored, due, amber_at, ticket_id, unit_id in chunk:
            if unit_id not in calendars:
                calendars[unit_id] = org.working_calendar(unit_id)
            fresh = promises.schedule(promises.load(stored), calendars[unit_id], now, amber)
            if fresh != (due, amber_at):
                found.append((key, *fresh, ticket_id))
        if found:
            _write(found)
        moved += len(found)


@transaction.atomic
def _write(found: Sequence[tuple[UUID, datetime, datetime, UUID]]) -> None:
    moment = pl.Datetime("us", "UTC")
    frame = pl.DataFrame(
        {"id": [str(key) for key, *_rest in found], "due_at": [one[1] for one in found],
         "amber_at": [one[2] for one in found]},
        schema={"id": pl.String, "due_at": moment, "amber_at": moment},
    )  # fmt: skip
    bulk.update_frame("desk_promise", frame)
    tickets: dict[UUID, tuple[datetime, datetime]] = {}
    keys = {one[3] for one in found}
    rows = Promise.objects.filter(ticket__in=keys, done_at__isnull=True, ticket__ended_at__isnull=True)
    for ticket_id, due, amber_at in rows.values_list("ticket_id", "due_at", "amber_at"):
        tickets[ticket_id] = min(tickets.get(ticket_id, (due, amber_at)), (due, amber_at))
    if tickets:
        bulk.update_frame(
            "desk_ticket",
            pl.DataFrame(
                {"id": [str(key) for key in tickets], "due_at": [one[0] for one in tickets.values()],
                 "amber_at": [one[1] for one in tickets.values()]},
                schema={"id": pl.String, "due_at": moment, "amber_at": moment},
            ),
        )  # fmt: skip
