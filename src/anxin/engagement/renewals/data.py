"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

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
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Renewal.line": NOT_PERSONAL,
    "Renewal.state": NOT_PERSONAL,
    "Renewal.intention": NOT_PERSONAL,
    "Renewal.reason": NOT_PERSONAL,
    "Renewal.note": PersonalData(Kind.FREE_TEXT),
}
