"""The register of personal data."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.privacy import forms, queries, services
from anxin.kernel import clock
from anxin.kernel.personal import Kind, Protection
from anxin.kernel.web.pages import actor_of, page

KINDS = {
    Kind.NOT_PERSONAL: _("Not personal"),
    Kind.NAME: _("Name"),
    Kind.DOCUMENT: _("ID document"),
    Kind.MOBILE: _("Mobile phone"),
    Kind.PHONE: _("Phone"),
    Kind.EMAIL: _("E-mail"),
    Kind.BANK_ACCOUNT: _("Bank account"),
    Kind.PLATE: _("Number plate"),
    Kind.VEHICLE: _("Vehicle"),
    Kind.ADDRESS: _("Address"),
    Kind.BIRTH_DATE: _("Birth date"),
    Kind.OCCUPATION: _("Occupation"),
    Kind.FINANCE: _("Finances"),
    Kind.FAMILY: _("Family"),
    Kind.HEALTH: _("Health"),
    Kind.FREE_TEXT: _("Free text"),
    Kind.CREDENTIAL: _("Credential"),
}
PROTECTIONS = {
    Protection.PLAIN: (_("Readable"), ""),
    Protection.ENCRYPTED: (_("Encrypted"), "ok"),
    Protection.BLIND_INDEX: (_("Blind index"), "ok"),
    Protection.HASHED: (_("Hashed"), "ok"),
}
# The purpose most columns have; rooms may name others in English, marked for translation.
_("insurance contract and customer service")


@page("privacy.view")
def register_page(request: HttpRequest) -> HttpResponse:
    kind, with_all = request.GET.get("kind", ""), request.GET.get("all") == "1"
    lines = queries.register(with_all=with_all)
    counts = Counter(str(line.entry.kind) for line in lines)
    shown = [line for line in lines if not kind or line.entry.kind == kind]
    rows = [
        {
            "line": line,
            "kind": KINDS[line.entry.kind],
            "protection": PROTECTIONS[line.entry.protection],
            "purpose": gettext(line.entry.purpose) if line.entry.purpose else "",
        }
        for line in shown
    ]
    kinds = [{"value": str(one), "label": label, "count": counts[one]} for one, label in KINDS.items() if counts[one]]
    context = {"rows": rows, "kinds": kinds, "kind": kind, "with_all": with_all}
    return render(request, "privacy/register.html", context)


@page("privacy.view")
def notices_page(request: HttpRequest) -> HttpResponse:
    """Privacy notices, every version."""
    actor = actor_of(request)
    context = {"rows": queries.list_notices(actor), "may_edit": actor.may("privacy.edit"), "nav": "impact"}
    return render(request, "privacy/notices.html", context)


@page("privacy.edit", methods=("GET", "HEAD", "POST"))
def publish_page(request: HttpRequest) -> HttpResponse:
    form = forms.NoticeForm(
        request.POST if request.method == "POST" else None, initial={"effective_from": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        services.publish_notice(actor=actor_of(request), now=clock.now(), **form.cleaned_data)
        return redirect("privacy:notices")
    return _form(request, form, gettext("Publish a privacy notice"), "privacy:notices")


@page("privacy.view")
def activities_page(request: HttpRequest) -> HttpResponse:
    """The register of processing activities with their impact assessments."""
    actor = actor_of(request)
    rows = queries.list_activities(actor, today=clock.today())
    context = {
        "rows": [
            (row, forms.BASES[row.legal_basis], latest, forms.RISKS[latest.risk] if latest else "", is_wanting)
            for row, latest, is_wanting in rows
        ],
        "may_edit": actor.may("privacy.edit"), "wanting": sum(is_wanting for _row, _latest, is_wanting in rows),
    }  # fmt: skip
    return render(request, "privacy/activities.html", context)


@page("privacy.edit", methods=("GET", "HEAD", "POST"))
def activity_page(request: HttpRequest, activity_id: UUID | None = None) -> HttpResponse:
    """A new activity, or one to be changed."""
    actor = actor_of(request)
    row = queries.find_activity(actor, activity_id) if activity_id else None
    if activity_id and row is None:
        raise Http404
    initial = {name: getattr(row, name) for name in forms.ActivityForm.base_fields} if row else {"is_active": True}
    form = forms.ActivityForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version") or 0
        services.save_activity(actor=actor, now=clock.now(), values=values, activity_id=activity_id, version=version)
        return redirect("privacy:activities")
    return _form(request, form, gettext("Processing activity"), "privacy:activities")


@page("privacy.edit", methods=("GET", "HEAD", "POST"))
def assess_page(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Write an impact assessment down."""
    actor = actor_of(request)
    row = queries.find_activity(actor, activity_id)
    if row is None:
        raise Http404
    form = forms.AssessmentForm(
        request.POST if request.method == "POST" else None, initial={"assessed_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        services.assess(actor=actor, now=clock.now(), activity_id=activity_id, values=form.cleaned_data)
        return redirect("privacy:assessments", activity_id)
    return _form(request, form, f"{gettext('Impact assessment')}: {row.name}", "privacy:activities")


@page("privacy.view")
def assessments_page(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Every assessment of an activity, the newest first."""
    actor = actor_of(request)
    row = queries.find_activity(actor, activity_id)
    if row is None:
        raise Http404
    found = sorted(row.assessments.all(), key=lambda one: (one.assessed_on, one.pk), reverse=True)
    context = {
        "activity": row, "rows": [(one, forms.RISKS[one.risk]) for one in found],
        "may_edit": actor.may("privacy.edit"), "nav": "impact",
        "crumbs": [("/privacy/activities/", gettext("Impact assessments")), ("", row.name)],
    }  # fmt: skip
    return render(request, "privacy/assessments.html", context)


@page("privacy.view")
def breaches_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {"rows": queries.list_breaches(actor)[:200], "may_edit": actor.may("privacy.edit"), "nav": "impact"}
    return render(request, "privacy/breaches.html", context)


@page("privacy.edit", methods=("GET", "HEAD", "POST"))
def breach_page(request: HttpRequest, breach_id: UUID | None = None) -> HttpResponse:
    """A new breach, or one to go on with."""
    actor = actor_of(request)
    row = queries.list_breaches(actor).filter(pk=breach_id).first() if breach_id else None
    if breach_id and row is None:
        raise Http404
    initial = {name: getattr(row, name) for name in forms.BreachForm.base_fields} if row else {}
    form = forms.BreachForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version") or 0
        services.save_breach(actor=actor, now=clock.now(), values=values, breach_id=breach_id, version=version)
        return redirect("privacy:breaches")
    return _form(request, form, gettext("Breach of personal data"), "privacy:breaches")


def _form(request: HttpRequest, form: Form, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse(back), "nav": "impact"}
    return render(request, "privacy/form.html", context, status=422 if form.errors else 200)
