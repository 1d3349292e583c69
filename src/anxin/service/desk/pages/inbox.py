"""The inbox of the desk: parts on the left, what is due first in the middle, a preview on the right."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers import queries as customers
from anxin.kernel import clock
from anxin.kernel.web import answers
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import BadCursor, Column, Listing, Page, key
from anxin.service.desk import data, queries, services
from anxin.service.desk.data import Lane, TicketFilter, TicketKind, TicketRow, TicketState
from anxin.service.desk.pages import words
from anxin.service.desk.queries import schemes

INBOX: Final = Listing(
    code="desk", orders={"due": (key("due_at"), key("id")), "ended": (key("-ended_at"), key("-id"))}, default="due"
)
COUNTED: Final = 100
COLUMNS: Final = (
    Column(code="kind", label=_("Kind")),
    Column(code="number", label=_("Ticket no.")),
    Column(code="customer", label=_("Customer")),
    Column(code="subject", label=_("Matter"), flexible=True),
    Column(code="left", label=_("Time left")),
    Column(code="state", label=_("Status")),
    Column(code="owner", label=_("Owner")),
)
LANES: Final = {
    Lane.MINE: (_("In my hands"), "inbox"),
    Lane.CUSTOMERS: (_("Of my customers"), "users"),
    Lane.WATCHED: (_("Watched"), "eye"),
    Lane.REACH: (_("All within reach"), "layout-list"),
    Lane.DONE: (_("Done by me"), "circle-check"),
}


@page("desk.tickets")
def inbox(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    wanted = asked(request.GET)
    number = request.GET.get("q", "")
    if number:
        found = queries.find_by_number(actor, number)
        if found is not None:
            return redirect("desk:ticket", found)
    content = schemes.types_content(now)
    types = queries.ticket_types(now)
    try:
        listed = listing(actor, wanted, now=now, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        listed = listing(actor, wanted, now=now)
    is_mine = wanted.lane in (Lane.MINE, Lane.DONE)
    context: dict[str, Any] = {
        "page": listed, "rows": [words.shown(row, types) for row in listed.rows], "wanted": wanted,
        "columns": [one for one in COLUMNS if not (is_mine and one.code == "owner")], "shows_owner": not is_mine,
        "is_done": wanted.lane is Lane.DONE, "may_macro": actor.may("desk.work") and wanted.lane is not Lane.DONE,
        "kinds": [
            {"value": code, "label": word, "checked": code in wanted.kinds} for code, word in _kinds().items()
        ],
        "chosen_kinds": "、".join(word for code, word in _kinds().items() if code in wanted.kinds),
        "keep_kind": [(name, value) for name, value in request.GET.items() if name not in ("kind", "cursor")],
        "not_found": number, "may_work": actor.may("desk.work"), "may_open": actor.may("desk.open"),
        "may_lead": actor.may("desk.lead"), "nav": "desk",
    }  # fmt: skip
    if request.headers.get("HX-Target") == "tickets":
        return render(request, "desk/inbox_body.html", context)
    queues = [(one["code"], words.label(one)) for one in content["queues"]]
    counts = queries.count_lanes(actor, [code for code, _name in queues], now=now)
    context |= {
        "lanes": [
            {"code": code, "label": name, "icon": symbol, "count": _count(counts, code),
             "is_current": wanted.lane is code}
            for code, (name, symbol) in LANES.items()
        ],
        "queues": [
            {"code": code, "label": name, "count": _count(counts, f"queue:{code}"),
             "is_current": wanted.lane is Lane.QUEUE and wanted.queue == code}
            for code, name in queues
        ],
        "late": _count(counts, "late"), "amber": _count(counts, "amber"),
    }  # fmt: skip
    return render(request, "desk/inbox.html", context)


def listing(actor: Any, wanted: TicketFilter, *, now: Any, cursor: str = "") -> Page[TicketRow]:
    """One page of a part of the inbox in one query. Raises BadCursor."""
    rows = queries.select_tickets(actor, wanted, now=now)
    return INBOX.page(rows, sort="ended" if wanted.lane is Lane.DONE else "due", cursor=cursor).map(queries.row_of)


def asked(given: QueryDict) -> TicketFilter:
    """The part and the filter of an address; what is not known is left out."""
    lane = given.get("lane", "")
    return TicketFilter(
        lane=Lane(lane) if lane in set(Lane) else Lane.MINE, queue=given.get("queue", "")[:20],
        kinds=tuple(TicketKind(one) for one in given.getlist("kind") if one in set(TicketKind)),
        states=tuple(TicketState(one) for one in given.getlist("state") if one in set(TicketState)),
        is_late=given.get("late") == "1", tag=given.get("tag", "")[:20],
    )  # fmt: skip


@page("desk.tickets")
def preview(request: HttpRequest, item: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    try:
        view = queries.get_view(actor, item, now=now)
    except queries.TicketNotFound as error:
        raise Http404 from error
    party = view.ticket.party_id
    customer = customers.get_row(actor, party) if party and actor.may("customers.view") else None
    context = {
        **words.shown(view.row, {view.type.code: view.type} if view.type else {}), "view": view,
        "customer": customer, "last": view.messages[-1] if view.messages else None,
        "missing": [words.label(one) for one in view.missing_documents if one.is_required],
        "may_take": view.row.state == TicketState.NEW and actor.may("desk.work"),
    }  # fmt: skip
    return render(request, "desk/preview.html", context)


@page("desk.work", methods=("POST",))
def take_next(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    try:
        ticket = services.take_next(actor=actor, now=clock.now(), queues=request.POST.getlist("queue"))
    except services.NothingToTake:
        return _told(request, gettext("No ticket waits in your queues."), "info")
    except services.HandsFull:
        return _told(request, gettext("You have as many tickets as your profile allows. Finish or return one."), "warn")
    url = reverse("desk:ticket", args=[ticket.pk])
    if not request.headers.get("HX-Request"):
        return redirect(url)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = url
    return response


def _told(request: HttpRequest, text: str, level: Any) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("desk:inbox")
    return answers.toast(HttpResponse(status=204), text, level=level)


def _kinds() -> dict[str, str]:
    return {code: gettext(word) for code, (word, _icon) in data.KINDS.items()}


def _count(counts: Any, code: str) -> str:
    found = counts[code]
    return f"{COUNTED - 1}+" if found >= COUNTED else str(found)
