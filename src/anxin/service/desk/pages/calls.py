"""The seat of an agent: the call that rings, whose it is and what is open, what it was about; calling out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.data import CustomerNotFound
from anxin.book.customers.queries import get_row
from anxin.book.portfolio.data import STATUSES, PolicyLine
from anxin.foundation.channels.data import DialRefused, DialUnsure, LineDown
from anxin.kernel import clock
from anxin.kernel.web import answers, dialogs, panels
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms
from anxin.service.desk.data import CallView
from anxin.service.desk.pages import words
from anxin.service.desk.queries import calls as queries
from anxin.service.desk.queries import glance, schemes
from anxin.service.desk.rules import calling
from anxin.service.desk.rules.telephony import SELECTABLE, AgentState
from anxin.service.desk.services import dialling
from anxin.service.desk.services import telephony as services

LIVE = "anxin.live"
MISSING = (data.CallNotFound, CustomerNotFound)
CALL_STATES = {
    "menu": (_("In the menu"), ""),
    "queued": (_("Waiting in the queue"), "warn"),
    "ringing": (_("Ringing"), "warn"),
    "answered": (_("In conversation"), "info"),
    "ended": (_("Call over"), ""),
}


# What a call of ours for this was most likely about.
_USUAL_CODES = {"claim": "claim", "welcome": "welcome", "renewal": "renewal", "satisfaction": "callback"}


@page("desk.calls")
def seat_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    seat = queries.seat_of(actor)
    word, level = data.AGENT_STATES[seat.state if seat else "offline"]
    context = {
        "seat": seat, "state": gettext(word), "level": level, "form": forms.SeatForm(),
        "states": _states(),
        "ticket": signing.dumps(actor.user_id.hex, salt=LIVE) if actor.user_id else "", **_recent(request),
    }  # fmt: skip
    return render(request, "desk/seat.html", context)


def _states() -> list[tuple[str, str]]:
    return [(one.value, gettext(data.AGENT_STATES[one][0])) for one in SELECTABLE]


@page("desk.calls")
def recent(request: HttpRequest) -> HttpResponse:
    """The last calls of the agent; fetched again when something happened."""
    return render(request, "desk/recent_calls.html", _recent(request))


def _recent(request: HttpRequest) -> dict[str, Any]:
    known = calling.wrap_codes(schemes.calls(clock.now()))
    rows = [
        {
            "call": one, "state": CALL_STATES[one.state], "may_dial": bool(one.number) and dialling.is_connected(),
            "why": gettext(data.ENDED_WHY[one.ended_why]) if one.ended_why in data.ENDED_WHY else "",
            "purpose": gettext(data.CALL_PURPOSES[one.purpose]) if one.purpose in data.CALL_PURPOSES else "",
            "about": words.label(known[one.wrap_code]) if one.wrap_code in known else one.wrap_code,
        }
        for one in queries.recent_calls(actor_of(request))
    ]  # fmt: skip
    return {"rows": rows}


@page("desk.calls")
def panel(request: HttpRequest) -> HttpResponse:
    """What is to be seen of the present call; asked for when the telephone system told of something."""
    actor, now = actor_of(request), clock.now()
    seat = queries.seat_of(actor)
    call = queries.current_call(actor)
    word, level = data.AGENT_STATES[seat.state if seat else "offline"]
    context: dict[str, Any] = {
        "seat": seat, "states": _states(), "agent_state": gettext(word), "agent_level": level, "call": call,
    }  # fmt: skip
    if call is not None:
        scheme = schemes.calls(now)
        codes = [(one.code, words.label(one)) for one in calling.wrap_codes(scheme).values()]
        queues = {one["code"]: words.label(one) for one in schemes.types_content(now)["queues"]}
        context |= {
            "queue": queues.get(call.queue, call.queue),
            "purpose": gettext(data.CALL_PURPOSES[call.purpose]) if call.purpose in data.CALL_PURPOSES else "",
            "state": CALL_STATES[call.state], "way": _way(call, calling.menu_points(scheme)),
            "form": forms.WrapUpForm(
                initial={
                    "version": call.version, "party_ref": call.party_ref,
                    "code": call.wrap_code or _USUAL_CODES.get(call.purpose, ""),
                }, codes=codes
            ),
        }  # fmt: skip
        # Out of this agent's reach there is no row: the number alone is shown.
        row = get_row(actor, call.party_id) if call.party_id is not None else None
        if row is not None and call.party_id is not None:
            policies, count = glance.policies(actor, row.ref)
            more = count - len(policies)
            types = schemes.ticket_types(now)
            context |= {
                "customer": row, "policies": [_held(one) for one in policies],
                "policy_count": count, "more_policies": more,
                "tickets": [words.shown(one, types) for one in glance.open_tickets(actor, call.party_id)],
                "lines": glance.lines_about(actor, call.party_id, now=now),
                "actions": panels.actions(actor, row.ref, subject="call"), "may_open": actor.may("desk.open"),
            }  # fmt: skip
    return render(request, "desk/call_panel.html", context)


def _held(one: PolicyLine) -> tuple[PolicyLine, str, str]:
    word, level = STATUSES.get(one.status, (one.status, ""))
    return one, gettext(word), level


def _way(call: CallView, points: dict[str, calling.Labelled]) -> list[tuple[str, str]]:
    return [(key, words.label(point) if point else "") for key, point in calling.on_the_way(call.menu, points)]


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


@page("desk.calls", methods=("POST",), missing=MISSING)
def wrap_up(request: HttpRequest, call_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    known = calling.wrap_codes(schemes.calls(now))
    form = forms.WrapUpForm(request.POST, codes=[(code, code) for code in known])
    queries.get_call(actor, call_id)
    if not form.is_valid():
        return answers.toast(HttpResponse(status=422), gettext("Say what the call was about."), level="danger")
    values = form.cleaned_data
    services.wrap_up(
        actor=actor, now=now, call_id=call_id, version=values["version"], code=values["code"], note=values["note"],
        party_ref=values["party_ref"],
    )  # fmt: skip
    return redirect("desk:seat")


@page("desk.calls", methods=("GET", "HEAD", "POST"), missing=MISSING)
def caller(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Who may be calling, by the number or by what the caller says; POST chooses one, and the file comes."""
    actor = actor_of(request)
    if request.method == "POST":
        services.recognise(actor=actor, now=clock.now(), call_id=call_id, party_ref=request.POST.get("ref", "")[:20])
        return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect("desk:seat")
    text = request.GET.get("find", "").strip()[:40]
    context = {"rows": queries.callers(actor, call_id, text), "text": text, "call_id": call_id}
    return render(request, "desk/callers.html", context)


