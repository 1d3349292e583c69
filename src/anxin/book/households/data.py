"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.paging import Page
from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="households.view",
        label=_("See households"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.LOBBY_MANAGER: Scope.UNIT,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="households.edit",
        label=_("Confirm and change households"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="households.infer",
        label=_("Look for households over the whole book"),
        defaults={
            Role.HEAD_OFFICE: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Household.state": NOT_PERSONAL,
    "Household.note": PersonalData(Kind.FREE_TEXT),
    "Household.source": NOT_PERSONAL,
    "Membership.role": PersonalData(Kind.FAMILY),
    "Membership.source": NOT_PERSONAL,
    "Membership.reason": PersonalData(Kind.FREE_TEXT),
    "Proposal.key": NOT_PERSONAL,
    "Proposal.state": NOT_PERSONAL,
    "Proposal.evidence": PersonalData(Kind.FAMILY),
    "Proposal.reason": PersonalData(Kind.FREE_TEXT),
    "ProposalMember.role": PersonalData(Kind.FAMILY),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "households.create": _("Formed a household"),
    "households.dissolve": _("Dissolved a household"),
    "households.add_member": _("Added a member to a household"),
    "households.remove_member": _("Took a member out of a household"),
    "households.set_role": _("Set a role in a household"),
    "households.accept": _("Accepted a proposed household"),
    "households.refuse": _("Refused a proposed household"),
}
THINGS: dict[str, str] = {"household": _("Household"), "household_proposal": _("Proposed household")}


class MemberRole(StrEnum):
    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER = "other"


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # what it rested on is gone, or a newer one takes its place


MEMBER_ROLES: Final[Mapping[str, str]] = {
    MemberRole.HEAD: _("Head of household"),
    MemberRole.SPOUSE: _("Spouse"),
    MemberRole.CHILD: _("Child"),
    MemberRole.PARENT: _("Parent"),
    MemberRole.SIBLING: _("Brother or sister"),
    MemberRole.OTHER: _("Other member"),
}
# By what two persons seem to belong together.
EVIDENCE: Final[Mapping[str, str]] = {
    "relation": _("family relation on file"),
    "insured": _("insured on the other's policy"),
    "beneficiary": _("beneficiary of the other's policy"),
    "phone": _("same phone"),
    "address": _("same home address"),
    "surname": _("same surname"),
}
EVIDENCE_ICONS: Final[Mapping[str, str]] = {
    "relation": "users-group", "insured": "shield", "beneficiary": "user-share", "phone": "phone", "address": "home",
    "surname": "id",
}  # fmt: skip


class HouseholdNotFound(Exception):
    """No such household, membership or proposal within the actor's reach."""


class HouseholdRejected(ValueError):
    """What was asked for cannot be. The message is an English text of the catalogue."""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Figures of the members that were counted; money in fen."""

    members: int = 0
    annual_premium_fen: int = 0
    cover_fen: int = 0
    claims_paid_fen: int = 0
    active_policies: int = 0
    open_claims: int = 0
    uncovered: int = 0  # members whom no policy in force covers


@dataclass(frozen=True, kw_only=True)
class MemberView:
    """One member. Outside the actor's reach `ref` is empty, the name masked and the figures left out."""

    membership_id: UUID
    party_id: UUID
    ref: str
    name: str
    role: str
    age: int | None
    sex: str
    tier: str
    annual_premium_fen: int
    active_policies: int
    is_covered: bool
    from_date: date
    until_date: date | None
    source: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HouseholdView:
    """`totals` counts the members within reach; `hidden` is how many are not."""

    id: UUID
    version: int
    state: str
    note: str
    source: str
    created_at: datetime
    created_by: str
    head: str
    members: tuple[MemberView, ...]
    former: tuple[MemberView, ...]
    totals: Totals
    hidden: int
    policies: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, kw_only=True)
class HouseholdRow:
    """A row of the list."""

    id: UUID
    head: str
    head_ref: str
    members: tuple[tuple[str, str], ...]  # name, reference ("" out of reach)
    size: int
    hidden: int
    totals: Totals


class HouseholdPage(Page[HouseholdRow]):
    """One page of households."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    party_id: UUID
    ref: str
    name: str
    role: str
    age: int | None
    sex: str
    manager: str
    is_reached: bool


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Two members (positions in the proposal) and what ties them."""

    left: int
    right: int
    kinds: tuple[str, ...]
    score: int


@dataclass(frozen=True, kw_only=True)
class ProposalView:
    """`household_id`: persons to join one that exists."""

    id: UUID
    score: int
    state: str
    created_at: datetime
    candidates: tuple[Candidate, ...]
    ties: tuple[Tie, ...]
    household_id: UUID | None = None
    household_head: str = ""
    version: int = 1
    decided_by: str = ""
    decided_at: datetime | None = None
    kinds: tuple[str, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Inferred:
    """What a run of the inference did."""

    ties: int = 0
    new: int = 0
    kept: int = 0
    withdrawn: int = 0
    too_large: int = 0
