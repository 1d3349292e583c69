"""Panels of the customer page: quality with its reasons, changes with their causes, cards; and what is done there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anxin.book.customers import data as customer_data
from anxin.book.customers.queries import changes as history
from anxin.book.upkeep import access, data, forms, queries, services
from anxin.book.upkeep.data import Judgement, UpkeepRejected
from anxin.book.upkeep.pages.edge import BOTH, file_of, upkeep_page
from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of

REFRESH = "refresh-quality"


def reasons_of(found: Judgement) -> list[tuple[str, int, str]]:
    """Sentence, points off, code of each finding."""
    return [
        (
            _(data.TOLD[code]) % {"detail": detail} if detail and code in data.TOLD else _(data.PROBLEMS[code]),
            minus,
            code,
        )
        for code, minus, detail in found.reasons
    ]


@upkeep_page("upkeep.view")
def quality(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.judgement_of(actor, ref, today=clock.today())
    confirmed = queries.last_confirmed(actor, ref)
    corrections = [(row, word_of(row.code)) for row in queries.corrections_of(actor, ref)]
    context: dict[str, Any] = {
        "ref": ref, "found": found, "reasons": reasons_of(found),
        "missing": [_(data.ITEMS[item]) for item in found.missing if item in data.ITEMS],
        "corrections": [one for one in corrections if one[0].state == "open"],
        "settled": [one for one in corrections if one[0].state != "open"][:5], "may": actor.may("upkeep.correct"),
        "confirmed": confirmed, "means": _(data.MEANS[confirmed[1]]) if confirmed else "",
    }  # fmt: skip
    return render(request, "upkeep/panel.html", context)


def word_of(code: str) -> str:
    return _(data.PROBLEMS[code]) if code in data.PROBLEMS else _(data.ITEMS[code]) if code in data.ITEMS else code


@upkeep_page("upkeep.view")
def changes(request: HttpRequest, ref: str) -> HttpResponse:
    rows = [
        {"one": one, "field": _(customer_data.FIELD_LABELS[one.field]), "before": _value(one.field, one.before),
         "after": _value(one.field, one.after),
         "cause": _(customer_data.CHANGE_CAUSES[one.cause]) if one.cause in customer_data.CHANGE_CAUSES else ""}
        for one in history.changes_of(actor_of(request), ref)
    ]  # fmt: skip
    return render(request, "upkeep/changes.html", {"rows": rows})


def _value(field: str, value: str) -> str:
    words = customer_data.CHOICES.get(field, {})
    return _(words[value]) if value in words else value


@upkeep_page("upkeep.invite")
def cards(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "ref": ref, "links": queries.links_of(actor, ref, now=clock.now()), "answers": queries.answers_of(actor, ref),
    }  # fmt: skip
    return render(request, "upkeep/cards.html", context)


@upkeep_page("upkeep.correct", methods=BOTH)
def correct(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for a finding to be put right."""
    found = queries.judgement_of(actor_of(request), ref, today=clock.today())
    codes = {code: data.PROBLEMS[code] for code, _minus, _detail in found.reasons}
    codes |= {item: data.ITEMS[item] for item in found.missing if item in data.ITEMS}
    form = forms.CorrectionForm(request.POST if request.method == "POST" else None, codes=codes or data.PROBLEMS)
    if request.method == "POST" and form.is_valid():
        try:
            services.open_correction(
                actor=actor_of(request), now=clock.now(), ref=ref, code=form.cleaned_data["code"],
                note=form.cleaned_data["note"],
            )  # fmt: skip
        except UpkeepRejected as error:
            form.add_error(None, _(str(error)))
        else:
            return dialogs.done(request, _("The correction is asked for."), back=file_of(ref), refresh=REFRESH)
    return dialogs.ask(
        request, form, title=_("Ask for a correction"), button=_("Ask"), back=file_of(ref),
        hint=_("The customer's manager finds it on the work list."),
    )  # fmt: skip


@upkeep_page("upkeep.correct", methods=BOTH)
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    """The file was gone through with the customer."""
    queries.last_confirmed(actor_of(request), ref)
    form = forms.ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.confirm(actor=actor_of(request), now=clock.now(), ref=ref, means=form.cleaned_data["means"])
        return dialogs.done(request, _("Confirmed as of today."), back=file_of(ref), refresh=REFRESH)
    return dialogs.ask(
        request, form, title=_("Confirm the file"), button=_("Confirm"), back=file_of(ref),
        hint=_("Only after going through phone, address and occupation with the customer."),
    )  # fmt: skip


@upkeep_page("upkeep.correct", methods=BOTH)
def resolve(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    row = access.get_correction(actor_of(request), correction_id)
    form = forms.OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.resolve(
            actor=actor_of(request), now=clock.now(), correction_id=correction_id,
            outcome=form.cleaned_data["outcome"],
        )  # fmt: skip
        return dialogs.done(
            request, _("Put right; the file was judged anew."), back=file_of(row.party.ref), refresh=REFRESH
        )
    return dialogs.ask(request, form, title=word_of(row.code), button=_("Put right"), back=file_of(row.party.ref))


@upkeep_page("upkeep.correct", methods=BOTH)
def dismiss(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    row = access.get_correction(actor_of(request), correction_id)
    form = forms.DismissForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.dismiss(
            actor=actor_of(request), now=clock.now(), correction_id=correction_id,
            outcome=form.cleaned_data["outcome"],
        )  # fmt: skip
        return dialogs.done(request, _("Closed without a correction."), back=file_of(row.party.ref), refresh=REFRESH)
    return dialogs.ask(
        request, form, title=word_of(row.code), button=_("Nothing to correct"), back=file_of(row.party.ref)
    )
