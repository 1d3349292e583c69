"""Panels of the customer page: who manages the customer and why, and what service they get."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.book.customers import queries as customers
from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of
from anxin.service.managers import data, forms, queries, rules
from anxin.service.managers.data import Refused
from anxin.service.managers.pages.edge import BOTH, POST, managers_page, put
from anxin.service.managers.services import packages, staff

CUSTODY = "refresh-custody"
PACKAGE = "refresh-package"


@managers_page("managers.packages")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.custodian_of(actor, ref)
    context: dict[str, Any] = {
        "found": found, "ref": found.ref,
        "assistants": [(one, _(data.LINES.get(one.line, one.line))) for one in found.assistants],
        "may_assist": customers.reaches(actor, found.party_id, "managers.assist", known="managers.packages"),
        "may_assign": customers.reaches(actor, found.party_id, "customers.assign", known="managers.packages"),
        "may_see": actor.may("managers.view") and found.manager_id is not None,
    }  # fmt: skip
    return render(request, "managers/panel.html", context)


@managers_page("managers.packages")
def package(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.package_of(actor, ref, now=clock.now())
    context: dict[str, Any] = {
        "found": found, "may_give": actor.may("managers.give"),
        "items": [(one, _(data.ITEM_CHANNELS[one.channel])) for one in found.items],
        "used": sum(min(one.given, one.times) for one in found.items), "times": sum(one.times for one in found.items),
    }  # fmt: skip
    return render(request, "managers/package.html", context)


@managers_page("managers.assist", methods=BOTH)
def assistant(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    party = customers.get_party(actor, ref, "managers.assist")
    people = list(staff.who_may_assist(actor, party.manager_id).items())
    choices = [(str(key), name) for key, name in people]
    form = forms.AssistantForm(request.POST if request.method == "POST" else None, staff=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            staff.name_assistant(
                actor=actor, now=clock.now(), ref=ref, line=given["line"], user_id=UUID(given["user"]),
                note=given["note"],
            )  # fmt: skip
        except Refused as error:
            put(form, error)
        else:
            return dialogs.done(request, _("The assistant is named."), back=_file(ref), refresh=CUSTODY)
    return dialogs.ask(
        request, form, title=_("Name an assistant"), button=_("Name"), back=_file(ref),
        hint=_("One for each line of business. Whoever helped with it before does no more."),
    )  # fmt: skip


@managers_page("managers.assist", methods=POST)
def end_assistance(request: HttpRequest, ref: str, item: UUID) -> HttpResponse:
    staff.end_assistance(actor=actor_of(request), now=clock.now(), ref=ref, item=item)
    return dialogs.done(request, _("The assistance has ended."), back=_file(ref), refresh=CUSTODY)


@managers_page("managers.give", methods=BOTH)
def give(request: HttpRequest, ref: str) -> HttpResponse:
    """Mark a service item as given."""
    actor, now = actor_of(request), clock.now()
    customers.get_party(actor, ref, "managers.give")
    choices = [(item.code, name) for item, name in queries.items(on=rules.day_of(now))]
    initial = {"given_on": clock.today(), "item": request.GET.get("item", "")}
    form = forms.GiveForm(request.POST if request.method == "POST" else None, items=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            packages.give(actor=actor, now=now, ref=ref, **form.cleaned_data)
        except Refused as error:
            put(form, error)
        else:
            return dialogs.done(request, _("The service is recorded."), back=_file(ref), refresh=PACKAGE)
    return dialogs.ask(
        request, form, title=_("Record service given"), button=_("Record"), back=_file(ref),
        hint=_("Also what the class does not get: it counts against the budget of service."),
    )  # fmt: skip


@managers_page("managers.give", methods=POST)
def take_back(request: HttpRequest, item: UUID) -> HttpResponse:
    ref = packages.take_back(actor=actor_of(request), now=clock.now(), given_id=item)
    return dialogs.done(request, _("The record is taken back."), back=_file(ref), refresh=PACKAGE)


def _file(ref: str) -> str:
    return reverse("customers:file", args=[ref])
