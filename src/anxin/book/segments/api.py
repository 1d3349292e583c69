"""Classes of a customer and saved segments over the API."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from anxin.book.customers.queries import CustomerNotFound
from anxin.book.segments import access, queries
from anxin.book.segments.queries import explaining, members
from anxin.kernel import clock
from anxin.kernel.web.api import Problem, actor_of, permitted

router = Router(tags=["segments"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
Ref = Annotated[str, Path(description="Customer number.", examples=["C7K2-9QF4"], max_length=20)]


class CustomerClass(Schema):
    """One class and why. `value` is the code, `since` the day it last changed (null: since the first run)."""

    code: str = Field(examples=["abc"])
    name: str
    value: str = Field(examples=["A"])
    label: str
    because: str
    scheme: str
    version: int
    since: date | None


class NeedProposal(Schema):
    """A need that is not met. Money in fen."""

    need: str
    name: str
    is_missing: bool
    held_fen: int
    needed_fen: int
    gap_fen: int
    plan: str


class ClassesOfCustomer(Schema):
    """What the last run found. `figures` by code: money in fen, rates in 1/10000, scores from 0 to 100."""

    ref: str
    as_of: date
    classes: list[CustomerClass]
    figures: dict[str, int | str | None]
    proposals: list[NeedProposal]


class SegmentSummary(Schema):
    """A saved segment that you own or that is shared."""

    id: UUID
    name: str
    note: str
    kind: str = Field(examples=["condition"])
    is_shared: bool
    condition: dict[str, Any]


class SegmentMembers(Schema):
    """How many of your customers are in the segment, and the largest of them."""

    parties: int
    premium_fen: int
    refs: list[str]


@router.get("/customers/{ref}/classes", response={200: ClassesOfCustomer, **PROBLEMS}, operation_id="classes_of")
@permitted("segments.view")
def classes_of(request: HttpRequest, ref: Ref) -> dict[str, Any]:
    """Every class of a customer with the reason, and the figures behind it."""
    found = queries.classes_of(actor_of(request), ref)
    if found is None:
        raise CustomerNotFound(ref)
    return {
        "ref": found.ref,
        "as_of": found.as_of,
        "classes": [one for one in found.classes if one.value],
        "figures": {code: _plain(found.plain[code]) for _, _, code in found.figures},
        "proposals": list(found.proposals),
    }


@router.get("/segments", response={200: list[SegmentSummary], **PROBLEMS}, operation_id="list_segments")
@permitted("segments.view")
def list_segments(request: HttpRequest) -> list[Any]:
    """Your own segments and the shared ones, by name."""
    return list(access.visible_segments(actor_of(request)).order_by("name")[:500])


@router.get("/segments/{segment_id}", response={200: SegmentMembers, **PROBLEMS}, operation_id="members_of_segment")
@permitted("segments.view")
def members_of(
    request: HttpRequest, segment_id: UUID, limit: Annotated[int, Query(ge=1, le=1000, examples=[100])] = 100
) -> dict[str, Any]:
    """Who of your customers is in a segment."""
    actor, today = actor_of(request), clock.today()
    segment = access.get_segment(actor, segment_id)
    profiles = members.of_segment(actor, segment, today=today)
    size = members.size(profiles)
    return {
        "parties": size.parties,
        "premium_fen": size.premium_fen,
        "refs": [member.ref for member in members.list_members(profiles, limit)],
    }


def _plain(value: Any) -> int | str | None:
    return value if isinstance(value, int | str) or value is None else explaining.metric_text("", value)
