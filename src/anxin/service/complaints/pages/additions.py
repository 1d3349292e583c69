"""What is added to a complaint: talks, evidence, the responsible, penalties; its papers, its telephone, its drafts."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.documents.services import DocumentDamaged, DocumentNotFound
from anxin.kernel import clock
from anxin.kernel.web.dialogs import ask
from anxin.kernel.web.pages import actor_of
from anxin.service.complaints import forms, services
from anxin.service.complaints.data import Refused
from anxin.service.complaints.pages import case
from anxin.service.complaints.pages.edge import BOTH, POST, complaints_page, put, staff, units
from anxin.service.complaints.queries import opened
from anxin.service.complaints.services import drafts, papers


@complaints_page("complaints.view", methods=POST)
def talk_page(request: HttpRequest, number: str) -> HttpResponse:
    form = forms.TalkForm(request.POST)
    if form.is_valid():
        try:
            services.add_talk(actor=actor_of(request), now=clock.now(), ref=number, **form.facts_told())
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, gettext("Saved."))
            tab = "internal" if form.cleaned_data["kind"] == "internal" else "talks"
            return redirect(f"{reverse('complaints:complaint', args=[number])}?tab={tab}#trail")
    return case.show(request, number, {"talk": form}, status=422)


@complaints_page("complaints.view", methods=POST)
def evidence_page(request: HttpRequest, number: str) -> HttpResponse:
    form = forms.EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.add_evidence(
                actor=actor_of(request), now=clock.now(), ref=number, kind=form.cleaned_data["kind"],
                name=file.name if file else form.cleaned_data["reference"], content=file.read() if file else None,
                reference=form.cleaned_data["reference"],
            )  # fmt: skip
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect(f"{reverse('complaints:complaint', args=[number])}?tab=evidence#trail")
    return case.show(request, number, {"evidence": form}, status=422)


@complaints_page("complaints.review", methods=POST)
def penalty_page(request: HttpRequest, number: str) -> HttpResponse:
    """The penalty of one who is responsible."""
    actor, now = actor_of(request), clock.now()
    seen = opened.open_complaint(actor, number, now=now)
    wanted = request.POST.get("responsibility", "")
    one = next((one for one in seen.responsibilities if str(one.pk) == wanted), None)
    if one is None:
        raise Http404
    form = forms.PenaltyForm(request.POST)
    if form.is_valid():
        try:
            services.set_penalty(
                actor=actor, now=now, responsibility_id=one.pk, penalty=form.cleaned_data["penalty"],
                fen=forms.fen_of(form, "amount"),
            )  # fmt: skip
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("complaints:complaint", number)
    return case.show(request, number, {"penalty": form}, status=422)


@complaints_page("complaints.handle", methods=BOTH)
def responsible_page(request: HttpRequest, number: str) -> HttpResponse:
    """Another unit or person that answers for it."""
    actor = actor_of(request)
    opened.open_complaint(actor, number, now=clock.now())
    form = forms.ResponsibleForm(
        request.POST if request.method == "POST" else None, units=units(actor, "complaints.handle"),
        staff=staff(actor, "complaints.handle"),
    )  # fmt: skip
    back = reverse("complaints:complaint", args=[number])
    if request.method == "POST" and form.is_valid():
        try:
            services.add_responsible(actor=actor, now=clock.now(), ref=number, **form.cleaned_data)
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return _back(request, back)
    return ask(request, form, title=_("Add somebody responsible"), button=_("Add"), back=back)


@complaints_page("complaints.view", methods=BOTH)
def contact_page(request: HttpRequest, number: str) -> HttpResponse:
    """GET asks for the reason; POST notes it and shows the telephone, which hides itself after a minute."""
    actor, now = actor_of(request), clock.now()
    opened.open_complaint(actor, number, now=now)
    form = forms.ContactForm(request.POST if request.method == "POST" else None)
    back = reverse("complaints:complaint", args=[number])
    if request.method == "POST" and form.is_valid():
        try:
            shown = services.show_contact(actor=actor, now=now, ref=number, reason=form.cleaned_data["reason"])
        except Refused as error:
            put(form, error)
        else:
            context = {"value": shown, "label": gettext("Telephone"), "back": back, "seconds": 60}
            response = render(request, "customers/revealed.html", context)
            response["Cache-Control"] = "no-store"
            return response
    return ask(
        request, form, title=_("Show the telephone of the complainant"), button=_("Show"), back=back,
        hint=_("Your name, the time and the reason are recorded."),
    )  # fmt: skip


def _back(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@complaints_page("complaints.view")
def paper_page(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The investigation report, the decision notice or the whole form as PDF."""
    try:
        name, content = services.take_paper(actor=actor_of(request), now=clock.now(), ref=number, kind=kind)
    except Refused as error:
        messages.error(request, gettext(str(error)))
        return redirect("complaints:complaint", number)
    return _file(content, name, "application/pdf")


@complaints_page("complaints.handle", methods=POST)
def preview_page(request: HttpRequest, number: str) -> HttpResponse:
    """The notice as it is typed, as PDF: to be handed over, posted or sent before its delivery is recorded."""
    form = forms.NoticeForm(request.POST)
    try:
        name, content = papers.preview_notice(
            actor=actor_of(request), now=clock.now(), ref=number, finding=request.POST.get("finding", "")[:4000],
            basis=request.POST.get("basis", "")[:4000], remedies=request.POST.get("remedies", "")[:4000],
        )  # fmt: skip
    except Refused as error:
        form.is_valid()
        put(form, error)
        return case.show(request, number, {"notify": form}, status=422)
    return _file(content, name, "application/pdf")


@complaints_page("complaints.view")
def file_page(request: HttpRequest, number: str, evidence_id: str) -> HttpResponse:
    """A file of the evidence, for whoever sees the complaint."""
    try:
        name, content = services.take_file(
            actor=actor_of(request), now=clock.now(), ref=number, evidence_id=evidence_id
        )  # fmt: skip
    except (DocumentNotFound, DocumentDamaged) as error:
        raise Http404 from error
    return _file(content, name, "application/octet-stream")


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"complaint\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response["Cache-Control"] = "no-store"
    return response


@complaints_page("complaints.view", methods=POST)
def draft_page(request: HttpRequest, page: str) -> HttpResponse:
    """Keep what is typed, or throw it away (`drop`); answers with the line that says so."""
    actor, now = actor_of(request), clock.now()
    if request.POST.get("drop"):
        drafts.drop(actor, page[:60])
        number = page.partition(".")[0]
        return redirect("complaints:register") if page == "new" else redirect("complaints:complaint", number)
    told = {
        name: value for name, value in request.POST.items()
        if name not in ("csrfmiddlewaretoken", "do", "version") and isinstance(value, str)
    }  # fmt: skip
    is_kept = drafts.keep(actor=actor, now=now, page=page[:60], fields=told)
    return render(request, "complaints/kept.html", {"at": now if is_kept else None})
