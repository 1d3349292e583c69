"""A new ticket: for whom, what for, what that needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms, queries, services
from anxin.service.desk.data import NewTicket
from anxin.service.desk.pages import words


@page("desk.open", methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """`type` and `customer` in the address fill the form; another type is asked for by the form itself."""
    actor, now = actor_of(request), clock.now()
    given = request.POST if request.method == "POST" else request.GET
    types = queries.ticket_types(now)
    kind = types.get(given.get("type", ""))
    form = forms.TicketForm(
        request.POST if request.method == "POST" else None, types=types, kind=kind, label=words.label,
        initial={
            "type": kind.code if kind else "", "party_ref": given.get("customer", ""),
            "parent": given.get("parent", ""), "subject": given.get("subject", ""),
        },
    )  # fmt: skip
    ref = given.get("party_ref", "") or given.get("customer", "")
    if request.method == "POST" and form.is_valid():
        try:
            ticket = services.open_ticket(actor=actor, now=now, new=_new(form))
        except Rejected as error:
            form.add_error(error.field if error.field in form.fields else None, _(str(error)))
        except services.TicketNotFound:
            form.add_error(None, _("The ticket it is part of is not within your reach."))
        except customers.CustomerNotFound:
            form.add_error("party_ref", _("There is no such customer within your reach."))
        else:
            return redirect("desk:ticket", ticket.pk)
    context: dict[str, Any] = {
        "form": form, "kind": kind, "types": _grouped(types), "nav": "desk", "ref": ref,
        "customer": _customer(actor, ref), "documents": [(words.label(one), one) for one in kind.documents]
        if kind else [], "parent": given.get("parent", "")[:40], "may_know": actor.may("knowledge.view"),
        "green": queries.service(now) if kind and kind.kind == data.TicketKind.CLAIM_REPORT else None,
        "answer_fields": form.answer_fields(), "is_claim": bool(kind and kind.kind == "claim_report"),
    }  # fmt: skip
    return render(request, "desk/new.html", context, status=422 if form.errors else 200)


def _new(form: forms.TicketForm) -> NewTicket:
    values = form.cleaned_data
    return NewTicket(
        type=values["type"], subject=values["subject"], body=values["body"], channel=values["channel"],
        party_ref=values["party_ref"], policy_no=values["policy_no"], answers=form.answers(),
        priority=int(values["priority"]) if values["priority"] else None, promised_at=values["promised_at"],
        amount_fen=values.get("amount"), take=values["take"], parent=_parent(values["parent"]),
    )  # fmt: skip


def _parent(text: str) -> str:
    """The id of a ticket; what is none is left out."""
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        return ""


def _grouped(types: Any) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Types under their kinds, each kind with its icon."""
    groups = []
    for code, (word, icon) in data.KINDS.items():
        found = [(one.code, words.label(one)) for one in types.values() if one.kind == code]
        if found:
            groups.append((_(word), icon, found))
    return groups


def _customer(actor: Any, ref: str) -> Any:
    if not ref:
        return None
    try:
        party = customers.get_party(actor, ref, "desk.open")
    except customers.CustomerNotFound:
        return None
    return customers.get_row(actor, party.pk) if actor.may("customers.view") else None


@page("desk.open")
def find_customer(request: HttpRequest) -> HttpResponse:
    """Customers that fit what was typed, as choices of the form."""
    text = request.GET.get("find", "").strip()[:40]
    try:
        found = customers.find_customers(actor_of(request), text, permission="desk.open") if text else None
    except ValueError as error:
        raise Http404 from error
    return render(request, "desk/found.html", {"rows": found.rows if found else (), "text": text})


@page("desk.tickets")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """The tickets of one customer, on the customer page."""
    actor, now = actor_of(request), clock.now()
    try:
        rows = queries.of_customer(actor, ref)
    except customers.CustomerNotFound as error:
        raise Http404 from error
    types = queries.ticket_types(now)
    context = {
        "rows": [words.shown(row, types) for row in rows], "ref": ref, "may_open": actor.may("desk.open"),
    }  # fmt: skip
    return render(request, "desk/panels/tickets.html", context)
