"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="workspace.use",
        label=_("Use the workspace"),
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
    Permission(
        code="workspace.share_views",
        label=_("Share saved views"),
        defaults={
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "SavedView.page": NOT_PERSONAL,
    "SavedView.name": NOT_PERSONAL,
    "SavedView.query": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "workspace.share_view": _("Shared a view"),
    "workspace.delete_view": _("Removed a view"),
}
THINGS: dict[str, str] = {"view": _("View")}


@dataclass(frozen=True, kw_only=True)
class ViewData:
    """A saved view: parameters of a list page under a name."""

    id: UUID
    name: str
    page: str
    query: Mapping[str, Sequence[str]]
    is_own: bool
    owner_name: str
    is_shared: bool
    is_default: bool
