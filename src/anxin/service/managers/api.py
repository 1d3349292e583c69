"""Managers, runs, who manages a customer and what service they get, over the API."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from anxin.kernel import clock
from anxin.kernel.web.api import Problem, actor_of, permitted
from anxin.service.managers import queries
from anxin.service.managers.data import Refused, RunNotFound
from anxin.service.managers.services import packages

router = Router(tags=["managers"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
Ref = Annotated[str, Path(description="Customer number.", examples=["C7K2-9QF4"], max_length=20)]


class ManagerLoad(Schema):
    """What a manager carries. Weights in average customers; `load_bp` in 1/10000 of the capacity."""

    id: UUID
    name: str
    unit: str
    customers: int
    by_tier: dict[str, int] = Field(description="Customers by tier; the empty code stands for none.")
    weighted_customers: float
    capacity: int
    load_bp: int = Field(examples=[6100])
    budget_minutes: int
    actual_minutes: int
    away_until: date | None
    deputy: str


class RunSummary(Schema):
    """An allocation, hand-over, absence, recycling or claim."""

    id: UUID
    kind: str = Field(examples=["allocate"])
    state: str = Field(examples=["done"])
    is_automatic: bool
    scheme_version: int
    summary: dict[str, int]
    manager_id: UUID | None
    asked_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None


class RunDecision(Schema):
    """What a run decided of one customer of yours, and why."""

    ref: str
    before: str
    after: str
    reason: str = Field(examples=["nearest"])
    text: str
    state: str = Field(examples=["applied"])


class RunWithDecisions(RunSummary):
    """A run with one page of its decisions; `next` is the place to go on from."""

    decisions: list[RunDecision]
    next: UUID | None


class ManagerOf(Schema):
    """Who manages a customer, since when, and why."""

    ref: str
    manager_id: UUID | None
    manager: str
    since: datetime | None
    because: str
    assistants: dict[str, str] = Field(description="Line of business to name.")


class PackageItem(Schema):
    """A service item: times a year, and how often it was given this year. Cost of one in fen."""

    code: str = Field(examples=["roadside"])
    name: str
    channel: str
    times: int
    given: int
    left: int
    because: str = Field(description="The class that gives it: tier, or an extra's class.")
    cost_fen: int
    last_on: date | None


class PackageOfCustomer(Schema):
    """What a customer gets this year, and what was given beyond it."""

    ref: str
    tier: str
    year: int
    scheme_version: int
    items: list[PackageItem]
    beyond: list[PackageItem]
    budget_fen: int
    spent_fen: int


class ServiceGiven(Schema):
    """A service item that was given on a day of the last twelve months."""

    item: str = Field(examples=["roadside"], max_length=20)
    given_on: date = Field(examples=["2026-11-20"])
    note: str = Field(default="", max_length=200)


class Recorded(Schema):
    id: UUID


@router.get("/managers", response={200: list[ManagerLoad], **PROBLEMS}, operation_id="list_managers")
@permitted("managers.view")
def list_managers(request: HttpRequest, unit: Annotated[UUID | None, Query()] = None) -> list[dict[str, Any]]:
    """The customer managers within your reach, the most loaded first; `unit` keeps to a unit and below."""
    return [
        {
            "id": one.id, "name": one.name, "unit": one.unit, "customers": one.customers, "by_tier": dict(one.by_tier),
            "weighted_customers": one.weighted, "capacity": one.capacity // 10_000, "load_bp": one.share,
            "budget_minutes": one.budget_minutes, "actual_minutes": one.actual_minutes,
            "away_until": one.away_until, "deputy": one.deputy,
        }
        for one in queries.workload(actor_of(request), now=clock.now(), unit_id=unit)
    ]  # fmt: skip


@router.get("/managers/runs", response={200: list[RunSummary], **PROBLEMS}, operation_id="list_allocation_runs")
@permitted("managers.allocate")
def list_runs(request: HttpRequest, limit: Annotated[int, Query(ge=1, le=200, examples=[50])] = 50) -> list[Any]:
    """The latest runs within your reach."""
    return list(queries.list_runs(actor_of(request), limit=limit))


@router.get("/managers/runs/{run_id}", response={200: RunWithDecisions, **PROBLEMS}, operation_id="allocation_run")
@permitted("managers.allocate")
def get_run(
    request: HttpRequest, run_id: UUID, after: Annotated[UUID | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=500, examples=[100])] = 100,
) -> dict[str, Any]:  # fmt: skip
    """One run and its decisions about customers within your reach."""
    actor = actor_of(request)
    try:
        run = queries.get_run(actor, run_id)
        rows, rest = queries.decisions(actor, run_id, after=after, limit=limit)
    except RunNotFound as error:
        raise Http404 from error
    plain = {name: getattr(run, name) for name in RunSummary.model_fields}
    return {**plain, "decisions": rows, "next": rest}


@router.get("/customers/{ref}/manager", response={200: ManagerOf, **PROBLEMS}, operation_id="manager_of")
@permitted("managers.packages")
def manager_of(request: HttpRequest, ref: Ref) -> dict[str, Any]:
    """Who manages the customer, and why."""
    found = queries.custodian_of(actor_of(request), ref)
    return {
        "ref": found.ref, "manager_id": found.manager_id, "manager": found.manager, "since": found.since,
        "because": found.text, "assistants": {one.line: one.name for one in found.assistants},
    }  # fmt: skip


@router.get("/customers/{ref}/packages", response={200: PackageOfCustomer, **PROBLEMS}, operation_id="packages_of")
@permitted("managers.packages")
def packages_of(request: HttpRequest, ref: Ref) -> dict[str, Any]:
    """What service the customer's class gets this year, and how much of it was given."""
    found = queries.package_of(actor_of(request), ref, now=clock.now())
    return {
        "ref": found.ref, "tier": found.tier, "year": found.year, "scheme_version": found.scheme_version,
        "items": list(found.items), "beyond": list(found.beyond), "budget_fen": found.budget_fen,
        "spent_fen": found.spent_fen,
    }  # fmt: skip


@router.post("/customers/{ref}/packages/given", response={201: Recorded, **PROBLEMS}, operation_id="give_service")
@permitted("managers.give")
def give(request: HttpRequest, ref: Ref, body: ServiceGiven) -> Any:
    """Record a service item as given."""
    try:
        made = packages.give(
            actor=actor_of(request), now=clock.now(), ref=ref, item=body.item, given_on=body.given_on, note=body.note
        )
    except Refused as error:
        raise HttpError(422, error.message % error.values) from error
    return Status(201, {"id": made})
