"""Contacts with customers as they leave the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.kernel.words import mark as _

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
# Pre-sale, in-sale, after-sale, call-back (售前、售中、售后、回访; C01).
STAGES: Final = {
    "before": _("Pre-sale"),
    "during": _("In-sale"),
    "after": _("After-sale"),
    "callback": _("Follow-up visit or call"),
}
RESULTS: Final = {
    "solved": _("Solved"),
    "follow_up": _("To be followed up"),
    "not_reached": _("Not reached"),
    "call_back": _("Call back wanted"),
    "refused": _("Refused"),
}


class ContactNotFound(Exception):
    """No such contact, or file of one, within the actor's reach."""


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
    next_at: datetime | None
    stage: str
    duration_seconds: int | None
    satisfaction: int | None
    files: Sequence[tuple[UUID, str]] = ()
