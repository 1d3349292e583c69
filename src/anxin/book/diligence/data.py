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
        code="diligence.view",
        label=_("See customer due diligence"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
    Permission(
        code="diligence.edit",
        label=_("Grade customers and record due diligence"),
        defaults={Role.BRANCH_MANAGER: Scope.UNIT, Role.HEAD_OFFICE: Scope.ALL},
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Profile.risk": NOT_PERSONAL,
    "Profile.risk_reason": PersonalData(Kind.FREE_TEXT),
    "Profile.pep_note": PersonalData(Kind.FREE_TEXT),
    "Profile.source_of_funds": PersonalData(Kind.FINANCE),
    "Profile.use_of_funds": PersonalData(Kind.FINANCE),
    "Profile.verification": NOT_PERSONAL,
    "Profile.verification_method": NOT_PERSONAL,
    "Profile.business_scope": NOT_PERSONAL,
    "Profile.licence_no": NOT_PERSONAL,
    "RelatedPerson.role": NOT_PERSONAL,
    "RelatedPerson.name": PersonalData(Kind.NAME),
    "RelatedPerson.document_kind": NOT_PERSONAL,
    "RelatedPerson.number_sealed": PersonalData(Kind.DOCUMENT, Protection.ENCRYPTED),
    "RelatedPerson.number_blind": PersonalData(Kind.DOCUMENT, Protection.BLIND_INDEX),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "diligence.review": _("Recorded a due-diligence review"),
    "diligence.add_person": _("Added a beneficial owner or representative"),
    "diligence.remove_person": _("Removed a beneficial owner or representative"),
}

RISKS: Final[Mapping[str, str]] = {"high": _("High risk"), "medium": _("Medium risk"), "low": _("Low risk")}
VERIFICATIONS: Final[Mapping[str, str]] = {
    "none": _("Not verified yet"),
    "passed": _("Identity verified"),
    "failed": _("Verification failed"),
}
ROLES: Final[Mapping[str, str]] = {
    "beneficial_owner": _("Beneficial owner"),
    "controller": _("Controlling shareholder or actual controller"),
    "legal_representative": _("Legal representative"),
    "principal": _("Person in charge"),
    "agent": _("Authorised agent"),
}
ELEMENTS: Final[Mapping[str, str]] = {
    "name": _("Full name"),
    "sex": _("Sex"),
    "nationality": _("Nationality"),
    "occupation": _("Occupation"),
    "address": _("Address"),
    "contact": _("Contact point"),
    "document_kind": _("Kind of document"),
    "document_number": _("Document number"),
    "document_until": _("Document valid until"),
    "uscc": _("Unified social credit code"),
    "legal_representative": _("Legal representative"),
    "business_scope": _("Business scope"),
    "licence": _("Licence and its validity"),
    "beneficial_owner": _("Beneficial owner"),
    "controller": _("Controlling shareholder or actual controller"),
}


class Rejected(ValueError):
    """A value that cannot be kept. `field` names it; the message is an English text of the catalogue."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, kw_only=True)
class PersonView:
    id: UUID
    role: str
    name: str
    document_kind: str
    number: str  # masked
    valid_until: date | None
    share_bp: int | None


@dataclass(frozen=True, kw_only=True)
class DiligenceView:
    """How the due diligence of one customer stands. `missing`: elements without a value, of `total`."""

    party_id: UUID
    is_person: bool
    missing: tuple[str, ...]
    total: int
    expired: date | None
    risk: str
    risk_reason: str
    is_pep: bool
    pep_note: str
    source_of_funds: str
    use_of_funds: str
    verification: str
    verified_at: datetime | None
    business_scope: str
    licence_no: str
    licence_until: date | None
    next_review: date | None
    reviewed_at: datetime | None
    reviewed_by: str
    people: tuple[PersonView, ...]
    version: int
