"""Counters: the teller's window, the lobby, and the display of the hall."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms
from anxin.service.desk.queries import counters as queries
from anxin.service.desk.rules import counters as rules
from anxin.service.desk.rules.counters import Side
from anxin.service.desk.services import counters as services

SIDES = [(Side.ALL, _("Everybody")), (Side.CUSTOMERS, _("Customers only")), (Side.INSIDERS, _("Insiders only"))]
_SIDE = dict(SIDES)
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
    hall = queries.hall(actor, unit_id, now=now)
    code = request.session.get("counter_window", "") or next(iter(hall.layout.sides), "1")
    context = {
        "own": own, "state": NUMBER_STATES[own.state] if own else None,
        "business": dict(_services()).get(own.business, own.business) if own else "",
        "minutes": minutes.get(own.business) if own else None, "steps": _steps(own.step if own else 0),
        "script": gettext(rules.STEPS[own.step - 1][1]) if own else "", "is_last": bool(own and own.step >= 4),
        "hall": hall, "window": code, "windows": [(name, _SIDE[side]) for name, side in hall.layout.sides.items()],
        "side": request.session.get("counter_side", "all"), "sides": SIDES,
        "duties": queries.duties(unit_id, now=now) if hall.is_small else [],
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
    found = queries.hall(actor, services.outlet_of(actor), now=now)
    context = {
        "hall": found, "next": found.waiting[:8], "now": now,
        "windows": [(code, _SIDE[side]) for code, side in found.layout.sides.items()] if found.is_small else [],
    }  # fmt: skip
    part = request.headers.get("HX-Request")
    return render(request, "desk/hall_body.html" if part else "desk/hall.html", context)


@page("desk.lobby", methods=("GET", "HEAD", "POST"))
def set_up(request: HttpRequest) -> HttpResponse:
    """Which windows the outlet has, whom each calls, and how the outlet is run."""
    actor, now = actor_of(request), clock.now()
    layout = queries.layout_of(services.outlet_of(actor), now=now)
    lines = "\n".join(f"{code} {side}" for code, side in layout.sides.items())
    form = forms.OutletForm(
        request.POST if request.method == "POST" else None, initial={"mode": layout.mode, "windows": lines}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_up(actor=actor, now=now, mode=form.cleaned_data["mode"], windows=form.cleaned_data["windows"])
        except Rejected as error:
            form.add_error(error.field, gettext(str(error)))
        else:
            return dialogs.done(request, gettext("Saved."), back=reverse("desk:lobby"))
    return dialogs.ask(
        request, form, title=gettext("Windows of the outlet"), button=gettext("Save"), back=reverse("desk:lobby"),
        hint=gettext("One window on each line: its number, then all, customers or insiders."),
    )  # fmt: skip


@page("desk.counter", methods=("POST",))
def duty(request: HttpRequest, number: int) -> HttpResponse:
    """A duty of the lobby was seen to."""
    try:
        services.see_to(actor=actor_of(request), now=clock.now(), duty=number, note=request.POST.get("note", ""))
    except ValueError as error:
        raise Http404 from error
    back = request.POST.get("back", "")
    return redirect("desk:window" if back == "window" else "desk:lobby")


def _steps(current: int) -> list[dict[str, Any]]:
    return [
        {"label": gettext(name), "note": "", "state": "done" if number < current else "current" * (number == current)}
        for number, (name, _text) in enumerate(rules.STEPS, 1)
    ]


def _lobby(request: HttpRequest, form: forms.NumberForm, status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    names: dict[str, Any] = dict(_services())
    found = queries.hall(actor, services.outlet_of(actor), now=now)
    context = {
        "hall": found, "form": form, "duties": queries.duties(services.outlet_of(actor), now=now),
        "windows": [(code, _SIDE[side]) for code, side in found.layout.sides.items()],
        "may_set_up": actor.may("desk.lobby"),
        "waiting": [
            (one, names.get(one.business, one.business), one.minutes >= found.long_wait) for one in found.waiting
        ],
        "serving": [(one, names.get(one.business, one.business), *NUMBER_STATES[one.state]) for one in found.serving],
    }  # fmt: skip
    return render(request, "desk/lobby.html", context, status=status)


def _services() -> list[tuple[str, str]]:
    label = "label_en" if (get_language() or "").startswith("en") else "label_zh"
    return [(row["code"], row[label]) for row in queries.services_of(clock.now())]
