"""The promises of a ticket: begun with it, standing still, kept or broken, counted anew when a calendar changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from anxin.foundation.org import queries as org
from anxin.kernel import bulk, promises
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.promises import Clock, ClockRefused
from anxin.kernel.worktime import Calendar
from anxin.service.desk.data import PromiseKind
from anxin.service.desk.models import Promise, Ticket
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import promising as rules

CHUNK = 10_000
ADOPTED = 5_000
FIRST = UUID(int=0)


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


def adopt_all(*, now: datetime, amber: int, limit: int = 200_000) -> int:
    """Promises for the tickets that came in from files without any: of open ones that go on, of finished ones whether
    the standard time was kept, so that history too is told against actual. For the night.

    Chunk by chunk in order of id: what cannot have one (its type is gone, it was withdrawn) does not stop the rest.
    """
    types = schemes.ticket_types(now)
    calendar = org.working_calendar()
    has = Promise.objects.filter(ticket=OuterRef("pk"))
    wanted = Ticket.objects.exclude(source="").exclude(state="withdrawn").filter(~Exists(has), type__in=list(types))
    count, last = 0, FIRST
    while count < limit:
        chunk = list(wanted.filter(pk__gt=last).order_by("pk").only("pk", "type", "opened_at", "ended_at")[:ADOPTED])
        if not chunk:
            break
        last = chunk[-1].pk
        made = []
        for ticket in chunk:
            row = Promise(id=uuid7(), ticket=ticket, kind=PromiseKind.RESOLVE, started_at=ticket.opened_at)
            clock = rules.standard_clock(types[ticket.type], ticket.opened_at)
            if ticket.ended_at is not None:
                clock = promises.finish(clock, at=ticket.ended_at)
            write(row, clock, calendar, now, amber)
            made.append(row)
        Promise.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
        count += len(made)
    return count


def save(rows: Iterable[Promise]) -> None:
    changed = list(rows)
    if changed:
        Promise.objects.bulk_update(changed, ["clock", "due_at", "amber_at", "is_paused", "done_at", "is_kept"])


def first_due(rows: Iterable[Promise], fallback: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """`(due_at, amber_at)` of the open promise that is due first; `fallback` when none is open."""
    open_ones = sorted((row.due_at, row.amber_at) for row in rows if row.done_at is None)
    return open_ones[0] if open_ones else fallback


def recompute(
    *, now: datetime, amber: int, unit_ids: Sequence[UUID] | None = None, after: UUID = FIRST,
    heard: Callable[[UUID, int, int], None] | None = None,
) -> int:  # fmt: skip
    """Say anew when every open promise is due, after a calendar changed. Returns how many moved.

    Chunk by chunk in order of id, each in its own transaction: a killed run is simply run again, or goes on `after` the
    last id it was told of. `heard(last id, looked at, moved)` is called inside the transaction of each chunk.
    """
    calendars: dict[UUID | None, Calendar] = {}
    seen = moved = 0
    last = after
    while chunk := list(_open_ones(unit_ids).filter(pk__gt=last).order_by("pk").values_list(*_READ)[:CHUNK]):
        last = chunk[-1][0]
        for unit_id in {row[-1] for row in chunk} - set(calendars):
            calendars[unit_id] = org.working_calendar(unit_id)
        found = _moved(chunk, calendars, now, amber)
        seen += len(chunk)
        with transaction.atomic():
            found = still_so(found, {row[0]: row[1] for row in chunk})
            moved += found.height
            if found.height:
                _write(found)
            if heard is not None:
                heard(last, seen, moved)
    return moved


def count_open(unit_ids: Sequence[UUID] | None = None) -> int:
    """How many promises are open, of these units or of all."""
    return _open_ones(unit_ids).count()


_READ = ("pk", "clock", "due_at", "amber_at", "ticket_id", "ticket__unit_id")
_MOMENT = pl.Datetime("us", "UTC")


def _open_ones(unit_ids: Sequence[UUID] | None) -> QuerySet[Promise]:
    rows = Promise.objects.filter(done_at__isnull=True)
    return rows if unit_ids is None else rows.filter(ticket__unit__in=unit_ids)


def _moved(
    chunk: Sequence[tuple[Any, ...]], calendars: Mapping[UUID | None, Calendar], now: datetime, amber: int
) -> pl.DataFrame:
    """Those of the chunk that are due at another time now: id, ticket_id, due_at, amber_at."""
    parts = []
    for unit_id, calendar in calendars.items():
        rows = [row for row in chunk if row[-1] == unit_id]
        if not rows:
            continue
        due, amber_at = promises.schedule_many([row[1] for row in rows], calendar, now, amber)
        parts.append(
            pl.DataFrame(
                {
                    "id": [str(row[0]) for row in rows], "ticket_id": [str(row[4]) for row in rows],
                    "due_at": due, "amber_at": amber_at,
                    "old_due": [row[2] for row in rows], "old_amber": [row[3] for row in rows],
                },
                schema_overrides={"old_due": _MOMENT, "old_amber": _MOMENT},
            ).with_columns(pl.col("due_at", "amber_at").cast(_MOMENT))
        )  # fmt: skip
    table = pl.concat(parts)
    is_other = (pl.col("due_at") != pl.col("old_due")) | (pl.col("amber_at") != pl.col("old_amber"))
    return table.filter(is_other).drop("old_due", "old_amber")


def still_so(found: pl.DataFrame, clocks: Mapping[UUID, Mapping[str, Any]]) -> pl.DataFrame:
    """Lock the tickets, and leave out what somebody set since its clock was read: that is counted already.

    Whoever sets a clock changes the ticket first and its promises after, so this does too: else each would wait for
    the other.
    """
    tickets = Ticket.objects.filter(pk__in=found["ticket_id"].unique().to_list()).order_by("pk")
    list(tickets.select_for_update().values_list("pk"))
    now_there = Promise.objects.filter(pk__in=found["id"].to_list(), done_at__isnull=True).values_list("pk", "clock")
    same = [str(key) for key, clock in now_there if clock == clocks[key]]
    return found.filter(pl.col("id").is_in(same))


def _write(found: pl.DataFrame) -> None:
    """The promises, and the tickets whose first promise it is."""
    bulk.update_frame("desk_promise", found.drop("ticket_id"))
    rows = Promise.objects.filter(
        ticket__in=found["ticket_id"].unique().to_list(), done_at__isnull=True, ticket__ended_at__isnull=True
    )
    first = pl.DataFrame(
        list(rows.values_list("ticket_id", "due_at", "amber_at")),
        schema={"id": pl.Object, "due_at": _MOMENT, "amber_at": _MOMENT}, orient="row",
    )  # fmt: skip
    first = first.with_columns(pl.Series("id", [str(key) for key in first["id"]], dtype=pl.String))
    bulk.update_frame("desk_ticket", first.sort("due_at", "amber_at").unique("id", keep="first"))
