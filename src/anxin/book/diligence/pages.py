"""Due diligence: the panel on the customer page, the review, the list of what is due."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.data import CustomerNotFound
from anxin.book.diligence import data, forms, queries, services
from anxin.book.diligence.data import Rejected
from anxin.kernel import clock
from anxin.kernel.web import dialogs, pages
from anxin.kernel.web.pages import actor_of
from anxin.kernel.web.tables import Column, Listing, key

LEVELS = {"high": "danger", "medium": "warn", "low": "ok"}
LISTING = Listing(
    code="diligence",
    orders={"due": (key("next_review_date"), key("id"))},
    default="due",
    columns=(
        Column(code="customer", label=_("Customer"), flexible=True),
        Column(code="risk", label=_("Grade of risk")),
        Column(code="verification", label=_("Verification")),
        Column(code="licence", label=_("Licence valid until"), kind="date"),
        Column(code="due", label=_("Next review"), kind="date"),
    ),
)


# 404 for a customer who is not there or out of reach.
diligence_page = partial(pages.page, missing=(CustomerNotFound,))


@diligence_page("diligence.view")
def list_page(request: HttpRequest) -> HttpResponse:
    risk = request.GET.get("risk", "")
    if risk and risk not in data.RISKS:
        raise Http404
    rows = queries.list_due(actor_of(request), until=clock.today() + timedelta(days=30), risk=risk)
    found = LISTING.first_page_if_bad(rows, cursor=request.GET.get("cursor", ""))
    context = {
        "page": found, "columns": LISTING.columns, "today": clock.today(), "risk": risk,
        "risks": [("", _("All grades")), *((code, gettext(word)) for code, word in data.RISKS.items())],
        "rows": [
            (row, gettext(data.RISKS[row.risk]), LEVELS[row.risk], gettext(data.VERIFICATIONS[row.verification]))
            for row in found.rows
        ],
    }  # fmt: skip
    return render(request, "diligence/list.html", context)


@diligence_page("diligence.view")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.load(actor, ref, today=clock.today())
    context = {
        "one": found, "ref": ref, "may_edit": actor.may("diligence.edit"), "today": clock.today(),
        "missing": [gettext(data.ELEMENTS[code]) for code in found.missing],
        "have": found.total - len(found.missing), "level": LEVELS.get(found.risk, ""),
        "risk": gettext(data.RISKS[found.risk]) if found.risk else "",
        "verification": gettext(data.VERIFICATIONS[found.verification]),
        "people": [(person, gettext(data.ROLES.get(person.role, person.role))) for person in found.people],
    }  # fmt: skip
    return render(request, "diligence/panel.html", context)


@diligence_page("diligence.edit", methods=("GET", "HEAD", "POST"))
def review(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.load(actor, ref, today=clock.today(), permission="diligence.edit")
    start = {name: getattr(found, name) for name in (
        "version", "risk", "risk_reason", "is_pep", "pep_note", "source_of_funds", "use_of_funds", "verification",
        "business_scope", "licence_no", "licence_until",
    )}  # fmt: skip
    form = forms.ReviewForm(
        request.POST if request.method == "POST" else None, initial={**start, "risk": found.risk or "low"},
        is_person=found.is_person,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            services.review(actor=actor, now=clock.now(), ref=ref, version=given.pop("version"), values=given)
        except Rejected as error:
            form.add_error(error.field if error.field in form.fields else None, gettext(str(error)))
        else:
            return _done(request, ref)
    return _ask(request, form, gettext("Review the due diligence"), ref)


@diligence_page("diligence.edit", methods=("GET", "HEAD", "POST"))
def add_person(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    queries.load(actor, ref, today=clock.today(), permission="diligence.edit")
    form = forms.PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_person(actor=actor, now=clock.now(), ref=ref, **form.cleaned_data)
        except Rejected as error:
            form.add_error(error.field if error.field in form.fields else None, gettext(str(error)))
        else:
            return _done(request, ref)
    return _ask(request, form, gettext("Name a person behind the customer"), ref)


@diligence_page("diligence.edit", methods=("POST",))
def remove_person(request: HttpRequest, ref: str, item: UUID) -> HttpResponse:
    services.remove_person(actor=actor_of(request), now=clock.now(), ref=ref, item=item)
    return _done(request, ref)


def _ask(request: HttpRequest, form: Any, title: str, ref: str) -> HttpResponse:
    return dialogs.ask(request, form, title=title, button=gettext("Save"), back=reverse("customers:file", args=[ref]))


def _done(request: HttpRequest, ref: str) -> HttpResponse:
    back = reverse("customers:file", args=[ref])
    return dialogs.done(request, gettext("Saved."), back=back, refresh="refresh-diligence")
