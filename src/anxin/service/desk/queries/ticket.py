"""One ticket with everything around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anxin.foundation.org import queries as org
from anxin.kernel import promises
from anxin.kernel.actor import Actor
from anxin.kernel.promises import Clock, Reading
from anxin.kernel.states import Transition
from anxin.kernel.timetable import ticks
from anxin.kernel.worktime import Calendar
from anxin.service.desk import access
from anxin.service.desk.data import OPEN_STATES, PromiseKind, TicketRow
from anxin.service.desk.models import Promise, Ticket, TicketFile, TicketMessage, TicketMove, TicketTag, Watcher
from anxin.service.desk.queries import schemes, tickets
from anxin.service.desk.rules import workflow
from anxin.service.desk.rules.types import Asked, TicketType

SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class PromiseView:
    """A promise with what its clock says. `margin`: finished so much before (or, below zero, after) it was due."""

    kind: PromiseKind
    clock: Clock
    reading: Reading
    is_kept: bool | None
    margin: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """Working time spent in a state against the standard; `standard` None: nothing is set."""

    state: str
    spent: timedelta
    standard: timedelta | None

    @property
    def is_over(self) -> bool:
        return self.standard is not None and self.spent > self.standard


@dataclass(frozen=True, kw_only=True)
class TicketView:
    """A ticket as its page shows it."""

    row: TicketRow
    ticket: Ticket
    type: TicketType | None
    messages: Sequence[Mapping[str, Any]]
    moves: Sequence[TicketMove]
    files: Sequence[TicketFile]
    promises: Sequence[PromiseView]
    steps: Sequence[Step]
    parts: Sequence[TicketRow]
    parent: TicketRow | None
    watchers: Sequence[tuple[UUID, str]]
    tags: Sequence[str]
    allowed: Sequence[Transition]

    @property
    def told(self) -> TicketMove | None:
        """When the customer was last told which documents are needed, and by whom (D10: asked for once)."""
        return next((one for one in reversed(self.moves) if one.action == "documents"), None)

    @property
    def missing_documents(self) -> list[Asked]:
        """The documents still to come, all at once."""
        have = {one.required for one in self.files}
        return [one for one in self.type.documents if one.code not in have] if self.type else []


def check_ticket(actor: Actor, ticket_id: UUID) -> None:
    """Raises TicketNotFound for what is not within reach."""
    access.get_ticket(actor, ticket_id)


def get_view(actor: Actor, ticket_id: UUID, *, now: datetime) -> TicketView:
    """A constant number of queries. Raises TicketNotFound."""
    ticket = access.get_ticket(actor, ticket_id)
    calendar = org.working_calendar(ticket.unit_id)
    messages = TicketMessage.objects.filter(ticket=ticket.pk).order_by("-at", "-pk")
    moves = list(TicketMove.objects.filter(ticket=ticket.pk).order_by("at", "pk")[:SHOWN])
    service = schemes.service(now)
    near = [ticket.pk, *([ticket.parent_id] if ticket.parent_id else [])]
    parts = Ticket.objects.filter(parent=ticket.pk).order_by("opened_at").values_list("pk", flat=True)[:20]
    rows = {one.id: one for one in tickets.rows_of([*near, *parts])}
    return TicketView(
        row=rows[ticket.pk], ticket=ticket, type=schemes.ticket_types(now).get(ticket.type),
        messages=list(messages.values("id", "kind", "channel", "body", "at", "author__display_name")[:SHOWN])[::-1],
        moves=moves, files=list(TicketFile.objects.filter(ticket=ticket.pk).order_by("added_at")),
        promises=promises_of([ticket.pk], calendar, now, amber=schemes.amber_of(service))[ticket.pk],
        steps=steps_of(moves, service["steps"], calendar, ticket.ended_at or now),
        parts=[one for one in rows.values() if one.id not in near],
        parent=rows.get(ticket.parent_id) if ticket.parent_id else None,
        watchers=list(Watcher.objects.filter(ticket=ticket.pk).values_list("user_id", "user__display_name")),
        tags=list(TicketTag.objects.filter(ticket=ticket.pk).order_by("tag").values_list("tag", flat=True)),
        allowed=workflow.WORKFLOW.allowed(ticket.state, actor.may),
    )  # fmt: skip


def promises_of(ids: Sequence[UUID], calendar: Calendar, now: datetime, *, amber: int) -> dict[UUID, list[PromiseView]]:
    """The promises of tickets, due first; every ticket has an entry."""
    found: dict[UUID, list[PromiseView]] = {key: [] for key in ids}
    for row in Promise.objects.filter(ticket__in=list(ids)).order_by("due_at", "kind"):
        clock = promises.load(row.clock)
        found[row.ticket_id].append(
            PromiseView(
                kind=PromiseKind(row.kind),
                clock=clock,
                reading=promises.read(clock, calendar, now, amber),
                is_kept=row.is_kept,
                margin=row.due_at - row.done_at if row.done_at else None,
            )
        )
    return found


def steps_of(moves: Sequence[TicketMove], standards: Any, calendar: Calendar, until: datetime) -> list[Step]:
    """Working time in each state so far, in the order the states were first reached."""
    limits = {row["state"]: timedelta(minutes=row["minutes"]) for row in standards}
    spent: dict[str, timedelta] = {}
    changes = [one for one in moves if one.after in set(workflow.WORKFLOW.states)]
    for number, one in enumerate(changes):
        end = changes[number + 1].at if number + 1 < len(changes) else until
        time = timedelta(microseconds=max(calendar.timetable.work_between(ticks(one.at), ticks(end)), 0))
        spent[one.after] = spent.get(one.after, timedelta()) + time
    return [
        Step(state=state, spent=time, standard=limits.get(state)) for state, time in spent.items()
        if state in set(OPEN_STATES)
    ]  # fmt: skip
