"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="privacy.view",
        label=_("See the personal-data register"),
        defaults={
            Role.AUDITOR: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {}
