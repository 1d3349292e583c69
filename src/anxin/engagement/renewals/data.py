"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from anxin.kernel.paging import Page
from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="renewals.view",
        label=_("See renewals"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
    Permission(
        code="renewals.work",
        label=_("Record renewal intentions"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
        },
    ),
    Permission(
        code="renewals.export",
        label=_("Export renewals"),
        defaults={
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Renewal.line": NOT_PERSONAL,
    "Renewal.state": NOT_PERSONAL,
    "Renewal.intention": NOT_PERSONAL,
    "Renewal.reason": NOT_PERSONAL,
    "Renewal.note": PersonalData(Kind.FREE_TEXT),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "renewals.record": _("Recorded what a customer means to do"),
    "renewals.export": _("Exported renewals"),
}
THINGS: dict[str, str] = {"renewal": _("Renewal"), "renewals": _("Renewals")}


class Intention(StrEnum):
    UNKNOWN = "unknown"
    RENEW = "renew"
    NOT_RENEW = "not_renew"
    CONSIDERING = "considering"


class RenewalState(StrEnum):
    OPEN = "open"
    RENEWED = "renewed"
    LOST = "lost"
    EXCLUDED = "excluded"


class Period(StrEnum):
    """Which ends are meant, counted from today in Shanghai."""

    TODAY = "today"
    WEEK = "week"  # today and the six days after
    MONTH = "month"  # within 30 days
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"  # within 90 days
    EXPIRED = "expired"  # ended, and may still be renewed
    ALL = "all"


class Whose(StrEnum):
    MINE = "mine"
    REACH = "reach"


@dataclass(frozen=True, kw_only=True)
class RenewalFilter:
    whose: Whose = Whose.REACH
    period: Period = Period.MONTH
    first: date | None = None  # with `last`: any period, in the place of `period` (C21)
    last: date | None = None
    state: RenewalState = RenewalState.OPEN
    intentions: tuple[Intention, ...] = ()
    lines: tuple[str, ...] = ()
    owner_id: UUID | None = None
    party_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RenewalView:
    id: UUID
    policy_id: UUID
    policy_no: str
    product_name: str
    line: str
    plate: str
    party_ref: str
    party_name: str
    tier: str
    owner_id: UUID | None
    owner_name: str
    unit_name: str
    expiry_date: date
    premium_fen: int
    state: RenewalState
    intention: Intention
    reason: str
    note: str
    next_date: date | None
    renewed_by_no: str
    version: int
    changed_by_name: str
    changed_at: datetime


class RenewalPage(Page[RenewalView]):
    """One page of renewals."""


@dataclass(frozen=True, kw_only=True)
class Counters:
    """Open renewals by period and by intention, with the premium that is at stake within 90 days."""

    by_period: Mapping[Period, int] = field(default_factory=dict)
    by_intention: Mapping[Intention, int] = field(default_factory=dict)
    premium_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a nightly run did to the list."""

    new: int = 0
    renewed: int = 0
    lost: int = 0
    excluded: int = 0
    moved: int = 0  # to another manager, unit or premium
    reminders: int = 0
