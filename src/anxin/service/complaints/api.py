"""Complaints over the API: register, list, file, and the report of closed ones."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from anxin.kernel import clock
from anxin.kernel.web.api import CursorPage, Problem, actor_of, permitted
from anxin.kernel.web.tables import BadCursor, Listing, key
from anxin.service.complaints import access, services
from anxin.service.complaints.data import ComplaintNotFound, Refused
from anxin.service.complaints.models import Complaint
from anxin.service.complaints.queries import board, reports
from anxin.service.complaints.queries.board import BoardFilter
from anxin.service.complaints.queries.reports import ReportFilter
from anxin.service.complaints.services import tallying

router = Router(tags=["complaints"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
Word = Annotated[str, Query(max_length=120)]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
LISTING = Listing(code="complaints.api", orders={"-received": (key("-received_at"), key("-id"))}, default="-received")


class ComplaintSummary(Schema):
    """A complaint. `due_at` is the statutory end, `target_due_at` that of the step at hand. Money in fen."""

    ref: str = Field(examples=["TS20260924000017"])
    title: str
    state: str = Field(examples=["investigating"])
    severity: str
    channel: str
    line: str
    cause: str
    detail_cause: str
    received_at: datetime
    due_at: datetime | None
    target_due_at: datetime | None
    closed_date: date | None
    validity: str
    outcome: str
    recovered_fen: int
    currency: str
    source: str
    version: int


class ComplaintFile(ComplaintSummary):
    """The same with what is asked for and what was found; the complainant's contact is not part of it."""

    complainant: str
    capacity: str
    request: str
    request_fen: int | None
    facts: str
    findings: str
    policy_no: str
    claim_no: str
    is_regulatory: bool
    is_supervised: bool
    told_at: datetime | None


class ComplaintPage(CursorPage):
    items: list[ComplaintSummary]


class NewComplaint(Schema):
    channel: str = Field(examples=["hotline"], max_length=24)
    complainant: str = Field(max_length=120)
    request: str = Field(max_length=4000)
    cause: str = Field(examples=["claim"], max_length=24)
    detail_cause: str = Field("", max_length=40)
    line: str = Field("", max_length=24)
    nature: str = Field("", max_length=24)
    situation: str = Field("", max_length=10, description="contract, business or other; empty: the cause decides")
    sales_channel: str = Field("", max_length=24)
    product: str = Field("", max_length=120)
    capacity: str = Field("self", max_length=40)
    complainant_kind: str = Field("", max_length=8)
    expectation: str = Field("", max_length=200)
    ticket_ref: str = Field("", max_length=40)
    forwarded_at: datetime | None = None
    forward_no: str = Field("", max_length=40)
    title: str = Field("", max_length=80)
    facts: str = Field("", max_length=4000)
    party_ref: str = Field("", max_length=20)
    contact: str = Field("", max_length=40)
    policy_no: str = Field("", max_length=60)
    claim_no: str = Field("", max_length=60)
    respondent: str = Field("", max_length=120)
    received_at: datetime | None = None
    request_fen: int | None = Field(None, ge=0, le=10**15)
    people_count: int = Field(1, ge=1, le=100_000)
    representatives: int = Field(1, ge=1, le=5)
    representative_names: str = Field("", max_length=200)
    is_regulatory: bool = False


class ReportLine(Schema):
    """One line of a report: closed complaints, of them confirmed, recoveries in fen of `currency`."""

    key: str = Field(examples=["2018"])
    label: str
    closed: int = Field(examples=[21296])
    confirmed: int = Field(examples=[3553])
    recovered_fen: int | None
    currency: str
    mean_days: float | None


@router.get("/complaints", response={200: ComplaintPage, **PROBLEMS}, operation_id="list_complaints")
@permitted("complaints.view")
def list_complaints(
    request: HttpRequest,
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    show: Annotated[str, Query(pattern="^(|mine|late|watched|done)$")] = "",
    state: Word = "",
    line: Word = "",
    cause: Word = "",
) -> dict[str, Any]:
    """Complaints within your reach, newest first, by pages; without `show` those that are open."""
    wanted = BoardFilter(show=show, state=state, line=line, cause=cause)
    rows = board.list_complaints(actor_of(request), wanted, now=clock.now())
    try:
        page = LISTING.page(rows, sort="-received", cursor=cursor, size=limit)
    except BadCursor as error:
        raise HttpError(422, "The cursor is not one of this list.") from error
    return {"items": list(page.rows), "next": page.next_cursor or None}


@router.get("/complaints/{number}", response={200: ComplaintFile, **PROBLEMS}, operation_id="complaint")
@permitted("complaints.view")
def complaint(request: HttpRequest, number: Annotated[str, Path(max_length=20)]) -> Complaint:
    """One complaint."""
    try:
        return access.get_complaint(actor_of(request), number)
    except ComplaintNotFound as error:
        raise HttpError(404, "There is no such complaint within your reach.") from error


@router.post("/complaints", response={201: ComplaintFile, **PROBLEMS}, operation_id="register_complaint")
@permitted("complaints.register")
def register_complaint(request: HttpRequest, new: NewComplaint) -> Status[Complaint]:
    """Register a complaint; its statutory clock counts from the receipt."""
    try:
        made = services.register_complaint(actor=actor_of(request), now=clock.now(), **new.dict())
    except Refused as error:
        raise HttpError(422, f"{error.field}: {error}") from error
    return Status(201, made)


@router.get("/reports/complaints", response={200: list[ReportLine], **PROBLEMS}, operation_id="report_complaints")
@permitted("complaints.report")
def report_complaints(
    request: HttpRequest,
    by: Annotated[str, Query(pattern=f"^({'|'.join(reports.BY)})$")] = "year",
    year_from: Year = None,
    year_to: Year = None,
    quarter: Annotated[int | None, Query(ge=1, le=4)] = None,
    month: Annotated[int | None, Query(ge=1, le=12)] = None,
    closed_from: date | None = None,
    closed_to: date | None = None,
    source: Annotated[str | None, Query(max_length=40)] = None,
    line: Word = "",
    cause: Word = "",
    detail_cause: Word = "",
    respondent: Word = "",
    product: Word = "",
    words: Annotated[str, Query(max_length=250)] = "",
    outcome: Word = "",
    validity: Word = "",
    channel: Word = "",
    confirmed: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> list[Any]:
    """Closed complaints by year, quarter, month, line, cause, company, outcome …, the largest first; times in order.

    `source`: of one register, empty for those registered here. `closed_from` and `closed_to` are both included.
    """
    wanted = ReportFilter(
        year_from=year_from, year_to=year_to, source=source, line=line, cause=cause, respondent=respondent,
        outcome=outcome, is_confirmed=confirmed, quarter=quarter, month=month, detail_cause=detail_cause,
        product=product, words=words, validity=validity, channel=channel,
        closed_from=closed_from.isoformat() if closed_from else "",
        closed_to=closed_to.isoformat() if closed_to else "",
    )  # fmt: skip
    tallying.refresh(most=tallying.FEW)
    return reports.report(actor_of(request), wanted, by=by, language="en", today=clock.today(), limit=limit)
