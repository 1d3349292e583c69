"""What may be permitted."""

from __future__ import annotations

from typing import Final

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.words import mark as _

_HANDLERS: Final = {
    Role.COMPLAINT_HANDLER: Scope.UNIT,
    Role.COMPLAINT_REVIEWER: Scope.UNIT,
}

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="complaints.view",
        label=_("See complaints"),
        defaults={
            **_HANDLERS,
            Role.CALL_AGENT: Scope.OWN,
            Role.COUNTER_STAFF: Scope.OWN,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
    Permission(
        code="complaints.register",
        label=_("Register complaints"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.COMPLAINT_HANDLER: Scope.UNIT,
            Role.COMPLAINT_REVIEWER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="complaints.handle",
        label=_("Handle complaints: investigate, negotiate, plan, notify, execute"),
        defaults={Role.COMPLAINT_HANDLER: Scope.UNIT, Role.HEAD_OFFICE: Scope.ALL},
    ),
    Permission(
        code="complaints.review",
        label=_("Review, dispatch, supervise and archive complaints"),
        defaults={Role.COMPLAINT_REVIEWER: Scope.UNIT, Role.HEAD_OFFICE: Scope.ALL},
    ),
    Permission(
        code="complaints.approve",
        label=_("Approve plans and first extensions"),
        defaults={
            Role.COMPLAINT_REVIEWER: Scope.UNIT, Role.BRANCH_MANAGER: Scope.UNIT, Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="complaints.superior",
        label=_("Decide as the superior: second extensions and checks of decisions"),
        defaults={Role.HEAD_OFFICE: Scope.ALL},
    ),
    Permission(
        code="complaints.report",
        label=_("See and export complaint statistics"),
        defaults={
            Role.COMPLAINT_REVIEWER: Scope.UNIT,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
    Permission(
        code="complaints.govern",
        label=_("Keep the rules on complaints and business volumes"),
        defaults={Role.HEAD_OFFICE: Scope.ALL},
    ),
)  # fmt: skip
