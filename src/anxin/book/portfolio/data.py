"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="portfolio.view",
        label=_("See policies and claims"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.LOBBY_MANAGER: Scope.UNIT,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.COMPLAINT_HANDLER: Scope.UNIT,
            Role.COMPLAINT_REVIEWER: Scope.UNIT,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="portfolio.health",
        label=_("See claim descriptions that may speak of health"),
        defaults={
            Role.COMPLAINT_HANDLER: Scope.UNIT,
            Role.COUNTER_STAFF: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Product.code": NOT_PERSONAL,
    "Product.name": NOT_PERSONAL,
    "Product.line": NOT_PERSONAL,
    "Product.design": NOT_PERSONAL,
    "Product.source": NOT_PERSONAL,
    "Product.digest": NOT_PERSONAL,
    "Policy.source": NOT_PERSONAL,
    "Policy.policy_no": NOT_PERSONAL,
    "Policy.proposal_no": NOT_PERSONAL,
    "Policy.contract_key": NOT_PERSONAL,
    "Policy.previous_policy_no": NOT_PERSONAL,
    "Policy.group_policy_no": NOT_PERSONAL,
    "Policy.product_name": NOT_PERSONAL,
    "Policy.line": NOT_PERSONAL,
    "Policy.channel": NOT_PERSONAL,
    "Policy.agent_code": NOT_PERSONAL,
    "Policy.status": NOT_PERSONAL,
    "Policy.status_reason": NOT_PERSONAL,
    "Policy.pay_mode": NOT_PERSONAL,
    "Policy.currency": NOT_PERSONAL,
    "Policy.plate": PersonalData(Kind.PLATE),
    "Policy.attributes": PersonalData(Kind.FREE_TEXT),
    "Policy.digest": NOT_PERSONAL,
    "PolicyRole.role": NOT_PERSONAL,
    "PolicyRole.relation": NOT_PERSONAL,
    "PolicyRole.digest": NOT_PERSONAL,
    "Coverage.code": NOT_PERSONAL,
    "Coverage.name": NOT_PERSONAL,
    "Coverage.status": NOT_PERSONAL,
    "Coverage.digest": NOT_PERSONAL,
    "Vehicle.plate": PersonalData(Kind.PLATE),
    "Vehicle.vin": PersonalData(Kind.VEHICLE),
    "Vehicle.engine_no": PersonalData(Kind.VEHICLE),
    "Vehicle.make_model": NOT_PERSONAL,
    "Vehicle.use": NOT_PERSONAL,
    "Vehicle.energy": NOT_PERSONAL,
    "Vehicle.digest": NOT_PERSONAL,
    "Instalment.method": NOT_PERSONAL,
    "Instalment.status": NOT_PERSONAL,
    "Instalment.digest": NOT_PERSONAL,
    "Endorsement.endorsement_no": NOT_PERSONAL,
    "Endorsement.source": NOT_PERSONAL,
    "Endorsement.kind": NOT_PERSONAL,
    "Endorsement.status": NOT_PERSONAL,
    "Endorsement.description": PersonalData(Kind.FREE_TEXT),
    "Endorsement.digest": NOT_PERSONAL,
    "Claim.source": NOT_PERSONAL,
    "Claim.claim_no": NOT_PERSONAL,
    "Claim.report_no": NOT_PERSONAL,
    "Claim.state": NOT_PERSONAL,
    "Claim.conclusion": NOT_PERSONAL,
    "Claim.accident_place": PersonalData(Kind.ADDRESS),
    "Claim.cause": NOT_PERSONAL,
    "Claim.description_sealed": PersonalData(Kind.HEALTH, Protection.ENCRYPTED, is_sensitive=True),
    "Claim.attributes": PersonalData(Kind.FREE_TEXT),
    "Claim.digest": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "portfolio.reveal": _("Saw a hidden value of a policy or claim"),
}
THINGS: dict[str, str] = {"policy": _("Policy"), "claim": _("Claim")}

LINES: Final = {
    "motor": _("Motor"),
    "property": _("Property"),
    "liability": _("Liability"),
    "accident": _("Accident"),
    "health": _("Health"),
    "life": _("Life"),
    "annuity": _("Annuity"),
    "agricultural": _("Agricultural"),
    "guarantee": _("Guarantee"),
}
LINE_ICONS: Final = {
    "motor": "car",
    "property": "home",
    "liability": "shield",
    "accident": "plane",
    "health": "stethoscope",
    "life": "umbrella",
    "annuity": "coins",
}
STATUSES: Final = {
    "in_force": (_("In force"), "ok"),
    "lapsed": (_("Lapsed"), "danger"),
    "surrendered": (_("Surrendered"), ""),
    "matured": (_("Matured"), ""),
    "expired": (_("Term over"), ""),
    "cancelled": (_("Cancelled"), ""),
    "terminated": (_("Terminated"), ""),
    "pending": (_("Not begun"), "info"),
}
ROLES: Final = {
    "insured": _("Insured"),
    "beneficiary": _("Beneficiary"),
    "payer": _("Payer"),
    "driver": _("Driver"),
    "owner": _("Vehicle owner"),
    "contact": _("Contact person"),
}
PAY_MODES: Final = {
    "single": _("Single premium"),
    "annual": _("Yearly"),
    "semiannual": _("Half-yearly"),
    "quarterly": _("Quarterly"),
    "monthly": _("Monthly"),
}
CHANNELS: Final = {
    "agent": _("Individual agents"),
    "bancassurance": _("Bancassurance"),
    "broker": _("Brokers and agencies"),
    "dealer": _("Car dealers"),
    "outlet": _("Outlets"),
    "telesales": _("Telesales"),
    "online": _("Online"),
    "direct": _("Direct sales"),
    "key_account": _("Key accounts"),
}
INSTALMENTS: Final = {
    "due": (_("Premium due"), "info"),
    "paid": (_("Premium paid"), "ok"),
    "overdue": (_("Overdue"), "danger"),
    "failed": (_("Debit failed"), "danger"),
    "waived": (_("Waived"), ""),
}
ENDORSEMENTS: Final = {
    "open": (_("In work"), "info"),
    "done": (_("Done"), "ok"),
    "refused": (_("Refused"), "danger"),
}
CLAIM_STATES: Final = {
    "reported": (_("Reported"), "info"),
    "surveyed": (_("Surveyed"), "info"),
    "assessed": (_("Assessed"), "info"),
    "registered": (_("Registered"), "info"),
    "documents_complete": (_("Documents complete"), "info"),
    "calculated": (_("Calculated"), "info"),
    "approved": (_("Approved"), "info"),
    "paid": (_("Paid"), "ok"),
    "closed": (_("Claim closed"), "ok"),
    "cancelled": (_("Cancelled"), ""),
}
CONCLUSIONS: Final = {
    "paid": _("Paid"),
    "refused": _("Claim refused"),
    "zero": _("Closed without payment"),
    "withdrawn": _("Withdrawn"),
    "ex_gratia": _("Ex gratia"),
    "compromise": _("Compromise"),
}
# The way of a claim, in order; each stage has its own moment.
STAGES: Final = (
    "reported", "surveyed", "assessed", "registered", "documents_complete", "calculated", "approved", "paid", "closed",
)  # fmt: skip


class PolicyNotFound(Exception):
    """No such policy or claim within the actor's reach."""


@dataclass(frozen=True, kw_only=True)
class PolicyLine:
    """A policy in a customer's list. Money in fen; `expiry_date` is the first day without cover."""

    id: UUID
    policy_no: str
    product_name: str
    line: str
    status: str
    effective_date: date
    expiry_date: date | None
    annual_premium_fen: int
    premium_fen: int
    sum_insured_fen: int | None
    currency: str
    plate: str  # masked
    is_group_header: bool
    part: str  # "holder" or a role
    next_due_date: date | None
    next_due_fen: int | None
    next_due_status: str


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    id: UUID
    claim_no: str
    report_no: str
    policy_id: UUID
    policy_no: str
    product_name: str
    state: str
    conclusion: str
    cause: str
    is_injury: bool
    is_recovery: bool
    claimed_fen: int | None
    paid_fen: int
    reported_at: datetime
    closed_at: datetime | None
    moments: Mapping[str, datetime | None]


@dataclass(frozen=True, kw_only=True)
class PersonOfPolicy:
    """Someone with a part in a policy. `ref` is empty and the name masked outside the actor's reach."""

    role: str
    relation: str
    name: str
    ref: str
    benefit_order: int | None
    share_bp: int | None


@dataclass(frozen=True, kw_only=True)
class VehicleData:
    """Numbers are masked; they can be revealed."""

    plate: str
    vin: str
    engine_no: str
    make_model: str
    first_registered: date | None
    use: str
    seats: int | None
    energy: str
    value_fen: int | None
