"""Households over the API."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from anxin.book.households import queries, services
from anxin.book.households.data import HouseholdNotFound, HouseholdRejected, HouseholdRow, HouseholdView, ProposalView
from anxin.kernel import clock
from anxin.kernel.web.api import CursorPage, Problem, actor_of, permitted

router = Router(tags=["households"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


class Figures(Schema):
    """Sums over the members within your reach; money in fen."""

    members: int
    annual_premium_fen: int
    cover_fen: int
    claims_paid_fen: int
    active_policies: int
    open_claims: int
    uncovered: int


class HouseholdSummary(Schema):
    id: UUID
    head: str = Field(examples=["王小明"])
    head_ref: str = Field(examples=["C7K2-9QF4"])
    size: int
    hidden: int = Field(description="Members out of your reach; counted, not in the figures.")
    totals: Figures


class HouseholdList(CursorPage):
    items: list[HouseholdSummary]


class Member(Schema):
    """Out of reach the name is masked, `ref` empty and figures zero."""

    ref: str
    name: str
    role: str = Field(examples=["spouse"])
    age: int | None
    annual_premium_fen: int
    active_policies: int
    is_covered: bool
    from_date: date
    until_date: date | None


class HouseholdDetail(Schema):
    id: UUID
    created_at: datetime
    source: str
    hidden: int
    totals: Figures
    members: list[Member]
    former: list[Member]


class Person(Schema):
    party_id: UUID
    ref: str
    name: str
    role: str


class ProposalItem(Schema):
    id: UUID
    version: int
    score: int
    kinds: list[str] = Field(examples=[["address", "phone"]])
    household_id: UUID | None
    candidates: list[Person]


class ProposalList(CursorPage):
    items: list[ProposalItem]


class Decision(Schema):
    version: int = Field(ge=1, examples=[1])
    accept: bool
    reason: str = Field("", max_length=200)


class Decided(Schema):
    household_id: UUID | None


@router.get("/households", response={200: HouseholdList, **PROBLEMS}, operation_id="list_households")
@permitted("households.view")
def list_households(
    request: HttpRequest,
    text: Annotated[str, Query(max_length=60, description="Name, phone or ID number of any member.")] = "",
    has_gap: bool = False,
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """Households with a member within your reach, by premium."""
    actor = actor_of(request)
    try:
        page = queries.list_households(actor, text=text, has_gap=has_gap, cursor=cursor, size=limit)
    except queries.BadCursor as error:
        raise HttpError(422, "The cursor does not belong to this list.") from error
    return {"items": [_summary(row) for row in page.rows], "next": page.next_cursor or None}


@router.get("/households/{household_id}", response={200: HouseholdDetail, **PROBLEMS}, operation_id="get_household")
@permitted("households.view")
def get_household(request: HttpRequest, household_id: UUID) -> HouseholdView:
    """One household with members present and former."""
    try:
        return queries.get_household(actor_of(request), household_id, today=clock.today(), with_policies=False)
    except HouseholdNotFound as error:
        raise HttpError(404, "There is nothing with this reference within your reach.") from error


@router.get("/household-proposals", response={200: ProposalList, **PROBLEMS}, operation_id="list_household_proposals")
@permitted("households.view")
def list_proposals(
    request: HttpRequest,
    state: Literal["open", "accepted", "refused"] = "open",
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Persons who seem to be one household, the strongest evidence first."""
    try:
        page = queries.list_proposals(actor_of(request), today=clock.today(), state=state, cursor=cursor, size=limit)
    except queries.BadCursor as error:
        raise HttpError(422, "The cursor does not belong to this list.") from error
    return {"items": [_item(row) for row in page.rows], "next": page.next_cursor or None}


@router.post(
    "/household-proposals/{proposal_id}/decision",
    response={200: Decided, 409: Problem, **PROBLEMS},
    operation_id="decide_household_proposal",
)
@permitted("households.edit")
def decide(request: HttpRequest, proposal_id: UUID, decision: Decision) -> Status[dict[str, UUID | None]]:
    """Confirm a proposal as it is, or refuse it for good."""
    actor, now = actor_of(request), clock.now()
    household: UUID | None = None
    try:
        if decision.accept:
            household = services.accept(actor=actor, now=now, proposal_id=proposal_id, version=decision.version)
        else:
            services.refuse(
                actor=actor, now=now, proposal_id=proposal_id, version=decision.version, reason=decision.reason
            )
    except HouseholdNotFound as error:
        raise HttpError(404, "There is nothing with this reference within your reach.") from error
    except HouseholdRejected as error:
        raise HttpError(422, str(error)) from error
    return Status(200, {"household_id": household})


def _summary(row: HouseholdRow) -> dict[str, Any]:
    return {
        "id": row.id, "head": row.head, "head_ref": row.head_ref, "size": row.size, "hidden": row.hidden,
        "totals": row.totals,
    }  # fmt: skip


def _item(row: ProposalView) -> dict[str, Any]:
    return {
        "id": row.id, "version": row.version, "score": row.score, "kinds": list(row.kinds),
        "household_id": row.household_id,
        "candidates": [
            {"party_id": one.party_id, "ref": one.ref, "name": one.name, "role": one.role} for one in row.candidates
        ],
    }  # fmt: skip
