"""Merges of one customer: the panel, separating again with its preview, and merging by hand."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from anxin.book.customers.data import CustomerNotFound
from anxin.book.matching import forms
from anxin.book.matching.data import MergeView, Origin
from anxin.book.matching.pages import words
from anxin.book.matching.queries import history
from anxin.book.matching.services import merging, separating
from anxin.book.matching.services.merging import CannotMerge
from anxin.book.matching.services.separating import CannotSeparate
from anxin.kernel import clock
from anxin.kernel.web import answers
from anxin.kernel.web.pages import actor_of, page

BOTH: Final = ("GET", "HEAD", "POST")


@page("matching.review")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """The panel of the customer page."""
    actor = actor_of(request)
    try:
        rows = history.of_customer(actor, ref)
        why = history.why_values(actor, ref)
    except CustomerNotFound as error:
        raise Http404 from error
    context = {
        "ref": ref,
        "rows": [_shown(row) for row in rows],
        "why": [
            {
                "field": words.FIELDS.get(name.removeprefix("custom:"), name.removeprefix("custom:")),
                "rule": words.RULES.get(rule, rule), "source": source, "day": day, "is_verified": is_verified,
            }
            for name, rule, source, day, is_verified in why
        ],
        "may_merge": actor.may("matching.merge"),
    }  # fmt: skip
    return render(request, "matching/panel.html", context)


@page("matching.merge", methods=BOTH)
def separate(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Ask with a preview of what goes where, then separate."""
    actor = actor_of(request)
    try:
        row = history.get_merge(actor, merge_id)
        going = history.going(actor, merge_id)
    except history.MergeNotFound as error:
        raise Http404 from error
    form = forms.SeparateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ref = separating.unmerge(
                actor=actor, now=clock.now(), merge_id=merge_id, reason=form.cleaned_data["reason"]
            )
        except CannotSeparate as error:
            form.add_error(None, gettext(str(error)))
        else:
            if not request.headers.get("HX-Request"):
                return redirect("customers:file", ref)
            text = gettext("Separated: %(ref)s stands for itself again.") % {"ref": ref}
            response = answers.close_dialog(answers.toast(HttpResponse(status=204), text))
            return answers.trigger(answers.trigger(response, "refresh-merges", {}), "refresh-timeline", {})
    context: dict[str, Any] = {
        **_shown(row), "going": going, "form": form, "url": request.get_full_path(),
        "values": [
            (words.FIELDS.get(name.removeprefix("custom:"), name), now, after) for name, now, after in going.values
        ],
    }  # fmt: skip
    is_part = bool(request.headers.get("HX-Request"))
    template = "matching/separate.html" if is_part else "matching/separate_page.html"
    return render(request, template, context, status=422 if form.errors else 200)


@page("matching.merge", methods=BOTH)
def merge(request: HttpRequest, ref: str) -> HttpResponse:
    """Merge another file into this one, by its number."""
    actor = actor_of(request)
    form = forms.MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            merging.merge(
                actor=actor, now=clock.now(), survivor_ref=ref, loser_ref=given["other"], reason=given["reason"]
            )
        except CustomerNotFound:
            form.add_error("other", gettext("There is no such customer within your reach."))
        except CannotMerge as error:
            form.add_error("other", gettext(str(error)))
        else:
            if not request.headers.get("HX-Request"):
                return redirect("customers:file", ref)
            response = answers.close_dialog(answers.toast(HttpResponse(status=204), gettext("Merged.")))
            return answers.trigger(answers.trigger(response, "refresh-merges", {}), "refresh-timeline", {})
    is_part = bool(request.headers.get("HX-Request"))
    template = "matching/merge.html" if is_part else "matching/merge_page.html"
    context = {"form": form, "ref": ref, "url": request.get_full_path()}
    return render(request, template, context, status=422 if form.errors else 200)


def _shown(row: MergeView) -> dict[str, Any]:
    return {
        "row": row,
        "origin": words.ORIGINS[row.origin],
        "reason": gettext(row.reason) if row.origin is Origin.AUTOMATIC and row.reason else row.reason,
        "counts": [(gettext(label), number) for label, number in row.counts],
    }
