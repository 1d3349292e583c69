"""Customers over the API: lists, one file with everything that hangs on it, changes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from anxin.book.customers import queries
from anxin.book.customers.data import Rejected
from anxin.book.customers.queries import panels
from anxin.book.customers.services import attention, keeping, opening, parties
from anxin.kernel import clock
from anxin.kernel.web.api import CursorPage, Problem, actor_of, permitted

router = Router(tags=["customers"])
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
Ref = Annotated[str, Path(description="Customer number.", examples=["C7K2-9QF4"], max_length=20)]


class CustomerConditions(Schema):
    """All given conditions hold."""

    text: str = Field("", max_length=60, description="Name, pinyin initials, phone, ID number or customer number.")
    kind: Literal["", "person", "organisation"] = ""
    tier: list[str] = Field([], description="Premium tiers: gold, platinum, diamond, supreme.")
    abc: list[Literal["A", "B", "C"]] = []
    expiring_within: int | None = Field(None, ge=0, le=3660, description="Days to the next expiry of a policy.")
    birthday_within: int | None = Field(None, ge=0, le=366)
    holds: Literal["", "active", "none"] = ""


class CustomerSummary(Schema):
    """One row of the list. Numbers are masked."""

    ref: str = Field(examples=["C7K2-9QF4"])
    kind: str
    name: str = Field(examples=["王小明"])
    sex: str
    manager: str
    unit: str
    customer_since: date | None
    tier: str
    abc: str
    annual_premium_fen: int | None
    active_policies: int | None
    next_expiry_date: date | None
    last_contact_at: datetime | None
    mobile: str = Field(examples=["138****5678"])


class CustomerList(CursorPage):
    items: list[CustomerSummary]


class CustomerValues(Schema):
    """What may be set by hand; leave out what stays."""

    name: str | None = Field(None, max_length=120, examples=["王小明"])
    sex: Literal["M", "F", ""] | None = None
    birth_date: date | None = None
    is_deceased: bool | None = None
    nationality: str | None = Field(None, max_length=3)
    native_place: str | None = Field(None, max_length=60)
    marital_status: str | None = Field(None, max_length=12)
    education: str | None = Field(None, max_length=16)
    occupation: str | None = Field(None, max_length=60)
    employer: str | None = Field(None, max_length=120)
    department: str | None = Field(None, max_length=60)
    position: str | None = Field(None, max_length=60)
    uscc: str | None = Field(None, max_length=18)
    industry: str | None = Field(None, max_length=60)
    legal_representative: str | None = Field(None, max_length=120)
    contact_preference: str | None = Field(None, max_length=120)


def _given(values: CustomerValues) -> dict[str, Any]:
    """What was sent. Null empties a text; of a date it is the empty value; whether somebody lives cannot be emptied."""
    sent = values.dict(exclude_unset=True)
    if sent.get("is_deceased", True) is None:
        del sent["is_deceased"]
    return {name: "" if value is None and name != "birth_date" else value for name, value in sent.items()}


@router.get("/customers", response={200: CustomerList, **PROBLEMS}, operation_id="list_customers")
@permitted("customers.view")
def list_customers(
    request: HttpRequest,
    wanted: Query[CustomerConditions],
    sort: Literal["name", "-premium", "premium", "next_expiry", "-last_contact", "-customer_since"] = "name",
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Customers within your reach, by pages."""
    conditions = wanted.dict(exclude={"tier", "abc"})
    page = queries.list_customers(
        actor_of(request),
        queries.CustomerFilter(**conditions, tiers=tuple(wanted.tier), abc=tuple(wanted.abc)),
        today=clock.today(),
        sort=sort,
        cursor=cursor,
        size=limit,
        extras=("mobile",),
    )
    return {"items": page.rows, "next": page.next_cursor or None}


@router.get("/customers/{ref}", response={200: dict[str, Any], **PROBLEMS}, operation_id="get_customer")
@permitted("customers.view")
def get_customer(request: HttpRequest, ref: Ref) -> dict[str, Any]:
    """The whole file with related records: contacts, documents, policies, claims. Masked; the view is audited."""
    return opening.open_as_json(actor=actor_of(request), now=clock.now(), ref=ref)


class NewCustomer(Schema):
    kind: Literal["person", "organisation"] = "person"
    values: CustomerValues
    document_kind: str = Field("resident_id", max_length=20)
    document_number: str = Field("", max_length=40)
    mobile: str = Field("", max_length=30)
    home_address: str = Field("", max_length=300)
    overview: str = Field("", max_length=500, description="Of an organisation, where it is required.")


class CustomerChange(Schema):
    cause: Literal["", "told", "document", "mistake", "life", "company", "policy", "cleaning"] = Field(
        "", description="Why the values change; kept with the history."
    )
    version: int = Field(description="The version the change was made on; 409 when the file has moved on.", ge=1)
    values: CustomerValues


