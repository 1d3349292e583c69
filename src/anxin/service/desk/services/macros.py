"""Macros: writing them, showing what one would do, and doing it to one ticket or to many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.book.customers.data import Rejected
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.permissions import Scope
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.kernel.words import mark as _
from anxin.service.desk import access
from anxin.service.desk.access import TicketNotFound
from anxin.service.desk.data import Action, MacroNotFound, MacroReach, MacroResult, MessageKind, PromiseKind
from anxin.service.desk.models import Macro, Ticket, TicketTag
from anxin.service.desk.queries import macros as queries
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import macros as rules
from anxin.service.desk.rules import promising as terms
from anxin.service.desk.rules.macros import Content
from anxin.service.desk.services import guarding, moves, promising, talking

JOB = "desk.macro"
_STOPS = (TicketNotFound, IllegalTransition, StaleState, Rejected, NotPermitted)


@transaction.atomic
def write_macro(
    *, actor: Actor, now: datetime, name: str, reach: MacroReach, content: Content, name_en: str = "",
    macro_id: UUID | None = None, version: int = 0,
) -> Macro:  # fmt: skip
    """A new macro, or another wording of one (`macro_id` and the `version` that was seen). Own ones need leave to work
    on tickets, those of the team and of everybody `desk.macros`. Raises NotPermitted, MacroNotFound, StaleState,
    Rejected."""
    belongs = _belonging(actor, reach)
    if not name.strip():
        raise Rejected("name", _("Give it a name."))
    types, queues = frozenset(schemes.ticket_types(now)), frozenset(schemes.queue_codes(now))
    for field, problem in rules.problems(content, types=types, queues=queues):
        raise Rejected(field, problem)
    columns: dict[str, Any] = {
        **asdict(content), **belongs, "name": name.strip()[:40], "name_en": name_en.strip()[:60], "reach": reach,
        "changed_at": now, "changed_by_id": actor.user_id,
    }  # fmt: skip
    if macro_id is None:
        row = Macro.objects.create(**columns)
    else:
        row = queries.editable(actor, macro_id)
        if row.reach == reach == MacroReach.TEAM:
            columns["unit_id"] = row.unit_id  # it stays with its team, whoever of several units writes it anew
        if not Macro.objects.filter(pk=row.pk, version=version).update(**columns, version=F("version") + 1):
            raise StaleState("macro", row.version)
    audit.record(
        actor=actor, now=now, action="desk.write_macro", object_kind="macro", object_id=row.pk,
        object_ref=columns["name"], detail={"reach": reach},
    )  # fmt: skip
    return row


@transaction.atomic
def retire_macro(*, actor: Actor, now: datetime, macro_id: UUID) -> None:
    """Take a macro out of use; what it did stays. Raises MacroNotFound, NotPermitted."""
    row = queries.editable(actor, macro_id)
    Macro.objects.filter(pk=row.pk).update(is_active=False, version=F("version") + 1, changed_at=now)
    audit.record(
        actor=actor, now=now, action="desk.retire_macro", object_kind="macro", object_id=row.pk, object_ref=row.name
    )


def _belonging(actor: Actor, reach: MacroReach) -> dict[str, UUID | None]:
    if reach is MacroReach.OWN:
        actor.require("desk.work")
        return {"owner_id": actor.user_id, "unit_id": None}
    scope = actor.require("desk.macros")
    if reach is MacroReach.SHARED:
        if scope is not Scope.ALL:
            raise NotPermitted("desk.macros")
        return {"owner_id": None, "unit_id": None}
    if not actor.unit_ids:
        raise NotPermitted("desk.macros")
    return {"owner_id": None, "unit_id": min(actor.unit_ids)}


def apply_macro(
    *, actor: Actor, now: datetime, macro_id: UUID, ticket_id: UUID, version: int, reply: str | None = None
) -> Ticket:
    """Do everything a macro says in one transaction, or nothing. `reply`: as the writer changed it in the preview.

    Raises MacroNotFound, TicketNotFound, NotPermitted, IllegalTransition, StaleState, Rejected.
    """
    macro = queries.usable(actor, macro_id)
    ticket = access.get_ticket(actor, ticket_id, "desk.work")
    content = rules.for_language(queries.content_of(macro), ticket.language)
    if reply is not None:
        content = replace(content, reply=reply.strip())
    return _apply(actor, now, macro, content, ticket, version)


@transaction.atomic
def _apply(actor: Actor, now: datetime, macro: Macro, content: Content, ticket: Ticket, version: int) -> Ticket:
    values = queries.values_for(ticket, actor)
    ticket = _sort(actor, now, ticket, version, content)
    way = rules.steps(content, ticket.state)
    if content.tag:
        TicketTag.objects.bulk_create([TicketTag(ticket=ticket, tag=content.tag)], ignore_conflicts=True)
    said = ((MessageKind.NOTE, content.note), (MessageKind.TO_CUSTOMER, content.reply))
    if way and way[0] is Action.TAKE:
        ticket = _go(actor, now, ticket, way.pop(0), "")
    for kind, text in said:
        if text:
            ticket = talking.say(
                actor=actor, now=now, ticket_id=ticket.pk, kind=kind, body=rules.filled(text, values),
                version=ticket.version,
            )  # fmt: skip
    for action in way:
        ticket = _go(actor, now, ticket, action, rules.filled(content.why, values))
    audit.record(
        actor=actor, now=now, action="desk.apply_macro", object_kind="ticket", object_id=ticket.pk,
        object_ref=ticket.number, detail={"macro": str(macro.pk), "version": macro.version},
    )  # fmt: skip
    return ticket


def _go(actor: Actor, now: datetime, ticket: Ticket, action: Action, why: str) -> Ticket:
    return moves.move(actor=actor, now=now, ticket_id=ticket.pk, version=ticket.version, action=action, why=why)


def _sort(actor: Actor, now: datetime, ticket: Ticket, version: int, content: Content) -> Ticket:
    """Type, priority and queue; also proves that the ticket still is as it was seen. Another type counts its own
    standard time from when the ticket was opened."""
    columns: dict[str, Any] = {"changed_at": now}
    kind = schemes.ticket_types(now).get(content.type)
    touched = []
    if kind is not None and kind.code != ticket.type:
        # Asked of the type it has: whoever may not solve such a ticket may not make another one of it either.
        guarding.check(ticket, actor.user_id)
        columns |= {"type": kind.code, "kind": kind.kind, "queue": kind.queue, "skill": kind.skill}
        going = promising.of(ticket, now, schemes.amber_percent(now))
        term = terms.standard_clock(kind, ticket.opened_at).term
        touched = going.change(lambda clock: replace(clock, term=term), kinds=[PromiseKind.RESOLVE])
        columns["due_at"], columns["amber_at"] = promising.first_due(going.rows, (ticket.due_at, ticket.amber_at))
    if content.priority is not None:
        columns["priority"] = content.priority
    if content.queue:
        columns["queue"] = content.queue
    before = ticket.type
    moves.change(ticket, version, **columns)
    promising.save(touched)
    if ticket.type != before:
        moves.remember(
            ticket, "retype", actor, now, before=ticket.state, after=ticket.state, why=f"{before} → {ticket.type}"
        )
    return ticket


def apply_to_many(*, actor: Actor, now: datetime, macro_id: UUID, ticket_ids: Sequence[UUID]) -> MacroResult:
    """Apply a macro to each of some tickets, each in its own transaction; what cannot be done is named. Raises
    MacroNotFound, NotPermitted."""
    macro = queries.usable(actor, macro_id)
    content = queries.content_of(macro)
    done, refused = 0, []
    for row in access.visible_tickets(actor, "desk.work").filter(pk__in=list(ticket_ids)).order_by("due_at", "pk"):
        try:
            _apply(actor, now, macro, rules.for_language(content, row.language), row, row.version)
        except _STOPS:
            refused.append(row.number)
        else:
            done += 1
    return MacroResult(done=done, refused=refused)


def start_macro(*, actor: Actor, now: datetime, macro_id: UUID, ticket_ids: Sequence[UUID], task: Any) -> JobView:
    """The same in the background, for many. Raises MacroNotFound, NotPermitted, Rejected."""
    macro = queries.usable(actor, macro_id)
    ids = list(dict.fromkeys(ticket_ids))
    if not ids or len(ids) > rules.MOST:
        raise Rejected("item", _("Choose between 1 and 500 tickets."))
    return jobs.start(
        actor=actor, now=now, kind=JOB, title=macro.name, task=task, total=len(ids),
        arguments={"macro": str(macro.pk), "tickets": [str(key) for key in ids]}, dedupe_key=str(uuid7()),
    )  # fmt: skip


def work_off(held: jobs.Running) -> Finished:
    """The work of the job: twenty tickets, then a word about how far it is; goes on there when it was killed."""
    ids = [UUID(one) for one in held.arguments["tickets"]]
    begun = held.result.get("at", 0)
    done, refused = held.result.get("done", 0), list(held.result.get("refused", ()))
    for start in range(begun, len(ids), rules.AT_ONCE):
        part = ids[start : start + rules.AT_ONCE]
        with transaction.atomic():
            found = apply_to_many(
                actor=held.actor, now=held.clock(), macro_id=UUID(held.arguments["macro"]), ticket_ids=part
            )
            done, refused = done + found.done, [*refused, *found.refused]
            held.progress(start + len(part), len(ids), keep={"at": start + len(part), "done": done, "refused": refused})
    return Finished(
        message=_("Applied to %(done)s tickets; %(refused)s could not be changed."),
        values={"done": done, "refused": len(refused)}, result={"refused": refused[:50]},
    )  # fmt: skip


__all__ = [
    "JOB", "MacroNotFound", "apply_macro", "apply_to_many", "retire_macro", "start_macro", "work_off", "write_macro",
]  # fmt: skip
