"""Counters: the teller's window, the lobby, and the display of the hall."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.data import CustomerNotFound
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms
from anxin.service.desk.queries import counters as queries
from anxin.service.desk.rules import counters as rules
from anxin.service.desk.rules.counters import Side
from anxin.service.desk.services import counters as services

SIDES = [(Side.ALL, _("Everybody")), (Side.CUSTOMERS, _("Customers only")), (Side.INSIDERS, _("Insiders only"))]
NUMBER_STATES = {"called": (_("Called"), "warn"), "serving": (_("Being served"), "info")}


@page("desk.counter")
def lobby(request: HttpRequest) -> HttpResponse:
    """Who waits and how long, what the lobby manager has to do, and drawing a number."""
    return _lobby(request, forms.NumberForm(services=_services()))


@page("desk.counter", methods=("POST",))
def draw(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    form = forms.NumberForm(request.POST, services=_services())
    if not form.is_valid():
        return _lobby(request, form, status=422)
    try:
        drawn = services.draw(actor=actor, now=now, **form.cleaned_data)
    except CustomerNotFound:
        form.add_error("party_ref", gettext("There is no such customer within your reach."))
        return _lobby(request, form, status=422)
    label = queries.label_of(drawn.series, drawn.number)
    messages.success(request, gettext("Number %(number)s is drawn.") % {"number": label})
    return redirect("desk:lobby")


@page("desk.counter")
def window(request: HttpRequest) -> HttpResponse:
    """The teller: call the next one, serve by the five steps, ask for a rating."""
    actor, now = actor_of(request), clock.now()
    unit_id = services.outlet_of(actor)
    own = queries.own_number(actor, unit_id, now=now)
    minutes = {row["code"]: row["minutes"] for row in queries.services_of(now)}
    context = {
        "own": own, "state": NUMBER_STATES[own.state] if own else None,
        "business": dict(_services()).get(own.business, own.business) if own else "",
        "minutes": minutes.get(own.business) if own else None, "steps": rules.STEPS,
        "hall": queries.hall(actor, unit_id, now=now), "window": request.session.get("counter_window", "1"),
        "side": request.session.get("counter_side", "all"), "sides": SIDES,
        "services": [(label, minutes.get(code)) for code, label in _services()],
    }  # fmt: skip
    return render(request, "desk/window.html", context)


@page("desk.counter", methods=("POST",))
def call_next(request: HttpRequest) -> HttpResponse:
    form = forms.WindowForm(request.POST)
    if form.is_valid():
        request.session["counter_window"] = form.cleaned_data["window"]
        request.session["counter_side"] = form.cleaned_data["side"]
        try:
            services.call_next(
                actor=actor_of(request), now=clock.now(), window=form.cleaned_data["window"],
                side=Side(form.cleaned_data["side"]),
            )  # fmt: skip
        except data.NobodyWaits:
            messages.info(request, gettext("Nobody waits for this window."))
    return redirect("desk:window")


@page("desk.counter", methods=("POST",))
def number_move(request: HttpRequest, ticket_id: UUID, action: str) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        services.move(
            actor=actor_of(request), now=clock.now(), ticket_id=ticket_id, action=action,
            version=int(version) if version.isdecimal() else 0,
        )  # fmt: skip
    except data.NumberNotFound as error:
        raise Http404 from error
    return redirect("desk:rating", ticket_id) if action == "finish" else redirect("desk:window")


@page("desk.counter", methods=("GET", "HEAD", "POST"))
def rating(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """What the customer touches on the device before the window."""
    actor = actor_of(request)
    value = request.POST.get("rating", "")
    try:
        if request.method == "POST" and value in {"1", "2", "3", "4", "5"}:
            services.rate(actor=actor, ticket_id=ticket_id, rating=int(value))
            return redirect("desk:window")
        services.check_number(actor=actor, ticket_id=ticket_id)
    except data.NumberNotFound as error:
        raise Http404 from error
    return render(request, "desk/rating.html", {"ticket_id": ticket_id})


@page("desk.counter")
def hall(request: HttpRequest) -> HttpResponse:
    """For the screen in the hall: numbers and windows, no names."""
    actor, now = actor_of(request), clock.now()
    context = {"hall": queries.hall(actor, services.outlet_of(actor), now=now)}
    part = request.headers.get("HX-Request")
    return render(request, "desk/hall_body.html" if part else "desk/hall.html", context)


def _lobby(request: HttpRequest, form: forms.NumberForm, status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    names: dict[str, Any] = dict(_services())
    found = queries.hall(actor, services.outlet_of(actor), now=now)
    context = {
        "hall": found, "form": form, "duties": rules.DUTIES,
        "waiting": [
            (one, names.get(one.business, one.business), one.minutes >= found.long_wait) for one in found.waiting
        ],
        "serving": [(one, names.get(one.business, one.business), *NUMBER_STATES[one.state]) for one in found.serving],
    }  # fmt: skip
    return render(request, "desk/lobby.html", context, status=status)


def _services() -> list[tuple[str, str]]:
    label = "label_en" if (get_language() or "").startswith("en") else "label_zh"
    return [(row["code"], row[label]) for row in queries.services_of(clock.now())]