@page("desk.calls", methods=("GET", "HEAD", "POST"), missing=MISSING)
def call_customer(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask first what for, since the own telephone rings at once; `?purpose=` says what is likely."""
    actor, now = actor_of(request), clock.now()
    wanted = request.GET.get("purpose", "")
    form = forms.PurposeForm(
        request.POST if request.method == "POST" else None,
        initial={"purpose": wanted if wanted in data.CALL_PURPOSES else "service"},
    )
    if form.is_bound and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        try:
            return _dialled(
                request, lambda: dialling.call_customer(actor=actor, now=now, ref=ref, purpose=purpose), is_asked=True
            )
        except data.NotToBeCalled as error:
            form.add_error("purpose", gettext(data.NOT_CALLED[error.why]))
    return dialogs.ask(
        request, form, title=_("Call this customer"), button=_("Dial"),
        hint=_("Your telephone rings first; lift it, and the customer is dialled."), back=f"/customers/{ref}/",
    )  # fmt: skip


@page("desk.calls", methods=("POST",), missing=MISSING)
def call_back(request: HttpRequest, call_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    return _dialled(request, lambda: dialling.call_back(actor=actor, now=clock.now(), call_id=call_id))


def _dialled(request: HttpRequest, dial: Any, *, is_asked: bool = False) -> HttpResponse:
    """`is_asked`: a form is open that says itself why somebody is not called."""
    back = reverse("desk:seat")
    try:
        dial()
    except data.NoTelephone:
        text = gettext("Sit down at a telephone first; and there must be a number to dial.")
    except data.NotToBeCalled as error:
        if is_asked:
            raise
        text = gettext(data.NOT_CALLED[error.why])
    except DialUnsure:
        text = gettext(
            "The telephone exchange has not answered yet. If your telephone rings, lift it; else dial by hand."
        )
    except (LineDown, DialRefused):
        text = gettext("The telephone exchange does not answer. Dial by hand.")
    else:
        return dialogs.done(request, gettext("Your telephone rings; lift it."), back=back, refresh="calls-changed")
    if not request.headers.get("HX-Request"):
        return redirect(back)
    return answers.close_dialog(answers.toast(HttpResponse(status=204), text, level="danger"))
