"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="segments.view",
        label=_("See segments and classes"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
    Permission(
        code="segments.run",
        label=_("Start the nightly run by hand"),
        defaults={
            Role.HEAD_OFFICE: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Run.engine": NOT_PERSONAL,
    "Run.state": NOT_PERSONAL,
    "Run.scheme_versions": NOT_PERSONAL,
    "Run.summary": NOT_PERSONAL,
    "Run.input_digest": NOT_PERSONAL,
    "Run.message": NOT_PERSONAL,
    "ClassChange.scheme": NOT_PERSONAL,
    "ClassChange.before": NOT_PERSONAL,
    "ClassChange.after": NOT_PERSONAL,
}
