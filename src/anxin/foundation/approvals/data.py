"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="approvals.view",
        label=_("See what one asked for and may decide"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.ALL,
            Role.TEAM_LEAD: Scope.ALL,
            Role.COMPLAINT_HANDLER: Scope.ALL,
            Role.COMPLAINT_REVIEWER: Scope.ALL,
            Role.BRANCH_MANAGER: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
            Role.DATA_PROTECTION: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Request.kind": NOT_PERSONAL,
    "Request.subject_kind": NOT_PERSONAL,
    "Request.subject_ref": NOT_PERSONAL,
    "Request.summary": NOT_PERSONAL,
    "Request.summary_values": NOT_PERSONAL,
    "Request.payload": NOT_PERSONAL,
    "Request.reason": PersonalData(Kind.FREE_TEXT),
    "Request.state": NOT_PERSONAL,
    "Request.note": PersonalData(Kind.FREE_TEXT),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "approvals.ask": _("Asked for approval"),
    "approvals.approve": _("Gave approval"),
    "approvals.reject": _("Refused an approval"),
    "approvals.withdraw": _("Withdrew a request for approval"),
    "approvals.expire": _("A request for approval ran out"),
}

LONGEST_REASON = 1_000


class State(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RequestNotFound(Exception):
    """No such request within the actor's reach."""


class OwnRequest(Exception):
    """Whoever asks does not decide."""


class AlreadyAsked(Exception):
    """The same is waiting for a decision already."""


class ReasonMissing(ValueError):
    """A request, and a refusal, need their reason."""


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """A request as others see it. `summary` is an English text of the catalogue, `summary_values` fills its places."""

    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID | None
    subject_ref: str
    summary: str
    summary_values: Mapping[str, str | int]
    payload: Mapping[str, object]
    reason: str
    state: State
    asked_by_id: UUID
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    version: int
    may_decide: bool = False
    is_mine: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovalKind:
    """One kind of decision that takes two. `decide` is the permission of whoever decides; `life` until it expires.

    `on_approved` does what was asked for, in the transaction of the decision: when it raises, nothing was decided.
    `on_closed` hears of every other end. `page` gives the address of the subject, "" for none.
    """

    code: str
    label: str  # English, marked for translation
    decide: str
    on_approved: Callable[[Actor, datetime, RequestView], None]
    on_closed: Callable[[Actor, datetime, RequestView], None] | None = None
    page: Callable[[RequestView], str] | None = None
    life: timedelta = timedelta(days=14)
