"""The success rate in the cooling-off period with what it is counted from, and how other call-backs ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from anxin.book.customers.services import volume
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.service.callbacks import forms, queries, services, tasks
from anxin.service.callbacks.data import KINDS
from anxin.service.callbacks.pages import words
from anxin.service.callbacks.queries.figures import BY


@page("callbacks.report")
def show(request: HttpRequest) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    first, last, by = _period(request.GET, today)
    found = queries.success_rate(actor, first, last, today=today, by=by)
    context: dict[str, Any] = {
        "found": found, "first": first, "last": last, "by": by, "nav": "callback-figures",
        "channels": [(words.channel(one.key) or gettext("channel not known"), one) for one in found.by_channel],
        "units": [(one.key or gettext("no unit"), one) for one in found.by_unit],
        "kinds": [(gettext(KINDS[code][0]), found.kinds[code]) for code in KINDS if code in found.kinds],
        "solved_rate": found.solved_in_time / found.solved if found.solved else None,
    }  # fmt: skip
    return render(request, "callbacks/figures.html", context)


@page("callbacks.report", methods=("POST",))
def export(request: HttpRequest) -> HttpResponse:
    first, last, by = _period(request.POST, clock.today())
    try:
        services.start_export(
            actor=actor_of(request), now=clock.now(), first=first, last=last, by=by,
            language=get_language() or "zh-hans", title=gettext("Call-backs in the cooling-off period"),
            task=tasks.export,
        )  # fmt: skip
    except volume.TooMuch as error:
        messages.error(request, gettext(str(error)))
    return redirect("jobs:list")


def _period(given: QueryDict, today: date) -> tuple[date, date, str]:
    """The period of an address; without one the last ninety days."""
    form = forms.PeriodForm(given)
    told = form.cleaned_data if form.is_valid() else {}
    last = told.get("last") or today
    first = told.get("first") or last - timedelta(days=89)
    by = given.get("by", "")
    return min(first, last), max(first, last), by if by in BY else BY[0]
