"""The call centre in figures, each with how it was counted, and the people each half-hour needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import forms
from anxin.service.desk.pages import words
from anxin.service.desk.queries import call_figures as queries
from anxin.service.desk.queries import schemes
from anxin.service.desk.queries.call_figures import CallFigures
from anxin.service.desk.rules import calling
from anxin.service.desk.rules.call_figures import Figure
from anxin.service.desk.rules.calling import Measures
from anxin.service.desk.rules.staffing import Target

QUEUES_OF: Final = timedelta(days=92)
USUAL_DAYS: Final = timedelta(days=6)


@page("desk.lead")
def figures(request: HttpRequest) -> HttpResponse:
    actor, now, today = actor_of(request), clock.now(), clock.today()
    scheme = schemes.calls(now)
    measures = calling.measures(scheme)
    seen = queries.queues_seen(actor, since=now - QUEUES_OF)
    names = {one["code"]: words.label(one) for one in schemes.types_content(now)["queues"]}
    form = forms.CallFiguresForm(request.GET or None, queues=[(code, names.get(code, code)) for code in seen])
    values: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    # A week unless asked otherwise: one morning says little, and the staffing of a mean day nothing.
    first = values.get("first") or today - USUAL_DAYS
    last = min(
        values.get("last") or (first if values.get("first") else today), first + timedelta(days=queries.MOST_DAYS - 1)
    )
    target = _target(values, measures)
    if not form.is_bound or form.is_valid():
        form.initial = {"first": first, "last": last, **_asked(target)}
        form.is_bound, form.data = False, {}
        form.initial["queue"] = values.get("queue", "")
    found = queries.read(
        actor, first=first, last=last, now=now, measures=measures, queue=values.get("queue", ""), target=target
    )
    codes, points = calling.wrap_codes(scheme), calling.menu_points(scheme)
    context = {
        "form": form, "first": first, "last": last, "found": found, "measures": measures, "cards": _cards(found),
        "counted": _counted(found), "periods": _periods(today),
        "queues": [(names.get(code, code), one) for code, one in found.queues],
        "codes": [(words.label(codes[code]) if code in codes else code, count) for code, count in found.codes],
        "most_codes": max((count for _code, count in found.codes), default=0),
        "paths": [(_path(keys, points), count, asked) for keys, count, asked in found.paths],
        "chart": _chart(found),
    }  # fmt: skip
    return render(request, "desk/call_figures.html", context)


def _target(values: dict[str, Any], measures: Measures) -> Target:
    usual = measures.target
    return Target(
        share=values["share"] / 100 if values.get("share") else usual.share,
        seconds=values["seconds"] if values.get("seconds") is not None else usual.seconds,
        max_occupancy=values["occupancy"] / 100 if values.get("occupancy") else usual.max_occupancy,
        shrinkage=values["shrinkage"] / 100 if values.get("shrinkage") is not None else usual.shrinkage,
    )


def _asked(target: Target) -> dict[str, int]:
    return {
        "share": round(target.share * 100), "seconds": round(target.seconds),
        "occupancy": round(target.max_occupancy * 100), "shrinkage": round(target.shrinkage * 100),
    }  # fmt: skip


def _periods(today: date) -> list[tuple[Any, date, date]]:
    yesterday = today - timedelta(days=1)
    return [
        (_("Today"), today, today), (_("Yesterday"), yesterday, yesterday),
        (_("7 days"), today - timedelta(days=6), today), (_("30 days"), today - timedelta(days=29), today),
    ]  # fmt: skip


def _cards(found: CallFigures) -> list[tuple[Any, Figure, bool]]:
    """Label, figure, whether it is a time in seconds."""
    total = found.total
    return [
        (_("Service level"), total.service_level, False), (_("Answered by a person"), total.human_answer_rate, False),
        (_("Abandoned"), total.abandonment, False), (_("Mean wait (ASA)"), total.asa, True),
        (_("Mean handling (AHT)"), total.aht, True), (_("Solved at once (FCR)"), found.solved, False),
        (_("Occupancy"), found.occupancy, False),
    ]  # fmt: skip


def _counted(found: CallFigures) -> list[tuple[Any, Figure, bool]]:
    """Every variant, so that whoever compares with another house finds theirs."""
    total = found.total
    return [
        *((_("Service level"), one, False) for one in total.levels),
        (_("Answered by a person"), total.human_answer_rate, False),
        *((_("Abandoned"), one, False) for one in total.abandonments),
        (_("Mean wait (ASA)"), total.asa, True), (_("Mean handling (AHT)"), total.aht, True),
        (_("After-call work"), total.after_work, True), (_("Solved at once (FCR)"), found.solved, False),
        (_("Occupancy"), found.occupancy, False),
    ]  # fmt: skip


def _path(keys: Sequence[str], points: dict[str, calling.Labelled]) -> list[tuple[str, str]]:
    return [(key, words.label(point) if point else "") for key, point in calling.on_the_way(keys, points)]


def _chart(found: CallFigures) -> dict[str, Any]:
    rows = found.half_hours
    return {
        "categories": [one.begins.strftime("%H:%M") for one in rows],
        "series": [
            {"name": gettext("Calls answered"), "data": [one.metrics.answered for one in rows], "color": "c1"},
            {"name": gettext("Given up"), "data": [one.metrics.abandoned for one in rows], "color": "c4"},
        ],
    }  # fmt: skip
