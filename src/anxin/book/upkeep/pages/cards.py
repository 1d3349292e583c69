"""Customer cards: sent to be filled in, decided on, printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from anxin.book.upkeep import data, forms, queries, services
from anxin.book.upkeep.data import UpkeepRejected
from anxin.book.upkeep.pages import sheets
from anxin.book.upkeep.pages.edge import BOTH, file_of, upkeep_page
from anxin.book.upkeep.queries.answers import word_of
from anxin.book.upkeep.services import printing
from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of

FORMS = ("customer", "key-account")


@upkeep_page("upkeep.invite", methods=BOTH)
def invite(request: HttpRequest, ref: str) -> HttpResponse:
    """Make a link; it is shown once, to be handed on."""
    queries.links_of(actor_of(request), ref, now=clock.now())
    form = forms.LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            token = services.make_link(
                actor=actor_of(request), now=clock.now(), ref=ref, language=form.cleaned_data["language"],
                days=form.cleaned_data["days"],
            )  # fmt: skip
        except UpkeepRejected as error:
            form.add_error(None, _(str(error)))
        else:
            address = request.build_absolute_uri(reverse("upkeep:fill", args=[token]))
            response = render(
                request, "upkeep/link.html", {"address": address, "ref": ref, "days": form.cleaned_data["days"]}
            )
            response["Cache-Control"] = "no-store"
            return response
    return dialogs.ask(
        request, form, title=_("Let the customer fill in a card"), button=_("Make the link"), back=file_of(ref),
        hint=_("The link takes one answer, without sign-in, and shows only the surname. Earlier links end."),
    )  # fmt: skip


@upkeep_page("upkeep.invite", methods=("POST",))
def revoke(request: HttpRequest, link_id: UUID) -> HttpResponse:
    services.revoke(actor=actor_of(request), now=clock.now(), link_id=link_id)
    ref = request.POST.get("ref", "")
    back = file_of(ref) if ref else reverse("customers:list")
    return dialogs.done(request, _("The link is revoked."), back=back, refresh="refresh-cards")


@upkeep_page("upkeep.invite", methods=BOTH)
def answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """What a customer filled in beside what the file says; taken over or refused value by value."""
    actor = actor_of(request)
    found = queries.get_answer(actor, answer_id, today=clock.today())
    problem = ""
    if request.method == "POST":
        try:
            services.decide(
                actor=actor, now=clock.now(), answer_id=answer_id, version=_number(request.POST.get("version", "")),
                taken=[name for name in data.CARD_FIELDS if request.POST.get(name) == "take"],
            )  # fmt: skip
        except UpkeepRejected as error:
            problem = _(str(error))
        else:
            return redirect("customers:file", found.ref)
    context: dict[str, Any] = {
        "found": found, "problem": problem,
        "fields": [
            (one, _(data.CARD_LABELS[one.name]), _(word_of(one.name, one.said)), _(word_of(one.name, one.now)))
            for one in found.fields
        ],
        "crumbs": [(reverse("upkeep:answers"), _("Cards to decide on")), ("", found.name)],
    }  # fmt: skip
    return render(request, "upkeep/answer.html", context, status=422 if problem else 200)


@upkeep_page("upkeep.card")
def choose(request: HttpRequest, ref: str) -> HttpResponse:
    """A dialog: which card, printed or as a file."""
    sheets.check(actor_of(request), ref)
    return render(request, "upkeep/choose.html", {"ref": ref})


@upkeep_page("upkeep.card")
def show(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """The card for printing."""
    if form not in FORMS:
        raise Http404
    actor, now = actor_of(request), clock.now()
    sheet = sheets.sheet(actor, ref, form, now=now)
    services.record_card(actor=actor, now=now, ref=ref, form=form, is_file=False)
    return render(request, "upkeep/card.html", {"sheet": sheet, "ref": ref, "form": form, "now": now})


@upkeep_page("upkeep.card")
def pdf(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    actor, now = actor_of(request), clock.now()
    sheet = sheets.sheet(actor, ref, form, now=now)
    services.record_card(actor=actor, now=now, ref=ref, form=form, is_file=True)
    response = HttpResponse(printing.as_pdf(sheet), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{sheet.title}-{ref}.pdf") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 9 else 0
