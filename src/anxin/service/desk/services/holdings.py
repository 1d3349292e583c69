"""What contacts and tickets hold of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet

from anxin.book.customers.queries import merged
from anxin.foundation.documents import services as documents
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _
from anxin.service.desk import data
from anxin.service.desk.data import TicketState
from anxin.service.desk.models import (
    Call,
    CounterTicket,
    Promise,
    Ticket,
    TicketFile,
    TicketMessage,
    TicketMove,
    Touchpoint,
    TouchpointFile,
)


def export(party_id: UUID) -> Iterator[Records]:
    """Every contact, every ticket with what was said in it."""
    yield privacy.records_of(
        "touchpoints", _("Contacts"),
        Touchpoint.objects.filter(party__in=merged.members(party_id)).order_by("at", "id"),
        labels={"at": _("When"), "channel": _("Channel"), "direction": _("Direction"), "topic": _("Topic"),
                "summary": _("Summary"), "result": _("Result"), "next_step": _("Next step"),
                "next_at": _("Appointment"), "policy_no": _("Policy no."), "satisfaction": _("Satisfaction")},
        words={"channel": _plain(data.CHANNELS), "direction": data.DIRECTIONS, "result": data.RESULTS},
    )  # fmt: skip
    yield privacy.records_of(
        "touchpoint_files", _("Files of contacts"),
        TouchpointFile.objects.filter(touchpoint__party__in=merged.members(party_id)).order_by("added_at", "id"),
        labels={"added_at": _("When"), "name": _("File name"), "touchpoint__topic": _("Topic")},
    )  # fmt: skip
    tickets = Ticket.objects.filter(party__in=merged.members(party_id)).order_by("opened_at", "id")
    yield privacy.records_of(
        "tickets", _("Tickets"), tickets,
        labels={"number": _("Ticket no."), "opened_at": _("When"), "kind": _("Kind"), "subject": _("About"),
                "answers": _("Details"), "state": _("Status"), "result": _("Result"), "policy_no": _("Policy no."),
                "satisfaction": _("Satisfaction")},
        words={"kind": _plain(data.KINDS), "state": _plain(data.STATES)},
    )  # fmt: skip
    # What colleagues wrote to each other about the case is part of the file as well.
    yield privacy.records_of(
        "messages", _("Messages"),
        TicketMessage.objects.filter(ticket__in=tickets.values("pk")).order_by("at", "id"),
        labels={"ticket__number": _("Ticket no."), "at": _("When"), "kind": _("Kind"), "body": _("What was said")},
    )  # fmt: skip
    yield from _calls(party_id)


def _plain(words: Mapping[Any, tuple[str, str]]) -> dict[str, str]:
    return {str(code): word for code, (word, _style) in words.items()}


def _calls(party_id: UUID) -> Iterator[Records]:
    rows = Call.objects.filter(party__in=merged.members(party_id)).order_by("rang_at", "id")
    yield privacy.records_of(
        "calls", _("Calls"), rows,
        labels={"rang_at": _("When"), "direction": _("Direction"), "state": _("Status"), "wrap_code": _("Topic"),
                "note": _("Summary"), "recording": _("Recording")},
    )  # fmt: skip
    drawn = CounterTicket.objects.filter(party__in=merged.members(party_id)).order_by("taken_at", "id")
    yield privacy.records_of(
        "numbers", _("Numbers drawn at counters"), drawn,
        labels={"taken_at": _("When"), "business": _("Business"), "state": _("Status"),
                "rating": _("Satisfaction")},
    )  # fmt: skip


def _erase_calls(party_id: UUID) -> Iterator[Erased]:
    """Number and note go, and whose call it was; that somebody called stays for the figures."""
    calls = Call.objects.filter(party__in=merged.members(party_id))
    if done := calls.update(number_sealed=None, note="", recording="", party=None):
        yield _erased("desk_call", done)
    numbers = CounterTicket.objects.filter(party__in=merged.members(party_id))
    if done := numbers.update(party=None):
        yield _erased("desk_counterticket", done)


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    """The contact and the ticket stay as figures; what was said goes. Open tickets end: nobody may work on them."""
    if mode is not Mode.ERASE:
        return
    yield from _erase_calls(party_id)
    rows = Touchpoint.objects.filter(party__in=merged.members(party_id))
    keys = list(rows.values_list("pk", flat=True))
    if files := _blank_files(TouchpointFile.objects.filter(touchpoint__in=keys), now):
        yield _erased("desk_touchpointfile", files)
    done = rows.update(summary="", next_step="", policy_no="", result="")
    privacy.forget_history(Touchpoint, keys)
    if done:
        yield _erased("desk_touchpoint", done)
    tickets = Ticket.objects.filter(party__in=merged.members(party_id))
    tickets.filter(ended_at__isnull=True).update(state=TicketState.WITHDRAWN, ended_at=now)
    keys = list(tickets.values_list("pk", flat=True))
    blank = {"subject": "", "answers": {}, "result": "", "policy_no": ""}
    done = tickets.update(**blank, version=F("version") + 1)
    privacy.forget_history(Ticket, keys)
    if done:
        Promise.objects.filter(ticket__in=keys, done_at__isnull=True).update(done_at=now, is_kept=None)
        yield _erased("desk_ticket", done)
        yield _erased("desk_ticketmessage", TicketMessage.objects.filter(ticket__in=keys).update(body=""))
        yield _erased("desk_ticketmove", TicketMove.objects.filter(ticket__in=keys).update(why=""))
        yield _erased("desk_ticketfile", _blank_files(TicketFile.objects.filter(ticket__in=keys), now))


def _blank_files(files: QuerySet[TicketFile] | QuerySet[TouchpointFile], now: datetime) -> int:
    for document_id in files.values_list("document_id", flat=True):
        if document_id is None:
            continue
        documents.remove(now=now, document_id=document_id)
    return files.update(name="", document_id=None)


def _erased(table: str, done: int) -> Erased:
    return Erased(
        table=table, blanked=done, kept=done,
        why_kept=_("Figures of the business, without anything that says who."),
    )  # fmt: skip


HOLDINGS: Final = Holdings(
    room="desk",
    covers=frozenset(
        {
            "Call",
            "CounterTicket",
            "Touchpoint",
            "TouchpointFile",
            "Ticket",
            "TicketMessage",
            "TicketMove",
            "TicketFile",
        }
    ),
    keeps={"DutyRecord": _("What was seen to in the hall; it names no customer.")},
    export=export,
    erase=erase,
)
