"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="notices.view",
        label=_("See own notices"),
        defaults={
            Role.CALL_AGENT: Scope.OWN,
            Role.COUNTER_STAFF: Scope.OWN,
            Role.LOBBY_MANAGER: Scope.OWN,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.OWN,
            Role.COMPLAINT_HANDLER: Scope.OWN,
            Role.COMPLAINT_REVIEWER: Scope.OWN,
            Role.BRANCH_MANAGER: Scope.OWN,
            Role.HEAD_OFFICE: Scope.OWN,
            Role.AUDITOR: Scope.OWN,
            Role.ADMINISTRATOR: Scope.OWN,
            Role.DATA_STEWARD: Scope.OWN,
            Role.DATA_PROTECTION: Scope.OWN,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Notice.kind": NOT_PERSONAL,
    "Notice.title_zh": NOT_PERSONAL,
    "Notice.title_en": NOT_PERSONAL,
    "Notice.url": NOT_PERSONAL,
    "Notice.dedupe_key": NOT_PERSONAL,
}


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    id: UUID
    kind: str
    title_zh: str
    title_en: str
    url: str
    created_at: datetime
    is_read: bool
