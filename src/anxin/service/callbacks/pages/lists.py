"""The list of call-backs by what is due first, and the panel in the customer's file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.series import listed as written
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column, Listing, key
from anxin.service.callbacks import forms, queries, services
from anxin.service.callbacks.data import KINDS, CallBackFilter, Kind, Lane
from anxin.service.callbacks.pages import words
from anxin.service.callbacks.rules import due

LISTING: Final = Listing(
    code="callbacks", orders={"due": (key("due_at"), key("id")), "ended": (key("-ended_at"), key("-id"))},
    default="due",
)  # fmt: skip
COUNTED: Final = 100
LANES: Final = {
    Lane.QUEUE: (_("To be called now"), "phone-outgoing"),
    Lane.MINE: (_("In my hands"), "inbox"),
    Lane.COOLING: (_("In the cooling-off period"), "hourglass"),
    Lane.LATE: (_("Overdue"), "alert-triangle"),
    Lane.PUT_OFF: (_("Put off"), "clock"),
    Lane.FALLBACK: (_("Not by telephone"), "mail"),
    Lane.PROBLEMS: (_("Problems not solved yet"), "message-report"),
    Lane.DONE: (_("Ended call-backs"), "circle-check"),
}
COLUMNS: Final = (
    Column(code="kind", label=_("Kind")),
    Column(code="customer", label=_("Customer")),
    Column(code="policy", label=_("Policy no.")),
    Column(code="product", label=_("Product"), flexible=True),
    Column(code="ends", label=_("Cooling-off ends"), kind="date"),
    Column(code="left", label=_("Time left")),
    Column(code="tries", label=_("Attempts"), kind="number"),
    Column(code="state", label=_("Status")),
    Column(code="owner", label=_("Agent")),
)
ENDED: Final = Column(code="left", label=_("Ended on"))


@page("callbacks.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    wanted = asked(request.GET, Lane.QUEUE if actor.may("callbacks.work") else Lane.COOLING)
    is_done = wanted.lane in (Lane.DONE, Lane.PROBLEMS)
    listed = LISTING.first_page_if_bad(
        queries.select(actor, wanted, now=now), sort="ended" if is_done else "due",
        cursor=request.GET.get("cursor", ""),
    ).map(queries.row_of)  # fmt: skip
    kinds = dict(forms.words(KINDS))
    context: dict[str, Any] = {
        "page": listed, "rows": [words.shown(row) for row in listed.rows], "wanted": wanted,
        "columns": [ENDED if is_done and one.code == "left" else one for one in COLUMNS],
        "is_done": is_done, "nav": "callbacks",
        "kinds": [{"value": code, "label": word, "checked": code in wanted.kinds} for code, word in kinds.items()],
        "chosen_kinds": written(kinds[code] for code in wanted.kinds),
        "keep_kind": [(name, value) for name, value in request.GET.items() if name not in ("kind", "cursor")],
        "may_work": actor.may("callbacks.work"), "may_report": actor.may("callbacks.report"),
    }  # fmt: skip
    if request.headers.get("HX-Target") == "callbacks":
        return render(request, "callbacks/list_body.html", context)
    counts = queries.counts(actor, now=now)
    context |= {
        "lanes": [
            {"code": lane, "label": name, "icon": symbol, "count": _count(counts, lane),
             "is_current": wanted.lane is lane}
            for lane, (name, symbol) in LANES.items()
        ],
        "late": _count(counts, Lane.LATE), "amber": _count(counts, "amber"),
        "units": [(one.id, one.name) for one in org.find_units(actor, permission="callbacks.view", limit=200)]
        if actor.scope("callbacks.view") != "own" else [],
    }  # fmt: skip
    return render(request, "callbacks/list.html", context)


def asked(given: QueryDict, default: Lane) -> CallBackFilter:
    """The part and the filter of an address; what is not known is left out."""
    lane = given.get("lane", "")
    return CallBackFilter(
        lane=Lane(lane) if lane in set(Lane) else default,
        kinds=tuple(Kind(one) for one in given.getlist("kind") if one in set(Kind)),
        unit_id=_id(given.get("unit", "")), text=given.get("q", "")[:60],
    )  # fmt: skip


@page("callbacks.view", missing=(CustomerNotFound,))
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """Call-backs of a customer."""
    actor = actor_of(request)
    rows = [words.shown(row) for row in queries.of_customer(actor, ref)]
    context = {"rows": rows, "ref": ref, "may_plan": actor.may("callbacks.plan")}
    return render(request, "callbacks/panel.html", context)


@page("callbacks.plan", methods=("GET", "HEAD", "POST"), missing=(CustomerNotFound,))
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    customers.get_party(actor, ref, "callbacks.plan")
    told = request.POST if request.method == "POST" else None
    form = forms.PlanForm(told, kinds=KINDS, initial={"start": due.day_of(now + timedelta(days=1)), "kind": Kind.CARE})
    back = reverse("customers:file", args=[ref])
    if told is not None and form.is_valid():
        values = form.cleaned_data
        try:
            services.plan_by_hand(
                actor=actor, now=now, ref=ref, kind=Kind(values["kind"]), start=due.start_of(values["start"]),
                is_regular=values["is_regular"], note=values["note"], key=values["key"],
            )  # fmt: skip
        except Rejected as error:
            form.add_error(error.field if error.field in form.fields else None, gettext(str(error)))
        else:
            return dialogs.done(request, gettext("The call-back is planned."), back=back, refresh="callbacks-changed")
    return dialogs.ask(request, form, title=gettext("Plan a call-back"), button=gettext("Plan it"), back=back)


def _count(counts: Any, code: str) -> str:
    found = counts[code]
    return f"{COUNTED - 1}+" if found >= COUNTED else str(found)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
