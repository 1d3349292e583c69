"""Tickets over the API: list, read, open, move."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from anxin.book.customers.data import Rejected
from anxin.kernel import clock
from anxin.kernel.web.api import CursorPage, Problem, actor_of, permitted
from anxin.kernel.web.tables import BadCursor, Listing, key
from anxin.service.desk import queries, services
from anxin.service.desk.data import Action, Lane, NewTicket, TicketFilter, TicketKind, TicketState

router = Router(tags=["tickets"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
OPEN_ONES = Listing(code="desk-api", orders={"due": (key("due_at"), key("id"))}, default="due")
Number = Annotated[str, Path(description="Number of the ticket.", examples=["GD202611230083"], max_length=20)]
Word = Annotated[str, Query(max_length=20)]
Cursor = Annotated[str, Query(max_length=500, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200)]


class TicketSummary(Schema):
    """A ticket. `due_at`: when the open promise that comes first is due."""

    number: str = Field(examples=["GD202611230083"])
    kind: TicketKind
    type: str = Field(examples=["query_policy"])
    subject: str
    queue: str
    channel: str
    priority: int
    state: TicketState
    is_green: bool
    party_ref: str = Field(examples=["C7K2-9QF4"])
    policy_no: str
    owner_name: str
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    version: int


class TicketList(CursorPage):
    items: list[TicketSummary]


class TicketIn(Schema):
    """A request that comes in. `answers`: what the type asks for, by field code."""

    type: str = Field(max_length=40, examples=["query_policy"])
    subject: str = Field(max_length=120)
    body: str = Field("", max_length=5000)
    channel: str = Field("web", max_length=16)
    customer: str = Field("", max_length=20, description="Customer number; empty for somebody not known.")
    policy_no: str = Field("", max_length=60)
    answers: dict[str, str] = Field(default_factory=dict)
    amount_fen: int | None = Field(None, ge=0, le=10**15)


class MoveIn(Schema):
    """A move of the table, made by who saw `version`."""

    action: Action
    version: int = Field(ge=1, le=2**31 - 1)
    why: str = Field("", max_length=500)


@router.get("/tickets", response={200: TicketList, **PROBLEMS}, operation_id="list_tickets")
@permitted("desk.tickets")
def list_tickets(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 50, queue: Word = "", kind: TicketKind | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Open tickets within your reach, what is due first before the others. `queue`: only those nobody has yet."""
    wanted = TicketFilter(
        lane=Lane.QUEUE if queue else Lane.REACH, queue=queue, kinds=(kind,) if kind is not None else ()
    )
    rows = queries.select_tickets(actor_of(request), wanted, now=clock.now())
    try:
        page = OPEN_ONES.page(rows, cursor=cursor, size=limit)
    except BadCursor as error:
        raise HttpError(422, "cursor: not one of this list.") from error
    return {"items": [queries.row_of(row) for row in page.rows], "next": page.next_cursor or None}


@router.get("/tickets/{number}", response={200: TicketSummary, **PROBLEMS}, operation_id="get_ticket")
@permitted("desk.tickets")
def get_ticket(request: HttpRequest, number: Number) -> Any:
    """One ticket within your reach."""
    return queries.get_row(actor_of(request), _find(request, number))


@router.post("/tickets", response={201: TicketSummary, **PROBLEMS}, operation_id="open_ticket")
@permitted("desk.open")
def open_ticket(request: HttpRequest, new: TicketIn) -> Status[Any]:
    """File a request. It gets its promises and its queue by the rules of the site."""
    values = new.dict()
    try:
        ticket = services.open_ticket(
            actor=actor_of(request), now=clock.now(), new=NewTicket(party_ref=values.pop("customer"), **values)
        )
    except Rejected as error:
        raise HttpError(422, f"{error.field}: {error}") from error
    return Status(201, queries.get_row(actor_of(request), ticket.pk))


@router.post("/tickets/{number}/moves", response={200: TicketSummary, **PROBLEMS}, operation_id="move_ticket")
@permitted("desk.work")
def move_ticket(request: HttpRequest, number: Number, wanted: MoveIn) -> Any:
    """Move a ticket; 409 with the current version when somebody was faster. Handing over and merging need the pages."""
    ticket_id = _find(request, number)
    if wanted.action in (Action.HAND_OVER, Action.MERGE, Action.OPEN):
        raise HttpError(422, "action: not over the API.")
    try:
        services.move(
            actor=actor_of(request), now=clock.now(), ticket_id=ticket_id, version=wanted.version,
            action=wanted.action, why=wanted.why,
        )  # fmt: skip
    except Rejected as error:
        raise HttpError(422, f"{error.field}: {error}") from error
    except services.TicketNotFound as error:
        raise Http404 from error
    return queries.get_row(actor_of(request), ticket_id)


def _find(request: HttpRequest, number: str) -> UUID:
    found = queries.find_by_number(actor_of(request), number)
    if found is None:
        raise Http404
    return found
