"""What people do with a ticket. Every change is one conditional UPDATE on the version that was seen (C3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.book.customers.data import Rejected
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel import outbox, promises
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _
from anxin.service.desk import access, events
from anxin.service.desk.data import Action, PromiseKind, TicketState
from anxin.service.desk.models import Promise, Ticket, TicketMove
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import workflow
from anxin.service.desk.services import guarding, promising
from anxin.service.worklist import services as worklist

DUE_ITEM = "ticket_due"
APPOINTMENT = "appointment"
_GOES_ON = (PromiseKind.RESOLVE, PromiseKind.CYCLE, PromiseKind.CUSTOMER)


def move(
    *, actor: Actor, now: datetime, ticket_id: UUID, version: int, action: Action, why: str = "",
    to: UUID | None = None, satisfaction: int | None = None,
) -> Ticket:  # fmt: skip
    """Move a ticket by the table. `to`: who gets it (HAND_OVER).

    Raises TicketNotFound, NotPermitted, IllegalTransition, StaleState (with the current version), Rejected.
    """
    ticket = access.get_ticket(actor, ticket_id, "desk.work")
    step = workflow.WORKFLOW.move(ticket.state, action)
    problem = workflow.missing_reason(action, why)
    if problem:
        raise Rejected("why", problem)
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise Rejected("satisfaction", _("Choose between 1 and 5."))
    changes: dict[str, Any] = {"state": step.to_state}
    if action is Action.HAND_OVER:
        changes |= {"owner_id": _colleague(actor, to)}
    elif action is Action.RETURN:
        changes |= {"owner_id": None}
    elif action is Action.TAKE:
        if ticket.owner_id not in (None, actor.user_id):
            raise stale(ticket)
        changes |= {"owner_id": actor.user_id, "first_owner_id": ticket.first_owner_id or actor.user_id}
    if action is Action.RESOLVE:
        guarding.check(ticket, actor.user_id)
        changes |= {"result": why.strip()[:500]}
    if changes.get("owner_id"):
        guarding.check(ticket, changes["owner_id"])
    if satisfaction is not None:
        changes |= {"satisfaction": satisfaction}
    return _apply(actor, now, ticket, version, action, changes, why)


def _apply(
    actor: Actor, now: datetime, ticket: Ticket, version: int, action: Action, changes: dict[str, Any], why: str
) -> Ticket:
    before, after = ticket.state, TicketState(changes["state"])
    going = promising.of(ticket, now, schemes.amber_percent(now))
    touched = _set_clocks(going, action, after, now, why)
    if after in workflow.ENDS:
        changes |= {"ended_at": ticket.ended_at or now}
    elif before in workflow.ENDS:
        changes |= {"ended_at": None}
    changes["due_at"], changes["amber_at"] = promising.first_due(going.rows, (ticket.due_at, ticket.amber_at))
    with transaction.atomic():
        change(ticket, version, **changes, changed_at=now)
        promising.save(touched)
        to = str(changes.get("owner_id") or "") if action is Action.HAND_OVER else after
        remember(ticket, action, actor, now, before=before, after=to, why=why)
        audit.record(
            actor=actor, now=now, action=f"desk.{action}", object_kind="ticket", object_id=ticket.pk,
            object_ref=ticket.number, detail={"before": before, "after": after},
        )  # fmt: skip
        outbox.publish(events.TicketMoved(ticket_id=ticket.pk, action=action, before=before, after=after, at=now))
        if after in workflow.ENDS:
            # Whom somebody is to visit or to call expects that, whichever of two merged tickets goes on.
            kinds = [DUE_ITEM] if after is TicketState.MERGED else [DUE_ITEM, APPOINTMENT]
            worklist.close_for_subjects(
                actor=actor, now=now, kinds=kinds, subject_ids=[ticket.pk], outcome="completed"
            )  # fmt: skip
        elif "owner_id" in changes:
            worklist.follow_subject(
                actor=actor, now=now, kinds=[DUE_ITEM, APPOINTMENT], subject_id=ticket.pk, owner_id=ticket.owner_id
            )
        if action is Action.RESOLVE:
            kept = all(row.is_kept for row in going.rows if row.kind == PromiseKind.RESOLVE)
            outbox.publish(
                events.TicketResolved(
                    ticket_id=ticket.pk,
                    number=ticket.number,
                    kind=ticket.kind,
                    party_id=ticket.party_id,
                    owner_id=ticket.owner_id,
                    is_kept=kept,
                    at=now,
                )
            )
    return ticket


def _set_clocks(going: promising.Going, action: Action, after: TicketState, now: datetime, why: str) -> list[Promise]:
    if action is Action.REOPEN:
        return _reopen(going, now)
    if after in (TicketState.WITHDRAWN, TicketState.MERGED):
        rows = going.change(lambda clock: promises.finish(clock, at=now))
        for row in rows:
            row.is_kept = None  # nothing was to be kept any more
        return rows
    if after in (TicketState.RESOLVED, TicketState.CLOSED):
        return going.change(lambda clock: promises.finish(clock, at=now))
    if after is TicketState.WAITING:
        # The first answer is ours to give whatever the customer still has to bring.
        return going.change(
            lambda clock: promises.pause(clock, going.calendar, at=now, reason="customer"), kinds=_GOES_ON
        )
    return going.change(lambda clock: promises.resume(clock, at=now))


def _reopen(going: promising.Going, now: datetime) -> list[Promise]:
    rows = [row for row in going.rows if row.kind in _GOES_ON and row.done_at is not None]
    for row in rows:
        row.told_level = 0
        promising.write(row, promises.reopen(promises.load(row.clock), at=now), going.calendar, now, going.amber)
    return rows


def change(ticket: Ticket, version: int, **columns: Any) -> None:
    """Compare and set: write `columns` if the ticket still is as it was seen. Raises StaleState."""
    rows = Ticket.objects.filter(pk=ticket.pk, version=version, state=ticket.state)
    if not rows.update(**columns, version=F("version") + 1):
        raise stale(ticket)
    for name, value in columns.items():
        setattr(ticket, name, value)
    ticket.version = version + 1


def stale(ticket: Ticket) -> StaleState:
    """Who was faster, and how the ticket stands now."""
    state, version = Ticket.objects.values_list("state", "version").get(pk=ticket.pk)
    last = TicketMove.objects.filter(ticket=ticket.pk).order_by("-at", "-pk").values_list("actor_name", "at").first()
    return StaleState(state, version, *(last or (None, None)))


def remember(
    ticket: Ticket, action: str, actor: Actor, now: datetime, *, before: str = "", after: str = "", why: str = ""
) -> None:
    """Add a line to the history."""
    TicketMove.objects.create(
        ticket_id=ticket.pk, action=action, before=before, after=after, actor_id=actor.user_id,
        actor_name=actor.display_name, at=now, why=why.strip()[:500],
    )  # fmt: skip


def _colleague(actor: Actor, to: UUID | None) -> UUID:
    if to is None or not org.find_staff(actor, ids=[to], limit=1):
        raise Rejected("to", _("Choose a colleague."))
    return to
