"""Who is away, and who stands in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of
from anxin.service.managers import data, forms, queries
from anxin.service.managers.data import Refused
from anxin.service.managers.pages.edge import BOTH, POST, managers_page, put, staff_of
from anxin.service.managers.services import absences

STATES = {
    "coming": (gettext_lazy("To come"), "info"),
    "running": (gettext_lazy("Away"), "warn"),
    "over": (gettext_lazy("Over"), ""),
    "cancelled": (gettext_lazy("Called off"), ""),
}


@managers_page("managers.view")
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    rows = [
        {"one": one, "cause": _(data.ABSENCES[one.cause]), "state": STATES[one.state][0],
         "level": STATES[one.state][1], "may_end": one.state in ("coming", "running")}
        for one in queries.list_absences(actor)
    ]  # fmt: skip
    context = {
        "rows": rows, "may_allocate": actor.may("managers.allocate"),
        "crumbs": [(reverse("managers:board"), _("Customer managers")), ("", _("Absences"))],
    }  # fmt: skip
    return render(request, "managers/absences.html", context)


@managers_page("managers.allocate", methods=BOTH)
def announce(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    initial = {"user": request.GET.get("manager", ""), "first": clock.today()}
    form = forms.AbsenceForm(request.POST if request.method == "POST" else None, staff=staff_of(actor), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            absences.announce(
                actor=actor, now=now, user_id=UUID(given["user"]), deputy_id=UUID(given["deputy"]),
                first=given["first"], last=given["last"], cause=given["cause"],
            )  # fmt: skip
        except Refused as error:
            put(form, error)
        else:
            return dialogs.done(request, _("The absence is announced."), back=reverse("managers:absences"))
    return dialogs.ask(
        request, form, title=_("Announce an absence"), button=_("Announce"), back=reverse("managers:absences"),
        hint=_("From the first day the deputy has the customers and their open tasks; after the last they go back."),
    )  # fmt: skip


@managers_page("managers.allocate", methods=POST)
def end(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    absences.end(actor=actor_of(request), now=clock.now(), absence_id=absence_id)
    return dialogs.done(request, _("The customers are back with their manager."), back=reverse("managers:absences"))
