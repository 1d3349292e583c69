"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="schemes.view",
        label=_("See business rules"),
        defaults={
            Role.BRANCH_MANAGER: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
            Role.TEAM_LEAD: Scope.ALL,
        },
    ),
    Permission(
        code="schemes.edit",
        label=_("Change business rules"),
        defaults={
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "SchemeVersion.kind": NOT_PERSONAL,
    "SchemeVersion.state": NOT_PERSONAL,
    "SchemeVersion.content": NOT_PERSONAL,
    "SchemeVersion.note": NOT_PERSONAL,
}
