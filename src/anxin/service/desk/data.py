"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="desk.view",
        label=_("See contacts with customers"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.LOBBY_MANAGER: Scope.UNIT,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.COMPLAINT_HANDLER: Scope.UNIT,
            Role.COMPLAINT_REVIEWER: Scope.UNIT,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="desk.record",
        label=_("Record contacts"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.LOBBY_MANAGER: Scope.UNIT,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.COMPLAINT_HANDLER: Scope.UNIT,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Touchpoint.channel": NOT_PERSONAL,
    "Touchpoint.direction": NOT_PERSONAL,
    "Touchpoint.topic": NOT_PERSONAL,
    "Touchpoint.summary": PersonalData(Kind.FREE_TEXT),
    "Touchpoint.result": NOT_PERSONAL,
    "Touchpoint.next_step": PersonalData(Kind.FREE_TEXT),
    "Touchpoint.policy_no": NOT_PERSONAL,
    "Touchpoint.source": NOT_PERSONAL,
    "Touchpoint.source_key": NOT_PERSONAL,
    "Touchpoint.digest": NOT_PERSONAL,
}

CHANNELS: Final = {
    "phone": (_("Telephone"), "phone"),
    "counter": (_("Counter"), "building-store"),
    "visit": (_("Visit"), "map-pin"),
    "wechat": (_("WeChat"), "brand-wechat"),
    "app": (_("Mobile app"), "device-mobile"),
    "sms": (_("Text message"), "message"),
    "email": (_("E-mail"), "mail"),
    "mail": (_("Mail"), "send"),
    "web": (_("Website"), "link"),
}
DIRECTIONS: Final = {"inbound": _("The customer came to us"), "outbound": _("We went to the customer")}
RESULTS: Final = {
    "solved": _("Solved"),
    "follow_up": _("To be followed up"),
    "not_reached": _("Not reached"),
    "call_back": _("Call back wanted"),
    "refused": _("Refused"),
}


@dataclass(frozen=True, kw_only=True)
class TouchpointItem:
    """One contact as the customer's page shows it."""

    id: UUID
    at: datetime
    channel: str
    direction: str
    topic: str
    summary: str
    result: str
    next_step: str
    staff: str
    duration_seconds: int | None
    satisfaction: int | None
