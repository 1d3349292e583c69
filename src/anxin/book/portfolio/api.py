"""Policies and claims over the API."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from anxin.book.portfolio.queries import contracts, feed
from anxin.kernel.web.api import CursorPage, Problem, actor_of, permitted

router = Router(tags=["policies and claims"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
After = Annotated[UUID | None, Query(description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=feed.LARGEST_PAGE)]
Word = Annotated[str, Query(max_length=60)]
Ref = Annotated[str, Path(description="Customer number.", examples=["C7K2-9QF4"], max_length=20)]


class PolicySummary(Schema):
    """A policy. Money in fen; `expiry_date` is the first day without cover; the plate is masked."""

    id: UUID
    policy_no: str = Field(examples=["P2018000002451"])
    product_name: str
    line: str = Field(examples=["motor"])
    status: str = Field(examples=["in_force"])
    part: str = Field(description="holder, or the role the customer has.")
    effective_date: date
    expiry_date: date | None
    currency: str
    premium_fen: int
    annual_premium_fen: int
    sum_insured_fen: int | None
    plate: str = Field(examples=["沪A***72"])
    next_due_date: date | None
    next_due_fen: int | None


class PolicyPage(CursorPage):
    items: list[PolicySummary]


class ClaimSummary(Schema):
    """A claim; `paid_fen` is negative for a recovery."""

    id: UUID
    claim_no: str
    report_no: str
    policy_no: str
    product_name: str
    state: str
    conclusion: str
    cause: str
    is_injury: bool
    is_recovery: bool
    claimed_fen: int | None
    paid_fen: int
    reported_at: datetime
    closed_at: datetime | None


class ClaimPage(CursorPage):
    items: list[ClaimSummary]


@router.get("/policies", response={200: PolicyPage, **PROBLEMS}, operation_id="list_policies")
@permitted("portfolio.view")
def list_policies(
    request: HttpRequest,
    after: After = None,
    limit: Limit = 50,
    status: Word = "",
    line: Word = "",
    policy_no: Word = "",
) -> dict[str, Any]:
    """Policies within your reach, oldest first, by pages."""
    items, place = feed.policies(
        actor_of(request), after=after, limit=limit, status=status, line=line, policy_no=policy_no
    )
    return {"items": items, "next": str(place) if place else None}


@router.get("/customers/{ref}/policies", response={200: list[PolicySummary], **PROBLEMS}, operation_id="policies_of")
@permitted("portfolio.view")
def policies_of(request: HttpRequest, ref: Ref) -> list[Any]:
    """What a customer holds or has a part in: in force first."""
    return list(contracts.policies_of(actor_of(request), ref))


@router.get("/claims", response={200: ClaimPage, **PROBLEMS}, operation_id="list_claims")
@permitted("portfolio.view")
def list_claims(
    request: HttpRequest, after: After = None, limit: Limit = 50, state: Word = "", claim_no: Word = ""
) -> dict[str, Any]:
    """Claims within your reach, oldest first, by pages."""
    items, place = feed.claims(actor_of(request), after=after, limit=limit, state=state, claim_no=claim_no)
    return {"items": items, "next": str(place) if place else None}


@router.get("/customers/{ref}/claims", response={200: list[ClaimSummary], **PROBLEMS}, operation_id="claims_of")
@permitted("portfolio.view")
def claims_of(request: HttpRequest, ref: Ref) -> list[Any]:
    """Claims on a customer's policies and those the customer made, newest first."""
    return list(contracts.claims_of(actor_of(request), ref))
