"""Renewals as a work page: periods, filters, preview, recording what the customer said, alone or for many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.queries import CustomerNotFound
from anxin.book.customers.services import volume
from anxin.engagement.renewals import forms, queries, rules, services, tasks
from anxin.engagement.renewals.data import (
    Intention,
    Period,
    RenewalFilter,
    RenewalState,
    RenewalView,
    Whose,
)
from anxin.engagement.renewals.services.exporting import INTENTIONS
from anxin.kernel import clock
from anxin.kernel.series import listed
from anxin.kernel.web import answers
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column

PERIODS = {
    Period.TODAY: (_("Ends today"), "calendar-event"),
    Period.WEEK: (_("Within 7 days"), "clock"),
    Period.MONTH: (_("Within 30 days"), "calendar"),
    Period.QUARTER: (_("Within 90 days"), "calendar-time"),
    Period.EXPIRED: (_("Ended, still open"), "alert-triangle"),
}
STATES = {
    RenewalState.OPEN: (_("To be renewed"), "info"),
    RenewalState.RENEWED: (_("Renewed"), "ok"),
    RenewalState.LOST: (_("Lost"), "danger"),
    RenewalState.EXCLUDED: (_("Left out"), ""),
}
LEVELS = {Intention.UNKNOWN: "", Intention.RENEW: "ok", Intention.NOT_RENEW: "danger", Intention.CONSIDERING: "warn"}
LINES = {
    "motor": _("Motor"),
    "property": _("Property"),
    "liability": _("Liability"),
    "accident": _("Accident"),
    "health": _("Health"),
}
COLUMNS = (
    Column(code="customer", label=_("Customer")),
    Column(code="policy", label=_("Policy no.")),
    Column(code="product", label=_("Product"), flexible=True),
    Column(code="premium", label=_("Premium"), kind="money"),
    Column(code="ends", label=_("Cover ends"), kind="date"),
    Column(code="intention", label=_("Intention")),
    Column(code="next", label=_("Next date"), kind="date"),
    Column(code="owner", label=_("Customer manager")),
)


@page("renewals.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    wanted = _filter(request.GET)
    try:
        found = queries.list_renewals(actor, wanted, now=now, cursor=request.GET.get("cursor", ""))
    except queries.BadCursor:
        found = queries.list_renewals(actor, wanted, now=now)
    counters = queries.summarise(actor, now=now, whose=wanted.whose)
    is_team = actor.scope("renewals.view") != "own"
    context: dict[str, Any] = {
        "page": found,
        # Who sees only their own renewals need not read their own name in every row.
        "columns": [column for column in COLUMNS if is_team or column.code != "owner"],
        "rows": [_shown(row, now) for row in found.rows],
        "wanted": wanted,
        "counters": counters,
        "periods": [
            {"code": period, "label": label, "icon": symbol, "count": counters.by_period[period],
             "is_current": wanted.first is None and wanted.period is period}
            for period, (label, symbol) in PERIODS.items()
        ],
        "intentions": [
            {"value": one, "label": INTENTIONS[one], "checked": one in wanted.intentions,
             "count": counters.by_intention[one]}
            for one in Intention
        ],
        "lines": [{"value": code, "label": label, "checked": code in wanted.lines} for code, label in LINES.items()],
        "states": [(state, label, state is wanted.state) for state, (label, _level) in STATES.items()],
        "chosen_intentions": listed(INTENTIONS[one] for one in wanted.intentions),
        "chosen_lines": listed(LINES.get(one, one) for one in wanted.lines),
        "keep_intention": _keep(request, "intention"),
        "keep_line": _keep(request, "line"),
        "keep_period": _keep(request, "first", "last", "period"),
        "is_team": is_team,
        "may_work": actor.may("renewals.work"),
        "may_export": actor.may("renewals.export"),
        "form": _form(now) if actor.may("renewals.work") else None,
        "open": request.GET.get("open", ""),
    }  # fmt: skip
    is_part = request.headers.get("HX-Target") == "renewals"
    return render(request, "renewals/list_body.html" if is_part else "renewals/list.html", context)


@page("renewals.view")
def preview(request: HttpRequest, renewal_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    try:
        row = queries.get_renewal(actor, renewal_id)
    except queries.RenewalNotFound as error:
        raise Http404 from error
    return _preview(request, row, _form(now, row))


@page("renewals.work", methods=("POST",))
def record(request: HttpRequest, renewal_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    try:
        row = queries.get_renewal(actor, renewal_id)
    except queries.RenewalNotFound as error:
        raise Http404 from error
    form = forms.IntentionForm(request.POST, reasons=_reasons(now))
    if not form.is_valid():
        return _preview(request, row, form, status=422)
    values = form.cleaned_data
    try:
        row = services.record_intention(
            actor=actor, now=now, renewal_id=renewal_id, version=values["version"] or row.version,
            intention=Intention(values["intention"]), reason=values["reason"], note=values["note"],
            next_date=values["next_date"],
        )  # fmt: skip
    except services.RenewalNotFound as error:
        raise Http404 from error
    except services.InvalidIntention as error:
        form.add_error(None, gettext(error.message))
        return _preview(request, row, form, status=422)
    response = _preview(request, row, _form(now, row))
    answers.trigger(response, "renewals-changed", {})
    return answers.toast(response, gettext("Recorded."))


@page("renewals.work", methods=("POST",))
def record_many(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    form = forms.IntentionForm(request.POST, reasons=_reasons(now))
    ids = _ids(request.POST.getlist("item"))
    if not form.is_valid() or not ids:
        return answers.toast(HttpResponse(status=422), gettext("Choose renewals and an intention."), level="danger")
    values = form.cleaned_data
    try:
        done, skipped = services.record_intentions(
            actor=actor, now=now, renewal_ids=ids, intention=Intention(values["intention"]), reason=values["reason"],
            note=values["note"], next_date=values["next_date"],
        )  # fmt: skip
    except services.InvalidIntention as error:
        return answers.toast(HttpResponse(status=422), gettext(error.message), level="danger")
    text = ngettext("%(count)s renewal recorded.", "%(count)s renewals recorded.", done) % {"count": done}
    if skipped:
        text += " " + ngettext("%(count)s left alone.", "%(count)s left alone.", skipped) % {"count": skipped}
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true" if done else "false"
    return answers.toast(response, text)


@page("renewals.export", methods=("POST",))
def export(request: HttpRequest) -> HttpResponse:
    try:
        services.start_export(
            actor=actor_of(request), now=clock.now(), wanted=_filter(request.POST),
            language=get_language() or "zh-hans", title=gettext("Renewals"), task=tasks.export,
        )  # fmt: skip
    except volume.TooMuch as error:
        messages.error(request, gettext(str(error)))
    return redirect("jobs:list")


@page("renewals.view")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """The panel of the customer page."""
    actor, now = actor_of(request), clock.now()
    try:
        rows = queries.of_customer(actor, ref)
    except CustomerNotFound as error:
        raise Http404 from error
    return render(request, "renewals/panel.html", {"rows": [_shown(row, now) for row in rows]})


def _preview(request: HttpRequest, row: RenewalView, form: forms.IntentionForm, status: int = 200) -> HttpResponse:
    may_work = actor_of(request).may("renewals.work") and row.state is RenewalState.OPEN
    context = {**_shown(row, clock.now()), "form": form, "may_work": may_work}
    return render(request, "renewals/preview.html", context, status=status)


def _shown(row: RenewalView, now: Any) -> dict[str, Any]:
    state, level = STATES[row.state]
    reasons = dict(_reasons(now)) if row.reason else {}
    left = (row.expiry_date - rules.today_of(now)).days
    return {
        "row": row,
        "intention": INTENTIONS[row.intention],
        "intention_level": LEVELS[row.intention],
        "state": state,
        "state_level": level,
        "line": LINES.get(row.line, row.line),
        "reason": reasons.get(row.reason, row.reason),
        "left": left,
        "ago": -left,
        "left_level": "danger" if left < 0 else "warn" if left <= 7 else "",
    }


def _form(now: Any, row: RenewalView | None = None) -> forms.IntentionForm:
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {
            "intention": row.intention if row.intention is not Intention.UNKNOWN else "",
            "reason": row.reason, "note": row.note, "next_date": row.next_date, "version": row.version,
        }  # fmt: skip
    return forms.IntentionForm(initial=initial, reasons=_reasons(now), auto_id="renewal_%s" if row else "many_%s")


def _reasons(now: Any) -> list[tuple[str, str]]:
    label = "label_en" if (get_language() or "").startswith("en") else "label_zh"
    return [(row["code"], row[label]) for row in queries.settings_of(now)["reasons"]]


def _filter(values: QueryDict) -> RenewalFilter:
    """Anything may stand in an address: what is not known is left out."""
    period = forms.PeriodForm(values)
    has_period = period.is_valid()
    return RenewalFilter(
        whose=Whose.MINE if values.get("whose") == Whose.MINE else Whose.REACH,
        period=next((one for one in Period if one == values.get("period")), Period.MONTH),
        first=period.cleaned_data["first"] if has_period else None,
        last=period.cleaned_data["last"] if has_period else None,
        state=next((one for one in RenewalState if one == values.get("state")), RenewalState.OPEN),
        intentions=tuple(Intention(one) for one in values.getlist("intention") if one in set(Intention)),
        lines=tuple(one for one in values.getlist("line") if one in LINES),
    )


def _keep(request: HttpRequest, *without: str) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.GET.lists()
        if name not in (*without, "cursor", "open")
        for value in values
    ]


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:500]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
