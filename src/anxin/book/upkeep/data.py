"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.paging import Page
from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="upkeep.view",
        label=_("See the quality of customer files"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="upkeep.correct",
        label=_("Ask for corrections and settle them"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="upkeep.invite",
        label=_("Send customers a card to fill in, and take over the answers"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="upkeep.card",
        label=_("Print customer cards"),
        defaults={
            Role.COUNTER_STAFF: Scope.ALL,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="upkeep.export",
        label=_("Export lists of files to correct"),
        defaults={
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Score.missing": NOT_PERSONAL,
    "Score.problems": NOT_PERSONAL,
    "Score.details": NOT_PERSONAL,
    "Cell.source": NOT_PERSONAL,
    "Cell.problems": NOT_PERSONAL,
    "Correction.code": NOT_PERSONAL,
    "Correction.state": NOT_PERSONAL,
    "Correction.note": PersonalData(Kind.FREE_TEXT),
    "Correction.outcome": PersonalData(Kind.FREE_TEXT),
    "Confirmation.means": NOT_PERSONAL,
    "CardLink.token_hash": PersonalData(Kind.CREDENTIAL, Protection.HASHED),
    "CardLink.language": NOT_PERSONAL,
    "CardAnswer.state": NOT_PERSONAL,
    "CardAnswer.values_sealed": PersonalData(Kind.FREE_TEXT, Protection.ENCRYPTED),
    "CardAnswer.decisions": NOT_PERSONAL,
    "CardAnswer.notice": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "upkeep.open_correction": _("Opened a correction"),
    "upkeep.open_corrections": _("Opened corrections"),
    "upkeep.resolve": _("Made a correction"),
    "upkeep.dismiss": _("Dismissed a correction"),
    "upkeep.confirm": _("Confirmed values of a file"),
    "upkeep.make_link": _("Sent a card to fill in"),
    "upkeep.revoke_link": _("Called a card back"),
    "upkeep.submit_card": _("A customer filled in a card"),
    "upkeep.decide_card": _("Decided on a filled-in card"),
    "upkeep.export_card": _("Printed a customer card"),
    "upkeep.export": _("Exported data quality"),
}
THINGS: dict[str, str] = {"scores": _("Data quality")}


class Problem(StrEnum):
    """What makes a file doubtful."""

    ID_CHECKSUM = "id_checksum"
    ID_BIRTH = "id_birth"
    ID_SEX = "id_sex"
    ID_DISPUTED = "id_disputed"
    ID_EXPIRED = "id_expired"
    USCC_INVALID = "uscc_invalid"
    NAME_UNREAL = "name_unreal"
    AGE_IMPLAUSIBLE = "age_implausible"
    PHONE_SHARED = "phone_shared"
    PHONE_BAD = "phone_bad"
    ADDRESS_VAGUE = "address_vague"
    STALE = "stale"
    FACT_OVER = "fact_over"


PROBLEMS: Final[Mapping[str, str]] = {
    Problem.ID_CHECKSUM: _("ID number fails its check digit"),
    Problem.ID_BIRTH: _("Birth date contradicts the ID number"),
    Problem.ID_SEX: _("Sex contradicts the ID number"),
    Problem.ID_DISPUTED: _("ID number also in another file"),
    Problem.ID_EXPIRED: _("Identity document expired"),
    Problem.USCC_INVALID: _("Credit code fails its check digit"),
    Problem.NAME_UNREAL: _("Name looks made up"),
    Problem.AGE_IMPLAUSIBLE: _("Age cannot be"),
    Problem.PHONE_SHARED: _("Phone shared by many customers"),
    Problem.PHONE_BAD: _("No working phone"),
    Problem.ADDRESS_VAGUE: _("Address without street or number"),
    Problem.STALE: _("Not confirmed for long"),
    Problem.FACT_OVER: _("Personal facts past their day"),
}
# Told with what was found: %(n)s customers, a day.
TOLD: Final[Mapping[str, str]] = {
    Problem.PHONE_SHARED: _("Phone shared by %(detail)s customers"),
    Problem.STALE: _("Last confirmed on %(detail)s"),
    Problem.ID_EXPIRED: _("Identity document expired on %(detail)s"),
}
ITEMS: Final[Mapping[str, str]] = {
    "document": _("Identity document"),
    "birth_date": _("Birth date"),
    "sex": _("Sex"),
    "phone": _("Phone"),
    "address": _("Address"),
    "email": _("E-mail"),
    "occupation": _("Occupation"),
    "employer": _("Employer"),
    "marital_status": _("Marital status"),
    "education": _("Education"),
    "income": _("Annual income"),
    "uscc": _("Unified social credit code"),
    "industry": _("Industry"),
    "scale": _("Scale or headcount"),
    "legal_representative": _("Legal representative"),
    "key_contact": _("Key contact"),
    "overview": _("Overview of the company"),
    "information_source": _("Source of information"),
    "manager": _("Customer manager"),
}
MEANS: Final[Mapping[str, str]] = {
    "phone": _("By telephone"),
    "visit": _("In person"),
    "counter": _("At the counter"),
    "document": _("From a document"),
    "self": _("Filled in by the customer"),
}


class CorrectionState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


class LinkState(StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


# What a customer may fill in, in the order of the page.
CARD_FIELDS: Final = (
    "mobile", "email", "home_address", "marital_status", "education", "occupation", "employer", "contact_preference",
)  # fmt: skip
CARD_LABELS: Final[Mapping[str, str]] = {
    "mobile": _("Mobile"),
    "email": _("E-mail"),
    "home_address": _("Home address"),
    "marital_status": _("Marital status"),
    "education": _("Education"),
    "occupation": _("Occupation"),
    "employer": _("Employer"),
    "contact_preference": _("When and how we may reach you"),
}
NOTICE: Final = "2026-11"  # version of the text the customer agrees to


class UpkeepRejected(ValueError):
    """What was asked for cannot be. The message is an English text of the catalogue."""


class NotFound(Exception):
    """No such thing within the actor's reach."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How complete and how true one file is, and why. `reasons`: problem code, points off, what was found."""

    score: int
    completeness: int
    truth: int
    missing: tuple[str, ...]
    reasons: tuple[tuple[str, int, str], ...]
    scheme_version: int
    level: str  # ok, warn, danger


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A file in the list of those to correct."""

    party_id: UUID
    ref: str
    name: str
    kind: str
    tier: str
    unit: str
    manager: str
    score: int
    completeness: int
    truth: int
    problems: tuple[str, ...]
    missing: tuple[str, ...]
    has_open: bool


class FilePage(Page[FileRow]):
    """One page of files."""


@dataclass(frozen=True, kw_only=True)
class FileFilter:
    problem: str = ""
    missing: str = ""
    source: str = ""
    unit: UUID | None = None
    manager: UUID | None = None
    below: int | None = None


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Figures of one source, branch or manager. Means in points."""

    key: str
    label: str
    customers: int
    score: float
    completeness: float
    truth: float
    poor: int


@dataclass(frozen=True, kw_only=True)
class Board:
    """The dashboard as of the last night."""

    as_of: date | None
    whole: Slice | None
    before: Slice | None
    sources: tuple[Slice, ...]
    units: tuple[Slice, ...]
    managers: tuple[Slice, ...]
    problems: tuple[tuple[str, int], ...]
    trend: tuple[tuple[date, float], ...]
    open_corrections: int


@dataclass(frozen=True, kw_only=True)
class CorrectionView:
    id: UUID
    code: str
    state: str
    note: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class LinkView:
    id: UUID
    state: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class AnswerField:
    """One value a customer filled in, beside what the file says. Masked unless the actor may reveal."""

    name: str
    now: str
    said: str
    is_same: bool


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    id: UUID
    ref: str
    name: str
    submitted_at: datetime
    fields: tuple[AnswerField, ...]
    version: int
