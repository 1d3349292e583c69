"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="rights.receive",
        label=_("Take in requests about personal data"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.COMPLAINT_HANDLER: Scope.UNIT,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.DATA_STEWARD: Scope.ALL,
            Role.DATA_PROTECTION: Scope.ALL,
        },
    ),
    Permission(
        code="rights.view",
        label=_("See requests about personal data"),
        defaults={
            Role.AUDITOR: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
            Role.DATA_PROTECTION: Scope.ALL,
        },
    ),
    Permission(
        code="rights.handle",
        label=_("Answer requests about personal data, restrict, hand out copies"),
        defaults={Role.DATA_STEWARD: Scope.ALL, Role.DATA_PROTECTION: Scope.ALL},
    ),
    Permission(
        code="rights.approve",
        label=_("Approve erasures"),
        defaults={Role.DATA_PROTECTION: Scope.ALL, Role.HEAD_OFFICE: Scope.ALL},
    ),
    Permission(
        code="rights.restricted",
        label=_("Read restricted files, with a reason"),
        defaults={Role.DATA_PROTECTION: Scope.ALL, Role.AUDITOR: Scope.ALL},
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "SubjectRequest.ref": NOT_PERSONAL,
    "SubjectRequest.kind": NOT_PERSONAL,
    "SubjectRequest.state": NOT_PERSONAL,
    "SubjectRequest.channel": NOT_PERSONAL,
    "SubjectRequest.capacity": NOT_PERSONAL,
    "SubjectRequest.requester": PersonalData(Kind.NAME),
    "SubjectRequest.detail": PersonalData(Kind.FREE_TEXT),
    "SubjectRequest.identity_method": NOT_PERSONAL,
    "SubjectRequest.identity_note": PersonalData(Kind.FREE_TEXT),
    "SubjectRequest.extension_reason": PersonalData(Kind.FREE_TEXT),
    "SubjectRequest.answer": PersonalData(Kind.FREE_TEXT),
    "SubjectRequest.evidence": PersonalData(Kind.FREE_TEXT),
    "SubjectRequest.refusal": NOT_PERSONAL,
    "RequestMove.action": NOT_PERSONAL,
    "RequestMove.before": NOT_PERSONAL,
    "RequestMove.after": NOT_PERSONAL,
    "RequestMove.actor_name": NOT_PERSONAL,
    "RequestMove.why": PersonalData(Kind.FREE_TEXT),
    "Restriction.ground": NOT_PERSONAL,
    "Restriction.reason": PersonalData(Kind.FREE_TEXT),
    "Restriction.lift_reason": PersonalData(Kind.FREE_TEXT),
    "RetentionDue.ground": NOT_PERSONAL,
    "Certificate.ref": NOT_PERSONAL,
    "Certificate.customer_ref": NOT_PERSONAL,
    "Certificate.asked_by": NOT_PERSONAL,
    "Certificate.approved_by": NOT_PERSONAL,
    "Certificate.lines": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "rights.receive": _("Received a request about personal data"),
    "rights.assign": _("Assigned a request about personal data"),
    "rights.verify": _("Verified who asks"),
    "rights.answer": _("Answered a request about personal data"),
    "rights.refuse": _("Refused a request about personal data"),
    "rights.withdraw": _("Recorded that a request was withdrawn"),
    "rights.extend": _("Extended the time of a request"),
    "rights.ask_erasure": _("Asked for an erasure to be approved"),
    "rights.erase": _("Erased personal data"),
    "rights.restrict": _("Restricted a file"),
    "rights.lift": _("Lifted a restriction"),
    "rights.read_restricted": _("Read a restricted file"),
    "rights.readmit": _("Let a forgotten person be a customer again"),
    "rights.start_archive": _("Began an access copy"),
    "rights.take_archive": _("Handed out an access copy"),
}
THINGS: dict[str, str] = {"subject_request": _("Request about personal data")}


class RequestKind(StrEnum):
    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    PORTABILITY = "portability"
    RESTRICTION = "restriction"
    EXPLANATION = "explanation"


class State(StrEnum):
    RECEIVED = "received"
    WORKING = "working"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


