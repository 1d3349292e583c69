"""What is said and shown in a ticket: messages, notes, files, who watches, who looks at it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from anxin.book.customers.data import Rejected
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.org import queries as org
from anxin.kernel import promises
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _
from anxin.service.desk import access
from anxin.service.desk.access import TicketNotFound
from anxin.service.desk.data import CHANNELS, MessageKind, PromiseKind
from anxin.service.desk.models import Presence, Ticket, TicketFile, TicketMessage, Watcher
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import workflow
from anxin.service.desk.services import moves, promising

LONGEST_MESSAGE = 5_000
LARGEST_FILE = 20 * 1024 * 1024
LOOKING_FOR = timedelta(minutes=2)
TYPING_FOR = timedelta(seconds=30)


@dataclass(frozen=True)
class Other:
    """Somebody else who has the ticket open."""

    name: str
    is_typing: bool


def say(
    *, actor: Actor, now: datetime, ticket_id: UUID, kind: MessageKind, body: str, version: int, channel: str = ""
) -> Ticket:
    """Add a message or an internal note. The first message to the customer keeps the promise of an answer.

    `version`: of the ticket as the writer saw it, so that two do not answer the same customer. Raises TicketNotFound,
    NotPermitted, StaleState, Rejected.
    """
    ticket = access.get_ticket(actor, ticket_id, "desk.work")
    text = body.strip()
    if not text or len(text) > LONGEST_MESSAGE:
        raise Rejected("body", _("Write between 1 and 5,000 characters."))
    if channel and channel not in CHANNELS:
        raise Rejected("channel", _("Choose a channel."))
    columns: dict[str, datetime] = {"changed_at": now}
    touched = []
    if workflow.answers_the_customer(kind) and ticket.answered_at is None:
        amber = schemes.amber_percent(now)
        going = promising.of(ticket, now, amber)
        touched = going.change(lambda clock: promises.finish(clock, at=now), kinds=[PromiseKind.ANSWER])
        columns["answered_at"] = now
        columns["due_at"], columns["amber_at"] = promising.first_due(going.rows, (ticket.due_at, ticket.amber_at))
    with transaction.atomic():
        moves.change(ticket, version, **columns)
        promising.save(touched)
        TicketMessage.objects.create(
            ticket=ticket, kind=kind, channel=channel or ticket.channel, body=text, author_id=actor.user_id, at=now
        )
    return ticket


def attach(
    *, actor: Actor, now: datetime, ticket_id: UUID, name: str, content: BinaryIO, size: int, required: str = ""
) -> UUID:
    """Keep a file with a ticket, as one of the documents the type needs or beside them. Raises TicketNotFound,
    Rejected."""
    ticket = access.get_ticket(actor, ticket_id, "desk.work")
    if size > LARGEST_FILE:
        raise Rejected("file", _("A file may have at most 20 MB."))
    kind = schemes.ticket_types(now).get(ticket.type)
    if required and (kind is None or required not in {one.code for one in kind.documents}):
        raise Rejected("required", _("Choose one of the documents."))
    with transaction.atomic():
        document = documents.store(actor=actor, now=now, name=name, content=content, purpose="ticket")
        row = TicketFile.objects.create(
            ticket=ticket, document_id=document.id, required=required, name=document.name, added_by_id=actor.user_id,
            added_at=now,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="desk.attach", object_kind="ticket", object_id=ticket.pk,
            object_ref=ticket.number, detail={"required": required},
        )  # fmt: skip
    return row.pk


def fetch(*, actor: Actor, now: datetime, file_id: UUID) -> tuple[TicketFile, Iterator[bytes]]:
    """A file of a ticket within reach, in portions. Raises TicketNotFound, DocumentNotFound, DocumentDamaged."""
    row = TicketFile.objects.filter(pk=file_id).first()
    if row is None or row.document_id is None:
        raise TicketNotFound(str(file_id))
    ticket = access.get_ticket(actor, row.ticket_id)
    parts = whole(row.document_id)
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="desk.fetch_file", object_kind="ticket", object_id=ticket.pk,
            object_ref=ticket.number,
        )  # fmt: skip
    return row, parts


def whole(document_id: UUID) -> Iterator[bytes]:
    """The portions of a file that was opened once before the answer begins: a damaged one is an error (raises
    DocumentNotFound, DocumentDamaged), not half a download."""
    with documents.open_document(document_id):
        pass
    return _portions(document_id)


def _portions(document_id: UUID) -> Iterator[bytes]:
    with documents.open_document(document_id) as source:
        while block := source.read(256 * 1024):
            yield block


def watch(*, actor: Actor, ticket_id: UUID, is_wanted: bool, user_id: UUID | None = None) -> None:
    """Hear of a ticket from now on, or no more; whoever works on tickets may ask a colleague (`user_id`) to. Raises
    TicketNotFound, NotPermitted, Rejected."""
    other = user_id is not None and user_id != actor.user_id
    ticket = access.get_ticket(actor, ticket_id, "desk.work" if other else "desk.tickets")
    who = user_id or actor.user_id
    if who is None:
        return
    if other and not org.find_staff(actor, ids=[who], limit=1):
        raise Rejected("user", _("Choose a colleague."))
    if is_wanted:
        Watcher.objects.bulk_create([Watcher(ticket=ticket, user_id=who)], ignore_conflicts=True)
    else:
        Watcher.objects.filter(ticket=ticket, user=who).delete()


def look(*, actor: Actor, now: datetime, ticket_id: UUID, is_typing: bool = False) -> list[Other]:
    """Note that the actor looks at a ticket within reach, or writes in it; the others who do (the collision
    warning)."""
    if actor.user_id is None:
        return []
    columns = {"typing_at": now} if is_typing else {}
    Presence.objects.bulk_create(
        [Presence(id=uuid7(), ticket_id=ticket_id, user_id=actor.user_id, at=now, **columns)], update_conflicts=True,
        unique_fields=["ticket", "user"], update_fields=["at", *columns],
    )  # fmt: skip
    others = Presence.objects.filter(ticket=ticket_id, at__gt=now - LOOKING_FOR).exclude(user=actor.user_id)
    return [
        Other(name, typing_at is not None and typing_at > now - TYPING_FOR)
        for name, typing_at in others.order_by("-at").values_list("user__display_name", "typing_at")[:5]
    ]


def tell_documents(*, actor: Actor, now: datetime, ticket_id: UUID, version: int, names: Sequence[str]) -> Ticket:
    """Record that the customer was told of all missing documents at once: as a message, and in the history, so that
    nobody asks again bit by bit (D10). Raises TicketNotFound, StaleState, Rejected."""
    if not names:
        raise Rejected("documents", _("Nothing is missing."))
    with transaction.atomic():
        ticket = say(
            actor=actor, now=now, ticket_id=ticket_id, kind=MessageKind.TO_CUSTOMER, version=version,
            body="、".join(names),
        )  # fmt: skip
        moves.remember(ticket, "documents", actor, now, before=ticket.state, after=ticket.state, why="、".join(names))
    return ticket


def leave_old(*, now: datetime) -> int:
    """Forget who looked."""
    return Presence.objects.filter(at__lt=now - timedelta(days=1)).delete()[0]
