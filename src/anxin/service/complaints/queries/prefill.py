"""What is known of a customer or a ticket, for the registration of a complaint that comes out of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CustomerNotFound
from anxin.kernel.actor import Actor, NotPermitted
from anxin.service.complaints.rules import numbering
from anxin.service.desk import queries as desk

# The channel of a ticket → the intake channel of a complaint.
_CHANNELS = {"phone": "hotline", "counter": "visit", "visit": "visit", "mail": "letter", "letter": "letter",
             "email": "email", "web": "online", "app": "online", "wechat": "online"}  # fmt: skip


def of_party(actor: Actor, ref: str) -> dict[str, str]:
    """The fields a customer file fills in; nothing for one out of reach."""
    with suppress(CustomerNotFound, NotPermitted):
        if ref.strip():
            party = customers.get_party(actor, ref)
            return {
                "party_ref": party.ref, "complainant": party.name, "complainant_kind":
                "person" if party.kind == "person" else "org",
            }  # fmt: skip
    return {}


def of_ticket(actor: Actor, told: str, *, now: datetime) -> dict[str, str]:
    """The fields a ticket fills in, told by its number or its key; nothing for one out of reach."""
    with suppress(desk.TicketNotFound, NotPermitted, ValueError):
        key = desk.find_by_number(actor, told) or UUID(told)
        seen = desk.get_view(actor, key, now=now)
        row = seen.row
        first = next((str(one.get("body", "")) for one in seen.messages), "")
        opened = row.opened_at.astimezone(numbering.CHINA)
        return {
            "ticket_ref": row.number, "party_ref": row.party_ref, "policy_no": row.policy_no,
            "title": row.subject[:80], "request": row.subject, "facts": first[:4000],
            "channel": _CHANNELS.get(str(row.channel), "hotline"), "received_at": f"{opened:%Y-%m-%d %H:%M}",
        }  # fmt: skip
    return {}
