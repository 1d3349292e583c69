"""One search over customers, policies and claims."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from anxin.faces.workspace import services
from anxin.kernel import clock
from anxin.kernel.web.api import Problem, actor_of, permitted

router = Router(tags=["search"])


class CustomerHit(Schema):
    ref: str = Field(examples=["C7K2-9QF4"])
    kind: str
    name: str = Field(examples=["王小明"])
    tier: str
    mobile: str = Field(examples=["138****5678"])


class PolicyHit(Schema):
    id: UUID
    policy_no: str
    product_name: str
    status: str
    expiry_date: date | None
    holder_ref: str
    holder_name: str


class ClaimHit(Schema):
    id: UUID
    claim_no: str
    state: str
    policy_no: str
    holder_ref: str
    holder_name: str


class Hits(Schema):
    customers: list[CustomerHit]
    policies: list[PolicyHit]
    claims: list[ClaimHit]
    has_more: bool


@router.get("/search", response={200: Hits, 401: Problem, 403: Problem, 422: Problem}, operation_id="search")
@permitted("customers.view")
def search(
    request: HttpRequest,
    q: Annotated[
        str, Query(min_length=1, max_length=60, description="Name, pinyin, phone, ID or policy number, plate.")
    ],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Any:
    """What fits `q` within your reach. Looking up a personal number is recorded."""
    return services.search(actor=actor_of(request), now=clock.now(), text=q, limit=limit)
