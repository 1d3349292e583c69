"""The rules of the desk that hold now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content
from anxin.service.desk.data import TicketKind
from anxin.service.desk.models import Ticket
from anxin.service.desk.rules import calling, notes, promising, types
from anxin.service.desk.rules.notes import NoteTemplate
from anxin.service.desk.rules.types import TicketType

SHANGHAI = ZoneInfo("Asia/Shanghai")


def types_content(now: datetime) -> Any:
    return schemes.active(types.TYPES, on=now.astimezone(SHANGHAI).date()).content


def ticket_types(now: datetime) -> dict[str, TicketType]:
    """Types by their codes, in the order of the scheme."""
    return types.types_of(types_content(now))


def queue_codes(now: datetime) -> list[str]:
    """The queues in the order of the scheme."""
    return [row["code"] for row in types_content(now)["queues"]]


def note_templates(now: datetime) -> list[NoteTemplate]:
    """The templates of quick notes, in the order of their digits."""
    return notes.templates_of(schemes.active(notes.NOTES, on=now.astimezone(SHANGHAI).date()).content)


def service(now: datetime) -> Content:
    """Amber, green channel, standard steps, weights of routing."""
    return schemes.active(promising.SERVICE, on=now.astimezone(SHANGHAI).date()).content


def green_used(party_id: UUID | None, now: datetime) -> int:
    """How often a customer used the green channel in the last twelve months."""
    if party_id is None:
        return 0
    rows = Ticket.objects.filter(party=party_id, kind=TicketKind.CLAIM_REPORT, is_green=True)
    return rows.filter(opened_at__gte=now - timedelta(days=365)).count()


def amber_percent(now: datetime) -> int:
    """From what share of its time on a promise is about to be late."""
    return amber_of(service(now))


def amber_of(content: Content) -> int:
    return _whole(content, "amber_percent")


def handling_minutes(now: datetime) -> int:
    """How long work on one ticket takes, for the forecast."""
    return _whole(service(now), "handling_minutes")


def _whole(content: Content, code: str) -> int:
    found = content[code]
    assert isinstance(found, int), code  # the checks of the scheme let nothing else through
    return found


def calls(now: datetime) -> Content:
    """Wrap-up codes, points of the menu, measures of the call centre."""
    # A version kept before a number was added takes what is shipped for it.
    return {**calling.CALL_DEFAULT, **schemes.active(calling.CALLS, on=now.astimezone(SHANGHAI).date()).content}