class Made(Schema):
    ref: str = Field(examples=["C7K2-9QF4"])


class Changed(Schema):
    version: int
    changed: list[str] = Field(examples=[["employer"]])


@router.post("/customers", response={201: Made, **PROBLEMS}, operation_id="create_customer")
@permitted("customers.create")
def create_customer(request: HttpRequest, new: NewCustomer) -> Status[dict[str, str]]:
    """A new file. Refused when another file holds the same identity document."""
    try:
        ref = parties.create_customer(
            actor=actor_of(request),
            now=clock.now(),
            kind=new.kind,
            values=_given(new.values),
            document_kind=new.document_kind,
            document_number=new.document_number,
            mobile=new.mobile,
            home_address=new.home_address,
            overview=new.overview,
        )
    except Rejected as error:
        raise HttpError(422, f"{error.field}: {error}") from error
    return Status(201, {"ref": ref})


@router.patch("/customers/{ref}", response={200: Changed, 409: Problem, **PROBLEMS}, operation_id="change_customer")
@permitted("customers.edit")
def change_customer(request: HttpRequest, ref: Ref, change: CustomerChange) -> dict[str, Any]:
    """Set the given values if the file is still as of `version`."""
    try:
        edited = parties.edit_customer(
            actor=actor_of(request),
            now=clock.now(),
            ref=ref,
            version=change.version,
            changes=_given(change.values),
            cause=change.cause,
        )
    except Rejected as error:
        raise HttpError(422, f"{error.field}: {error}") from error
    return {"version": edited.version, "changed": list(edited.changed)}


class NoteSummary(Schema):
    id: UUID
    text: str = Field(examples=["下周三下午方便接电话"])
    is_pinned: bool
    author: str = Field(examples=["顾宁"])
    created_at: datetime
    due_date: date | None
    assignee: str
    version: int


class NewNote(Schema):
    """With `due_date` the note comes on the caller's work list that day."""

    text: str = Field(min_length=1, max_length=4_000, examples=["下周三下午方便接电话"])
    is_pinned: bool = False
    due_date: date | None = None


class NoteMade(Schema):
    id: UUID


@router.get("/customers/{ref}/notes", response={200: list[NoteSummary], **PROBLEMS}, operation_id="list_notes")
@permitted("customers.view")
def list_notes(request: HttpRequest, ref: Ref) -> list[panels.NoteItem]:
    """Notes of a file: pinned ones first, then the newest; at most a hundred."""
    return panels.notes_of(actor_of(request), ref)


@router.post("/customers/{ref}/notes", response={201: NoteMade, **PROBLEMS}, operation_id="add_note")
@permitted("customers.edit")
def add_note(request: HttpRequest, ref: Ref, new: NewNote) -> Status[dict[str, UUID]]:
    """Write a note on a file."""
    try:
        made = keeping.add_note(actor=actor_of(request), now=clock.now(), ref=ref, **new.dict())
    except Rejected as error:
        raise HttpError(422, f"{error.field}: {error}") from error
    return Status(201, {"id": made})


class AttentionQuestion(Schema):
    """Whom to look for: a number, or a name with a birth date."""

    purpose: Literal["underwriting", "claims", "payment", "service"]
    document: str = Field("", max_length=40, description="Number of an identity document.")
    phone: str = Field("", max_length=20)
    plate: str = Field("", max_length=12)
    uscc: str = Field("", max_length=18)
    name: str = Field("", max_length=120, examples=["王小明"])
    birth_date: date | None = None


class AttentionMatch(Schema):
    """`is_certain`: told by a number of this person alone; a phone or a name may be somebody else's."""

    entry: UUID
    kind: str = Field(examples=["fraud"])
    by: str = Field(examples=["document"])
    is_certain: bool
    from_date: date
    until_date: date | None


class AttentionAnswer(Schema):
    is_listed: bool
    matches: list[AttentionMatch]


@router.post(
    "/attention/check", response={200: AttentionAnswer, **PROBLEMS}, operation_id="check_attention", tags=["attention"]
)
@permitted("customers.attention_check")
def check_attention(request: HttpRequest, question: AttentionQuestion) -> dict[str, Any]:
    """What the attention list says of somebody, for underwriting and claims systems. Every question is recorded."""
    asked = question.dict()
    try:
        found = attention.check(actor=actor_of(request), now=clock.now(), code=asked.pop("uscc"), **asked)
    except Rejected as error:
        raise HttpError(422, f"{error.field}: {error}") from error
    return {
        "is_listed": bool(found),
        "matches": [
            {"entry": one.entry_id, "kind": one.kind, "by": one.by, "is_certain": one.is_certain,
             "from_date": one.from_date, "until_date": one.until_date}
            for one in found
        ],
    }  # fmt: skip
