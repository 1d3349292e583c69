"""The customer file as it leaves this room: everything that identifies or reaches a person is masked already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class StandingData:
    """Figures of the last nightly run; money in fen."""

    annual_premium_fen: int = 0
    total_paid_fen: int = 0
    claims_paid_fen: int = 0
    active_policies: int = 0
    policies: int = 0
    open_claims: int = 0
    tier: str = ""
    abc: str = ""
    next_expiry_date: date | None = None
    last_contact_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ContactItem:
    id: UUID
    kind: str
    label: str
    value: str  # masked
    is_primary: bool
    is_bad: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class DocumentItem:
    id: UUID
    kind: str
    number: str  # masked
    valid_until: date | None
    is_verified: bool
    is_disputed: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class AddressItem:
    id: UUID
    kind: str
    text: str  # masked
    source: str


@dataclass(frozen=True, kw_only=True)
class AccountItem:
    id: UUID
    bank: str
    number: str  # masked
    source: str


@dataclass(frozen=True, kw_only=True)
class CustomerFile:
    """`values` holds the plain columns by name, masked where the rules say so; `provenance` who said a value, and when.

    `sensitive` names the values of `values` that are masked and can be revealed.
    """

    id: UUID
    ref: str
    kind: str
    name: str
    version: int
    age: int | None
    unit: str
    unit_path: str
    manager_id: UUID | None
    manager: str
    source: str
    is_deceased: bool
    values: Mapping[str, str]
    provenance: Mapping[str, tuple[str, str]]
    sensitive: frozenset[str]
    custom: Mapping[str, object]
    standing: StandingData | None
    customer_since: date | None
    created_at: datetime
    updated_at: datetime
    contacts: tuple[ContactItem, ...] = ()
    documents: tuple[DocumentItem, ...] = ()
    addresses: tuple[AddressItem, ...] = ()
    accounts: tuple[AccountItem, ...] = ()
    tags: tuple[tuple[UUID, str, str], ...] = ()  # id, name, colour
    merged_in: int = 0  # files that became part of this one
    has_attention: bool | None = None  # None: the actor may not know

    @property
    def is_person(self) -> bool:
        return self.kind == "person"

    @property
    def phone(self) -> ContactItem | None:
        """The number to call first."""
        return next((one for one in self.contacts if one.kind in ("mobile", "phone") and not one.is_bad), None)

    @property
    def document(self) -> DocumentItem | None:
        return self.documents[0] if self.documents else None


@dataclass(frozen=True, kw_only=True)
class RelatedParty:
    """Someone at the other end of a relation. `ref` is empty and the name masked outside the actor's reach."""

    relation_id: UUID
    party_id: UUID
    ref: str
    name: str
    party_kind: str
    kind: str  # what this party is to the customer
    group: str
    note: str
    is_confirmed: bool
    source: str
    active_policies: int
    tier: str
    person_role: str = ""
    from_date: date | None = None
    until_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Family:
    """Relations of one customer and the picture of them: nodes at fixed places, links between."""

    members: tuple[RelatedParty, ...]
    is_cut: bool
    picture: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TimelineItem:
    """Something that happened with a customer. `title` and `text` are ready for people, in the active language."""

    at: datetime
    key: str  # unique within the whole timeline, breaks ties of `at`
    group: str  # contact, claim, policy, file
    icon: str
    level: str
    title: str
    text: str = ""
    url_name: str = ""
    url_arg: str = ""


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A file that looks like the one being made. Outside the actor's reach only `unit` is told."""

    by: tuple[str, ...]  # document, mobile, name_birth
    unit: str
    ref: str = ""
    name: str = ""
    birth_date: str = ""
    phone: str = ""
    manager: str = ""


class Rejected(ValueError):
    """A value that cannot be kept. `field` names it; the message is an English text of the catalogue."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)
