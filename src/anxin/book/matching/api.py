"""Likely duplicates, merging and separating over the API."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from anxin.book.matching.data import CandidateFilter, CandidateState, Decision
from anxin.book.matching.queries import history, review
from anxin.book.matching.services import deciding, merging, separating
from anxin.book.matching.services.merging import CannotMerge
from anxin.book.matching.services.separating import CannotSeparate
from anxin.kernel import clock
from anxin.kernel.web.api import CursorPage, Problem, actor_of, permitted

router = Router(tags=["matching"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
Ref = Annotated[str, Path(description="Customer number.", examples=["C7K2-9QF4"], max_length=20)]


class Sign(Schema):
    """What one comparison says: `weight` in log2 of the Bayes factor, above zero for the same customer."""

    field: str
    level: str
    weight: float


class Match(Schema):
    """Two files that may be one customer."""

    id: UUID
    version: int
    state: str
    weight: float
    contradiction: str = Field(description="Why it is never merged by itself; empty if nothing contradicts.")
    left_ref: str = Field(examples=["C7K2-9QF4"])
    left_name: str
    right_ref: str
    right_name: str
    evidence: list[Sign]
    created_at: datetime


class MatchList(CursorPage):
    items: list[Match]


class Judgement(Schema):
    decision: Literal["merge", "different", "later", "reopen"]
    version: int = Field(
        ge=1, description="The version the pair was seen in; 409 when somebody was faster.", examples=[1]
    )
    survivor: str = Field("", max_length=20, description="The file that stays; the older one when left out.")
    chosen: dict[str, str] = Field({}, description="Field → number of the file whose value is kept.")
    reason: str = Field("", max_length=200, examples=["证件号码相同"])


class Judged(Schema):
    state: str
    merge: UUID | None


class MergeOrder(Schema):
    other: str = Field(max_length=20, description="The file that becomes part of this one.", examples=["9QF4-C7K2"])
    version: int | None = Field(None, ge=1, description="Version of the file that stays; 409 when it has moved on.")
    other_version: int | None = Field(None, ge=1)
    chosen: dict[str, str] = Field({}, description="Field → number of the file whose value is kept.")
    reason: str = Field(max_length=200)


class Merged(Schema):
    merge: UUID
    ref: str


class SeparateOrder(Schema):
    merge: UUID | None = Field(None, description="Which merge; the one by which this file went away when left out.")
    reason: str = Field(max_length=200)


class Separated(Schema):
    ref: str = Field(description="The file that stands for itself again.")


@router.get("/matches", response={200: MatchList, **PROBLEMS}, operation_id="list_matches")
@permitted("matching.review")
def list_matches(
    request: HttpRequest,
    state: Literal["open", "later", "different", "merged"] = "open",
    source: Annotated[str, Query(max_length=40)] = "",
    contradictions: bool = False,
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Pairs of which you reach both files, the likeliest first."""
    wanted = CandidateFilter(state=CandidateState(state), source=source, only_contradictions=contradictions)
    try:
        page = review.list_candidates(actor_of(request), wanted, cursor=cursor, size=limit)
    except review.BadCursor as error:
        raise HttpError(422, "cursor: not of this list") from error
    return {"items": page.rows, "next": page.next_cursor or None}


@router.post("/matches/{match}/decide", response={200: Judged, 409: Problem, **PROBLEMS}, operation_id="decide_match")
@permitted("matching.merge")
def decide_match(request: HttpRequest, match: UUID, judgement: Judgement) -> dict[str, Any]:
    """The same, different, later, or take the decision back."""
    try:
        merge = deciding.decide(
            actor=actor_of(request),
            now=clock.now(),
            candidate_id=match,
            version=judgement.version,
            decision=Decision(judgement.decision),
            reason=judgement.reason,
            survivor_ref=judgement.survivor,
            chosen=judgement.chosen,
        )
    except review.PairNotFound as error:
        raise HttpError(404, "There is no such pair within your reach.") from error
    except (CannotMerge, CannotSeparate) as error:
        raise HttpError(422, str(error)) from error
    return {"state": review.get_row(actor_of(request), match).state, "merge": merge}


@router.post("/customers/{ref}/merge", response={201: Merged, 409: Problem, **PROBLEMS}, operation_id="merge_customers")
@permitted("matching.merge")
def merge_customers(request: HttpRequest, ref: Ref, order: MergeOrder) -> Status[dict[str, Any]]:
    """Merge another file into this one. Its number leads here from then on."""
    try:
        merge = merging.merge_refs(
            actor=actor_of(request),
            now=clock.now(),
            survivor_ref=ref,
            loser_ref=order.other,
            survivor_version=order.version,
            loser_version=order.other_version,
            reason=order.reason,
            chosen=order.chosen,
        )
    except CannotMerge as error:
        raise HttpError(422, str(error)) from error
    return Status(201, {"merge": merge, "ref": ref})


@router.post(
    "/customers/{ref}/unmerge", response={200: Separated, 409: Problem, **PROBLEMS}, operation_id="unmerge_customers"
)
@permitted("matching.merge")
def unmerge_customers(request: HttpRequest, ref: Ref, order: SeparateOrder) -> dict[str, str]:
    """Separate files again: what came with the merged one goes back to it."""
    actor = actor_of(request)
    try:
        merge_id = order.merge or history.merge_of(actor, ref)
        return {"ref": separating.unmerge(actor=actor, now=clock.now(), merge_id=merge_id, reason=order.reason)}
    except history.MergeNotFound as error:
        raise HttpError(404, "There is no such merge within your reach.") from error
    except CannotSeparate as error:
        raise HttpError(422, str(error)) from error
