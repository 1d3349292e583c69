"""What may be permitted in this room, which of its columns are personal data, and what the audit trail says of it."""

from __future__ import annotations

from typing import Final

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

_LED: Final = {Role.TEAM_LEAD: Scope.TEAM, Role.BRANCH_MANAGER: Scope.UNIT, Role.HEAD_OFFICE: Scope.ALL}
_DESKS: Final = {Role.CALL_AGENT: Scope.ALL, Role.COUNTER_STAFF: Scope.ALL, Role.LOBBY_MANAGER: Scope.ALL}
PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="managers.view",
        label=_("See workload and allocation"),
        defaults={Role.CUSTOMER_MANAGER: Scope.OWN, **_LED, Role.AUDITOR: Scope.ALL},
    ),
    Permission(
        code="managers.allocate",
        label=_("Allocate customers, hand them over, set capacities and absences"),
        defaults=_LED,
    ),
    Permission(
        code="managers.claim",
        label=_("Take customers from the pool"),
        defaults={Role.CUSTOMER_MANAGER: Scope.OWN, Role.TEAM_LEAD: Scope.TEAM},
    ),
    Permission(
        code="managers.assist",
        label=_("Name assistants for a customer"),
        defaults={Role.CUSTOMER_MANAGER: Scope.OWN, Role.TEAM_LEAD: Scope.TEAM, Role.BRANCH_MANAGER: Scope.UNIT},
    ),
    Permission(
        code="managers.packages",
        label=_("See who manages a customer and what service they get"),
        defaults={**_DESKS, Role.CUSTOMER_MANAGER: Scope.OWN, **_LED, Role.AUDITOR: Scope.ALL},
    ),
    Permission(
        code="managers.give",
        label=_("Record service given to customers"),
        defaults={
            **_DESKS, Role.CUSTOMER_MANAGER: Scope.OWN, Role.TEAM_LEAD: Scope.TEAM, Role.BRANCH_MANAGER: Scope.UNIT,
        },
    ),
)  # fmt: skip

# What an assistant of a customer may not do with the file: that is the manager's, or of whoever leads them.
NOT_BY_HELP: Final = frozenset(
    {
        "customers.assign", "customers.assign_beyond", "customers.export", "managers.assist", "managers.allocate",
        "renewals.export", "segments.phase_out", "upkeep.export",
    }
)  # fmt: skip

PERSONAL_DATA: dict[str, PersonalData] = {
    "Run.kind": NOT_PERSONAL,
    "Run.state": NOT_PERSONAL,
    "Run.arguments": NOT_PERSONAL,
    "Run.summary": NOT_PERSONAL,
    "Run.reason": PersonalData(Kind.FREE_TEXT),
    "Decision.reason": NOT_PERSONAL,
    "Decision.place": NOT_PERSONAL,
    "Decision.state": NOT_PERSONAL,
    "Waiting.cause": NOT_PERSONAL,
    "Waiting.reason": NOT_PERSONAL,
    "Ceiling.note": PersonalData(Kind.FREE_TEXT),
    "Assistant.line": NOT_PERSONAL,
    "Assistant.note": PersonalData(Kind.FREE_TEXT),
    "Absence.cause": NOT_PERSONAL,
    "Absence.state": NOT_PERSONAL,
    "Given.item": NOT_PERSONAL,
    "Given.note": PersonalData(Kind.FREE_TEXT),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "managers.export": _("Exported an allocation"),
    "managers.plan": _("Planned an allocation"),
    "managers.confirm": _("Confirmed an allocation"),
    "managers.drop": _("Dropped an allocation"),
    "managers.undo": _("Took an allocation back"),
    "managers.allocate": _("Allocated customers"),
    "managers.hand_over": _("Handed customers over"),
    "managers.leave": _("Handed over the customers of a leaver"),
    "managers.absence": _("Handed customers over for an absence"),
    "managers.recycle": _("Returned customers to the pool"),
    "managers.claim": _("Claimed customers from the pool"),
    "managers.name_assistant": _("Named an assistant"),
    "managers.end_assistance": _("Ended an assistance"),
    "managers.set_capacity": _("Set a capacity"),
    "managers.announce_absence": _("Announced an absence"),
    "managers.end_absence": _("Ended an absence"),
    "managers.give": _("Gave a service"),
    "managers.take_back": _("Took a service back"),
}
THINGS: dict[str, str] = {"allocation_run": _("Allocation")}
