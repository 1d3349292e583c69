"""What a call-back found: a ticket for others than the seller, with fifteen working days, then a second call-back.

人身保险业务基本服务规定: what is found to be mis-selling is solved by people outside sales within 15 working days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CustomerNotFound
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.callbacks.models import CallBack, Found
from anxin.service.callbacks.queries import scheme as schemes
from anxin.service.callbacks.rules import due, scheme
from anxin.service.desk import queries as desk_queries
from anxin.service.desk import services as desk
from anxin.service.desk.data import NewTicket

TYPE: Final = "callback_problem"
# Where a site has taken the type out of its types of tickets.
OTHERWISE: Final = "objection"


def open_case(*, actor: Actor, now: datetime, row: CallBack, questions: Sequence[str], description: str) -> Found:
    """The problem with its ticket, inside the caller's transaction. `questions`: codes whose answers are one."""
    rules = schemes.rules(now)
    until = due.due_after(
        due.day_of(now), rules["problem_days"], "working_days", org.working_calendar(row.unit_id),
        rules["amber_percent"],
    )  # fmt: skip
    types = desk_queries.ticket_types(now)
    with override(settings.LANGUAGE_CODE):
        subject = gettext("Problem found in a call-back: policy %(policy)s") % {"policy": row.policy_no or "—"}
    new = NewTicket(
        type=TYPE if TYPE in types else OTHERWISE, subject=subject[:120], body=description.strip()[:500],
        channel="phone", party_ref=row.party.ref,
        policy_no=row.policy_no, priority=2, promised_at=until.due_at,
    )  # fmt: skip
    ticket = desk.open_ticket(actor=_opener(actor, new.party_ref), now=now, new=new)
    return Found.objects.create(
        call_back=row, questions=list(questions), description=description.strip()[:500], ticket_id=ticket.pk,
        ticket_number=ticket.number, found_at=now, due_at=until.due_at,
    )  # fmt: skip


def _opener(actor: Actor, ref: str) -> Actor:
    """Who called opens the ticket, where the desk lets them; else the product does, and the audit says who called."""
    if actor.may("desk.open"):
        try:
            customers.get_party(actor, ref, "desk.open")
        except CustomerNotFound:
            return Actor.system("callbacks")
        return actor
    return Actor.system("callbacks")


def barred(ticket: Any, user_id: UUID) -> str:
    """Why this person may not work on a ticket of the desk: sales may not solve what a call-back found, the seller
    least of all. For the register of the desk (`services.guarding`)."""
    if ticket.type not in (TYPE, OTHERWISE):
        return ""
    seller = Found.objects.filter(ticket_id=ticket.pk).values_list("call_back__seller_id", flat=True)[:1]
    if ticket.type == OTHERWISE and not seller:
        return ""
    roles = scheme.codes(schemes.rules(ticket.opened_at)["sales_roles"])
    if user_id in list(seller) or org.has_role(user_id, roles):
        return _("What a call-back found is solved by people outside sales.")
    return ""
