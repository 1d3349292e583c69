"""The seat of an agent: the call that rings, whose it is, what it was about; figures of the day and staff needed."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.data import CustomerNotFound
from anxin.book.customers.queries import get_row
from anxin.kernel import clock
from anxin.kernel.web import answers
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms
from anxin.service.desk.queries import calls as queries
from anxin.service.desk.rules.staffing import Target
from anxin.service.desk.rules.telephony import SELECTABLE, AgentState
from anxin.service.desk.services import telephony as services

LIVE = "anxin.live"
CALL_STATES = {
    "ringing": (_("Ringing"), "warn"),
    "answered": (_("In conversation"), "info"),
    "ended": (_("Call over"), ""),
}


@page("desk.calls")
def seat_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    seat = queries.seat_of(actor)
    word, level = data.AGENT_STATES[seat.state if seat else "offline"]
    context = {
        "seat": seat, "state": gettext(word), "level": level, "form": forms.SeatForm(),
        "states": [(one.value, gettext(data.AGENT_STATES[one][0])) for one in SELECTABLE],
        "rows": [(one, *CALL_STATES[one.state]) for one in queries.recent_calls(actor)],
        "ticket": signing.dumps(actor.user_id.hex, salt=LIVE) if actor.user_id else "",
    }  # fmt: skip
    return render(request, "desk/seat.html", context)


@page("desk.calls")
def panel(request: HttpRequest) -> HttpResponse:
    """What is to be seen of the present call; asked for when the telephone system told of something."""
    actor = actor_of(request)
    seat = queries.seat_of(actor)
    call = queries.current_call(actor)
    # Out of this agent's reach there is no row: the number alone is shown.
    row = get_row(actor, call.party_id) if call is not None and call.party_id is not None else None
    word, level = data.AGENT_STATES[seat.state if seat else "offline"]
    context = {
        "seat": seat, "agent_state": gettext(word), "agent_level": level, "call": call, "customer": row,
        "state": CALL_STATES[call.state] if call else None,
        "form": forms.WrapUpForm(initial={"version": call.version, "party_ref": call.party_ref}) if call else None,
    }  # fmt: skip
    return render(request, "desk/call_panel.html", context)


@page("desk.calls", methods=("POST",))
def sit_down(request: HttpRequest) -> HttpResponse:
    form = forms.SeatForm(request.POST)
    if form.is_valid():
        services.sit_down(actor=actor_of(request), now=clock.now(), extension=form.cleaned_data["extension"])
    return redirect("desk:seat")


@page("desk.calls", methods=("POST",))
def agent_state(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("state", "")
    if wanted in {one.value for one in SELECTABLE}:
        services.set_state(actor=actor_of(request), now=clock.now(), state=AgentState(wanted))
    return redirect("desk:seat")


@page("desk.calls", methods=("POST",))
def wrap_up(request: HttpRequest, call_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    form = forms.WrapUpForm(request.POST)
    try:
        queries.get_call(actor, call_id)
        if not form.is_valid():
            return answers.toast(HttpResponse(status=422), gettext("Say what the call was about."), level="danger")
        values = form.cleaned_data
        services.wrap_up(
            actor=actor, now=clock.now(), call_id=call_id, version=values["version"], code=values["code"],
            note=values["note"], party_ref=values["party_ref"],
        )  # fmt: skip
    except (data.CallNotFound, CustomerNotFound) as error:
        raise Http404 from error
    return redirect("desk:seat")


@page("desk.lead")
def figures(request: HttpRequest) -> HttpResponse:
    """One day in figures, each with how it was counted, and the people each half-hour needs."""
    actor, today = actor_of(request), clock.today()
    form = forms.StaffingForm(request.GET or None)
    day, target = today, Target()
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        day = values["day"] or today
        target = Target(
            share=(values["share"] or 80) / 100, seconds=values["seconds"] if values["seconds"] is not None else 20,
            max_occupancy=(values["occupancy"] or 85) / 100, shrinkage=(values["shrinkage"] or 0) / 100,
        )  # fmt: skip
    else:
        form = forms.StaffingForm(
            initial={"day": day, "share": 80, "seconds": 20, "occupancy": 85, "shrinkage": 30}
        )  # fmt: skip
    found, slots = queries.measure_day(actor, day)
    context = {
        "form": form, "day": day, "figures": found, "plan": queries.staff_needed(slots, target),
        "rates": [
            (_("Service level"), found.service_level), (_("Answered by a person"), found.human_answer_rate),
            (_("Abandoned"), found.abandonment),
        ],
        "times": [(_("Mean wait (ASA)"), found.asa), (_("Mean handling (AHT)"), found.aht)],
    }  # fmt: skip
    return render(request, "desk/call_figures.html", context)
