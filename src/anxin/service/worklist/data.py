"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="worklist.work",
        label=_("Work on work items"),
        defaults={
            Role.CALL_AGENT: Scope.OWN,
            Role.COUNTER_STAFF: Scope.OWN,
            Role.LOBBY_MANAGER: Scope.OWN,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.COMPLAINT_HANDLER: Scope.OWN,
            Role.COMPLAINT_REVIEWER: Scope.OWN,
            Role.DATA_STEWARD: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="worklist.give",
        label=_("Give work to others"),
        defaults={
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "WorkItem.kind": NOT_PERSONAL,
    "WorkItem.title": PersonalData(Kind.FREE_TEXT),
    "WorkItem.detail": PersonalData(Kind.FREE_TEXT),
    "WorkItem.state": NOT_PERSONAL,
    "WorkItem.outcome": NOT_PERSONAL,
    "WorkItem.outcome_note": PersonalData(Kind.FREE_TEXT),
    "WorkItem.occurrence": NOT_PERSONAL,
    "WorkItem.subject_kind": NOT_PERSONAL,
    "WorkItemMove.action": NOT_PERSONAL,
    "WorkItemMove.before": NOT_PERSONAL,
    "WorkItemMove.after": NOT_PERSONAL,
    "WorkItemMove.actor_name": PersonalData(Kind.NAME),
    "WorkItemMove.why": PersonalData(Kind.FREE_TEXT),
}
