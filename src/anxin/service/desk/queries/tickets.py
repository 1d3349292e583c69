"""The inbox: parts of it, counted up to a hundred, and pages by what is due first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from anxin.book.customers import queries as customers
from anxin.book.customers.data import TimelineItem
from anxin.book.customers.queries import timeline
from anxin.kernel.actor import Actor
from anxin.kernel.statements import Json
from anxin.service.desk import access
from anxin.service.desk.data import KINDS, STATES, Lane, TicketFilter, TicketKind, TicketRow, TicketState
from anxin.service.desk.models import Ticket, TicketTag, Watcher

PAGE_SIZE: Final = 50
# Counters stop here: the pages show “99+”.
COUNTED: Final = 100
_COLUMNS: Final = (
    "id", "number", "kind", "type", "subject", "queue", "channel", "priority", "state", "is_green", "party__ref",
    "party__name", "party__standing__tier", "tier", "policy_no", "owner_id", "owner__display_name", "opened_at",
    "due_at", "amber_at", "ended_at", "version",
)  # fmt: skip


def select_tickets(actor: Actor, wanted: TicketFilter, *, now: datetime) -> QuerySet[Any, Any]:
    """The rows of a part of the inbox, in no order yet: the edge pages them (open ones by `due_at, id`, ended ones by
    `-ended_at, -id`: the indexes), `row_of` makes each a TicketRow."""
    rows = _lane(actor, wanted.lane, wanted.queue).filter(_narrow(wanted, now))
    found: QuerySet[Any, Any] = rows.values(*_COLUMNS)
    return found


def list_tickets(actor: Actor, wanted: TicketFilter, *, now: datetime, limit: int = PAGE_SIZE) -> list[TicketRow]:
    """The first of a part of the inbox: open ones by what is due first, ended ones latest first."""
    keys = ("-ended_at", "-id") if wanted.lane is Lane.DONE else ("due_at", "id")
    return [row_of(row) for row in select_tickets(actor, wanted, now=now).order_by(*keys)[:limit]]


def count_lanes(actor: Actor, queues: Sequence[str], *, now: datetime) -> Mapping[str, int]:
    """Tickets of each part of the inbox, at most COUNTED of each, in one query: lane or queue code → count; `late`:
    those in hand that are past their promise."""
    parts: dict[str, QuerySet[Ticket]] = {
        Lane.MINE: _lane(actor, Lane.MINE), Lane.CUSTOMERS: _lane(actor, Lane.CUSTOMERS),
        Lane.WATCHED: _lane(actor, Lane.WATCHED), Lane.REACH: _lane(actor, Lane.REACH),
        "late": _lane(actor, Lane.MINE).filter(due_at__lte=now),
        "amber": _lane(actor, Lane.MINE).filter(due_at__gt=now, amber_at__lte=now),
    }  # fmt: skip
    parts |= {f"queue:{code}": _lane(actor, Lane.QUEUE, code) for code in queues}
    limited = [
        rows.order_by().values_list(Value(code, output_field=CharField()))[:COUNTED] for code, rows in parts.items()
    ]
    first, *others = limited
    return Counter(code for (code,) in first.union(*others, all=True))


def find_by_number(actor: Actor, text: str) -> UUID | None:
    """The ticket of a human number within reach."""
    number = text.strip().upper().replace("\x00", "")
    return access.visible_tickets(actor).filter(number=number).values_list("pk", flat=True).first()


def get_row(actor: Actor, ticket_id: UUID) -> TicketRow:
    """Raises TicketNotFound. A ticket one opened stays in reach."""
    return rows_of([access.get_ticket(actor, ticket_id).pk])[0]


def of_customer(actor: Actor, ref: str, *, limit: int = 20) -> list[TicketRow]:
    """The latest tickets of one customer; status is seen by whoever sees the customer. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "desk.tickets")
    rows = Ticket.objects.filter(party=party.pk).order_by("-opened_at", "-pk")
    return rows_of(list(rows.values_list("pk", flat=True)[:limit]))


def rows_of(ids: Sequence[UUID]) -> list[TicketRow]:
    """For this room only: asks for no permission."""
    found = {row["id"]: row for row in Ticket.objects.filter(pk__in=list(ids)).values(*_COLUMNS)}
    return [row_of(found[key]) for key in ids if key in found]


def row_of(row: dict[str, Any]) -> TicketRow:
    same = {name: row[name] for name in _COLUMNS if "__" not in name and name not in {"kind", "state", "tier"}}
    return TicketRow(
        **same, kind=TicketKind(row["kind"]), state=TicketState(row["state"]), party_ref=row["party__ref"] or "",
        party_name=row["party__name"] or "", tier=row["party__standing__tier"] or row["tier"],
        owner_name=row["owner__display_name"] or "",
    )  # fmt: skip


def _lane(actor: Actor, lane: Lane, queue: str = "") -> QuerySet[Ticket]:
    rows = access.visible_tickets(actor)
    if lane is Lane.DONE:
        return rows.filter(owner=actor.user_id, ended_at__isnull=False)
    rows = rows.filter(ended_at__isnull=True)
    if lane is Lane.MINE:
        return rows.filter(owner=actor.user_id)
    if lane is Lane.CUSTOMERS:
        return rows.filter(party__manager=actor.user_id)
    if lane is Lane.WATCHED:
        return rows.filter(pk__in=Watcher.objects.filter(user=actor.user_id).values("ticket_id"))
    if lane is Lane.QUEUE:
        return rows.filter(queue=queue, owner__isnull=True)
    return rows


def _narrow(wanted: TicketFilter, now: datetime) -> Q:
    parts = []
    if wanted.kinds:
        parts.append(Q(kind__in=wanted.kinds))
    if wanted.states:
        parts.append(Q(state__in=wanted.states))
    if wanted.tag:
        parts.append(Q(pk__in=TicketTag.objects.filter(tag=wanted.tag).values("ticket_id")))
    if wanted.is_late:
        parts.append(Q(due_at__lte=now))
    return reduce(lambda left, right: left & right, parts, Q())


def file_rows(party: Any, before: timeline.Place | None = None, limit: int = 20) -> QuerySet[Any, Any]:
    """The latest tickets of a customer, for the timeline of the file."""
    found = timeline.older(Ticket.objects.filter(party=party), before, at="opened_at", prefix="ticket:")
    return found.values(one=Json("id", "number", "kind", "subject", "state", "opened_at"))[:limit]


def file_happenings(rows: Sequence[Mapping[str, Any]]) -> list[TimelineItem]:
    items = []
    for row in rows:
        word, icon = KINDS[TicketKind(row["kind"])]
        state, _level = STATES[TicketState(row["state"])]
        is_done = row["state"] in (TicketState.RESOLVED, TicketState.CLOSED)
        items.append(
            TimelineItem(
                at=datetime.fromisoformat(row["opened_at"]), key=f"ticket:{row['id']}", group="contact", icon=icon,
                level="ok" if is_done else "info", title=f"{_(word)} · {row['number']}",
                text=" · ".join(part for part in (row["subject"], _(state)) if part),
            )
        )  # fmt: skip
    return items
