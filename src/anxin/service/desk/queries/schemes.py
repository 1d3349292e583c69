"""The rules of the desk that hold now."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content
from anxin.service.desk.rules import promising, types
from anxin.service.desk.rules.types import TicketType

SHANGHAI = ZoneInfo("Asia/Shanghai")


def types_content(now: datetime) -> Any:
    return schemes.active(types.TYPES, on=now.astimezone(SHANGHAI).date()).content


def ticket_types(now: datetime) -> dict[str, TicketType]:
    """Types by their codes, in the order of the scheme."""
    return types.types_of(types_content(now))


def service(now: datetime) -> Content:
    """Amber, green channel, standard steps, weights of routing."""
    return schemes.active(promising.SERVICE, on=now.astimezone(SHANGHAI).date()).content
