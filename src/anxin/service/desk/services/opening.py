"""Opening a ticket: what it asks, what it promises, who gets it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel import outbox
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _
from anxin.service.desk import access, events
from anxin.service.desk.data import CHANNELS, Action, MessageKind, NewTicket, PromiseKind, TicketState
from anxin.service.desk.models import Promise, Ticket, TicketMessage
from anxin.service.desk.queries import routing, schemes
from anxin.service.desk.rules import promising as rules
from anxin.service.desk.rules import types
from anxin.service.desk.services import guarding, moves, numbers, promising
from anxin.service.worklist import services as worklist
from anxin.service.worklist.data import NewItem

LONGEST_PROMISE = timedelta(days=366)


@transaction.atomic
def open_ticket(*, actor: Actor, now: datetime, new: NewTicket) -> Ticket:
    """A ticket with its promises, given to whom the rules say. Raises NotPermitted, CustomerNotFound, TicketNotFound
    (of the parent), Rejected."""
    actor.require("desk.open")
    kind = schemes.ticket_types(now).get(new.type)
    if kind is None:
        raise Rejected("type", _("Choose what the customer comes for."))
    _check(new, kind, now)
    party = customers.get_party(actor, new.party_ref, "desk.open") if new.party_ref else None
    parent = access.get_ticket(actor, UUID(new.parent)) if new.parent else None
    service = schemes.service(now)
    is_green = rules.is_green(kind.kind, new.amount_fen, schemes.green_used(party.pk if party else None, now), service)
    unit_id = next(iter(sorted(actor.unit_ids)), None) or (party.unit_id if party else None)
    tier = _tier(party) if party else ""
    ticket = Ticket(
        id=uuid7(), number=numbers.take(numbers.TICKETS, now.astimezone(schemes.SHANGHAI).date())[0],
        kind=kind.kind, type=kind.code, queue=kind.queue, skill=kind.skill, channel=new.channel,
        language=new.language or (party.language if party else ""), tier=tier,
        priority=1 if is_green else new.priority or kind.priority, state=TicketState.NEW, party=party,
        policy_no=new.policy_no.strip(), subject=new.subject.strip()[:120],
        answers={code: text.strip()[:500] for code, text in new.answers.items() if text.strip()},
        amount_fen=new.amount_fen, is_green=is_green, opened_by_id=actor.user_id, unit_id=unit_id, parent=parent,
        opened_at=now, changed_at=now,
    )  # fmt: skip
    minutes = int((new.promised_at - now).total_seconds() // 60) if new.promised_at else None
    clocks = rules.clocks_for(kind, now=now, is_green=is_green, service=service, promised_minutes=minutes)
    calendar, amber = org.working_calendar(unit_id), schemes.amber_of(service)
    made = []
    for code, clock in clocks.items():
        row = Promise(id=uuid7(), ticket=ticket, kind=code, started_at=now)
        promising.write(row, clock, calendar, now, amber)
        made.append(row)
    ticket.due_at, ticket.amber_at = promising.first_due(made, (now, now))
    given = None
    if new.take and actor.may("desk.work"):
        guarding.check(ticket, actor.user_id)
        ticket.owner_id, ticket.first_owner_id, ticket.state = actor.user_id, actor.user_id, TicketState.WORKING
    else:
        given = routing.straight_to(ticket, party.manager_id if party else None, service)
        if guarding.why_not(ticket, given):
            given = None
        ticket.owner_id = given
    ticket.save(force_insert=True)
    Promise.objects.bulk_create(made)
    if new.body.strip():
        TicketMessage.objects.create(
            ticket=ticket, kind=MessageKind.FROM_CUSTOMER, channel=new.channel, body=new.body.strip(),
            author_id=actor.user_id, at=now,
        )  # fmt: skip
    _appointment(ticket, now)
    moves.remember(ticket, Action.OPEN, actor, now, after=ticket.state, why="manager" if given else "")
    audit.record(
        actor=actor, now=now, action="desk.open", object_kind="ticket", object_id=ticket.pk, object_ref=ticket.number,
        detail={"type": kind.code, "queue": kind.queue},
    )  # fmt: skip
    outbox.publish(
        events.TicketOpened(ticket_id=ticket.pk, number=ticket.number, kind=kind.kind, party_id=ticket.party_id, at=now)
    )
    return ticket


def _appointment(ticket: Ticket, now: datetime) -> None:
    """When somebody is to come or to call, it stands in the work list of whoever has the ticket (D13)."""
    wanted = parsed_moment(ticket.answers.get(types.WANTED_AT, ""))
    if wanted is None:
        return
    item = NewItem(
        kind=moves.APPOINTMENT, occurrence=f"ticket:{ticket.pk}", starts_at=now, due_at=wanted,
        party_id=ticket.party_id, owner_id=ticket.owner_id, unit_id=ticket.unit_id, subject_kind="ticket",
        subject_id=ticket.pk, title=f"{ticket.number} {ticket.subject}"[:120],
    )  # fmt: skip
    worklist.ensure_items(now=now, items=[item])


def parsed_moment(text: str) -> datetime | None:
    """`2026-11-23 18:00` in Shanghai; None for what is no moment."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=schemes.SHANGHAI)
    except ValueError:
        return None


def _check(new: NewTicket, kind: types.TicketType, now: datetime) -> None:
    if new.channel not in CHANNELS:
        raise Rejected("channel", _("Choose a channel."))
    if not new.subject.strip():
        raise Rejected("subject", _("Say in a few words what it is about."))
    if new.priority is not None and not 1 <= new.priority <= 4:
        raise Rejected("priority", _("Choose between 1 and 4."))
    if new.amount_fen is not None and new.amount_fen < 0:
        raise Rejected("amount", _("This cannot be below zero."))
    if new.promised_at is not None and not now < new.promised_at <= now + LONGEST_PROMISE:
        raise Rejected("promised_at", _("A promise lies ahead, within a year."))
    missing = types.missing_answers(kind, new.answers)
    if missing:
        raise Rejected("answers", _("This type needs more: fill in every field marked as required."))


def _tier(party: Any) -> str:
    """The tier of the last night; "" when there was none."""
    return party.standing.tier or "" if hasattr(party, "standing") else ""


def promise_to_customer(*, actor: Actor, now: datetime, ticket_id: UUID, version: int, promised_at: datetime) -> Ticket:
    """Promise the customer a time; an earlier promise to the customer that is still open is replaced.

    Raises TicketNotFound, StaleState, Rejected."""
    ticket = access.get_ticket(actor, ticket_id, "desk.work")
    if ticket.ended_at is not None or not now < promised_at <= now + LONGEST_PROMISE:
        raise Rejected("promised_at", _("A promise lies ahead, within a year."))
    service = schemes.service(now)
    going = promising.of(ticket, now, schemes.amber_of(service))
    minutes = max(int((promised_at - now).total_seconds() // 60), 1)
    clock = rules.customer_clock(now, minutes)
    kept = [row for row in going.rows if row.kind != PromiseKind.CUSTOMER]
    row = next((one for one in going.rows if one.kind == PromiseKind.CUSTOMER), None) or Promise(
        id=uuid7(), ticket=ticket, kind=PromiseKind.CUSTOMER
    )
    row.started_at, row.told_level = now, 0
    promising.write(row, clock, going.calendar, now, going.amber)
    due, amber = promising.first_due([*kept, row], (ticket.due_at, ticket.amber_at))
    with transaction.atomic():
        moves.change(ticket, version, due_at=due, amber_at=amber, changed_at=now)
        row.save()
        moves.remember(ticket, "promise", actor, now, before=ticket.state, after=ticket.state)
    return ticket
