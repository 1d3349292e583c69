"""Call-backs over the API: what is to be called, and results of an outside dialler."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from anxin.book.customers.data import Rejected
from anxin.kernel import clock
from anxin.kernel.web.api import CursorPage, Problem, actor_of, permitted
from anxin.kernel.web.tables import BadCursor, Listing, key
from anxin.service.callbacks import queries, services
from anxin.service.callbacks.data import CallBackNotFound, Kind, Outcome, SellerMayNot, State

router = Router(tags=["call-backs"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
LISTING = Listing(code="callbacks-api", orders={"due": (key("due_at"), key("id"))}, default="due")


class CallBackSummary(Schema):
    """A call-back. `cooling_ends`: last day of the cooling-off period; `is_assumed`: the receipt is not there yet."""

    id: UUID
    kind: Kind
    state: State
    round: int
    party_ref: str = Field(examples=["C7K2-9QF4"])
    policy_no: str
    line: str
    channel: str
    receipt_date: date | None
    is_assumed: bool
    cooling_ends: date | None
    due_at: datetime
    not_before: datetime
    attempts: int
    ended_at: datetime | None
    version: int


class AskedOut(Schema):
    """A question of the questionnaire; `answers` are the codes it takes, none for free text."""

    code: str
    form: str
    text_zh: str
    text_en: str
    answers: list[str]
    value: str


class CallBackOut(CallBackSummary):
    questions: list[AskedOut]


class CallBackList(CursorPage):
    items: list[CallBackSummary]


class ResultIn(Schema):
    """What came of one call. `answers` by code, all of them, when the customer was reached; `description` when an
    answer is a problem."""

    version: int = Field(ge=1, le=2**31 - 1)
    outcome: Outcome
    at: datetime | None = Field(None, description="When the call was made, with its time zone; now when empty.")
    answers: dict[str, Annotated[str, Field(max_length=500)]] = Field(
        default_factory=dict, max_length=60, examples=[{"identity": "yes"}]
    )
    again_at: datetime | None = None
    description: str = Field("", max_length=500)
    note: str = Field("", max_length=500)


@router.get("/callbacks", response={200: CallBackList, **PROBLEMS}, operation_id="list_call_backs")
@permitted("callbacks.view")
def list_call_backs(
    request: HttpRequest,
    cursor: Annotated[str, Query(max_length=500, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    kind: Kind | None = None,
) -> dict[str, Any]:
    """Open call-backs within your reach, what is due first before the others; without those of care and sales whose
    customer has a complaint."""
    try:
        page = LISTING.page(queries.list_open(actor_of(request), now=clock.now(), kind=kind), cursor=cursor, size=limit)
    except BadCursor as error:
        raise HttpError(422, "cursor: not one of this list.") from error
    return {"items": [queries.row_of(row) for row in page.rows], "next": page.next_cursor or None}


@router.get("/callbacks/{item}", response={200: CallBackOut, **PROBLEMS}, operation_id="get_call_back")
@permitted("callbacks.view")
def get_call_back(request: HttpRequest, item: UUID) -> Any:
    """One call-back with its questions."""
    return _out(request, item)


@router.post("/callbacks/{item}/result", response={200: CallBackOut, **PROBLEMS}, operation_id="take_call_result")
@permitted("callbacks.work")
def take_call_result(request: HttpRequest, item: UUID, result: ResultIn) -> Any:
    """Write the result of one call; all or nothing. 409 with the current version when somebody was faster."""
    for moment in (result.at, result.again_at):
        if moment is not None and moment.tzinfo is None:
            raise HttpError(422, "The moment has no time zone.")
    try:
        services.take_result(actor=actor_of(request), now=clock.now(), call_back_id=item, **result.dict())
    except CallBackNotFound as error:
        raise Http404 from error
    except Rejected as error:
        raise HttpError(422, f"{error.field}: {error}") from error
    except SellerMayNot as error:
        raise HttpError(403, "Who sold the policy does not call back.") from error
    return _out(request, item)


def _out(request: HttpRequest, item: UUID) -> dict[str, Any]:
    from dataclasses import asdict

    from anxin.service.callbacks.rules import flow

    try:
        view = queries.get_view(actor_of(request), item, now=clock.now())
    except CallBackNotFound as error:
        raise Http404 from error
    asked = [
        {"code": one.question.code, "form": one.question.form, "text_zh": one.question.text_zh,
         "text_en": one.question.text_en, "answers": list(flow.answers_of(one.question)), "value": one.value}
        for one in view.asked
    ]  # fmt: skip
    return {**asdict(view.row), "questions": asked}