KINDS: Final[Mapping[str, str]] = {
    RequestKind.ACCESS: _("Access and copy"),
    RequestKind.CORRECTION: _("Correction and completion"),
    RequestKind.ERASURE: _("Erasure"),
    RequestKind.PORTABILITY: _("Portability"),
    RequestKind.RESTRICTION: _("Restriction or refusal of processing"),
    RequestKind.EXPLANATION: _("Explanation of automated decisions"),
}
CHANNELS: Final[Mapping[str, str]] = {
    "counter": _("Counter"),
    "phone": _("Telephone"),
    "letter": _("Letter"),
    "email": _("E-mail"),
    "app": _("App or website"),
    "regulator": _("Passed on by an authority"),
}
CAPACITIES: Final[Mapping[str, str]] = {
    "self": _("The person themselves"),
    "guardian": _("Guardian"),
    "agent": _("Authorised representative"),
    "next_of_kin": _("Next of kin of a deceased person"),
}
IDENTITY_METHODS: Final[Mapping[str, str]] = {
    "document": _("ID document seen at the counter"),
    "call_back": _("Called back on the number on file"),
    "letter": _("Signed letter with a copy of the ID document"),
    "app": _("Signed in to the app"),
    "authority": _("Power of attorney and both ID documents"),
    "kinship": _("Proof of kinship and of death"),
}
REFUSALS: Final[Mapping[str, str]] = {
    "identity": _("Identity could not be verified"),
    "duty": _("A law or regulation forbids it or demands secrecy"),
    "retention": _("The legal retention period is not over; processing is restricted"),
    "others": _("It would reveal data of others"),
    "repeated": _("Repeated without new grounds"),
    "none": _("No personal data of this person is held"),
}
RESTRICTION_GROUNDS: Final[Mapping[str, str]] = {
    "erasure": _("Erasure was asked for, a retention period runs"),
    "request": _("The person asked for it"),
    "accuracy": _("Accuracy is disputed"),
    "retention": _("Kept for a legal duty only"),
}
HOLD_GROUNDS: Final[Mapping[str, str]] = {
    "contract_short": _("Contract of up to one year"),
    "contract_long": _("Contract of more than one year"),
    "claim": _("Claim file"),
    "aml": _("Customer due diligence"),
    "complaint": _("Complaint file"),
    "recording": _("Sales recording"),
    "attention": _("Attention list"),
    "rights": _("Request about personal data"),
    "file": _("File without a contract"),
}


class RequestNotFound(Exception):
    """No such request within the actor's reach."""


class Rejected(ValueError):
    """A value that cannot be kept. `field` names it; the message is an English text of the catalogue."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class StillHeld(Exception):
    """A retention period still runs: the file may be restricted, not erased."""

    def __init__(self, until: date | None) -> None:
        self.until = until
        super().__init__("A retention period still runs.")


@dataclass(frozen=True, kw_only=True)
class VerdictLine:
    """One ground: `until` None: it still runs, its end is not known."""

    ground: str
    what: str
    since: date | None
    years: int
    until: date | None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """When a person may be forgotten: the latest of all grounds. `due` None: something still runs."""

    due: date | None
    ground: str
    lines: tuple[VerdictLine, ...]
    scheme_version: int

    def is_over(self, today: date) -> bool:
        return self.due is not None and self.due <= today


@dataclass(frozen=True, kw_only=True)
class RequestView:
    id: UUID
    ref: str
    kind: str
    state: State
    channel: str
    capacity: str
    requester: str
    detail: str
    party_id: UUID | None
    party_ref: str
    party_name: str
    received_at: datetime
    received_by: str
    due_date: date
    extended_to: date | None
    extension_reason: str
    identity_method: str
    identity_note: str
    identity_at: datetime | None
    identity_by: str
    assignee_id: UUID | None
    assignee: str
    answer: str
    evidence: str
    refusal: str
    closed_at: datetime | None
    archive_at: datetime | None
    archive_taken_at: datetime | None
    has_archive: bool
    version: int

    @property
    def last_day(self) -> date:
        return self.extended_to or self.due_date

    @property
    def is_open(self) -> bool:
        return self.state in (State.RECEIVED, State.WORKING)
