"""Restricted files, what is due, certificates, and the panel on the customer page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.book.rights import data, forms, queries, services
from anxin.book.rights.data import Rejected, RequestNotFound
from anxin.book.rights.pages.desk import ask_for_erasure, crumbs, put, rights_page, shown, shown_verdict
from anxin.book.rights.services.archives import tables
from anxin.foundation.documents import services as documents
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of
from anxin.kernel.web.tables import Column, Listing, key

RESTRICTED = Listing(
    code="rights.restricted",
    orders={"-from": (key("-from_at"), key("-id"))},
    default="-from",
    columns=(
        Column(code="ref", label=_("Customer number")),
        Column(code="ground", label=_("Ground"), flexible=True),
        Column(code="from", label=pgettext_lazy("rights", "Since"), kind="date"),
        Column(code="by", label=_("By")),
        Column(code="do", label=_("Action"), kind="actions"),
    ),
)
DUE = Listing(
    code="rights.due",
    orders={"due": (key("due_date"), key("party_id"))},
    default="due",
    columns=(
        Column(code="ref", label=_("Customer number")),
        Column(code="ground", label=_("Last ground"), flexible=True),
        Column(code="due", label=_("Over since"), kind="date"),
        Column(code="do", label=_("Action"), kind="actions"),
    ),
)
CERTIFICATES = Listing(
    code="rights.certificates",
    orders={"-at": (key("-erased_at"), key("-id"))},
    default="-at",
    columns=(
        Column(code="ref", label=_("Certificate no.")),
        Column(code="customer", label=_("Customer number")),
        Column(code="asked", label=_("Asked by")),
        Column(code="approved", label=_("Approved by"), flexible=True),
        Column(code="at", label=_("Erased on"), kind="date"),
        Column(code="do", label=_("Action"), kind="actions"),
    ),
)


@rights_page("rights.restricted")
def restricted_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = RESTRICTED.first_page_if_bad(queries.list_restricted(actor), cursor=request.GET.get("cursor", ""))
    rows = [(row, gettext(data.RESTRICTION_GROUNDS.get(row.ground, row.ground))) for row in found.rows]
    context = {"page": found, "rows": rows, "columns": RESTRICTED.columns, "may_lift": actor.may("rights.handle")}
    return render(request, "rights/restricted.html", {**context, "crumbs": crumbs(gettext("Restricted files"))})


@rights_page("rights.restricted", methods=("GET", "HEAD", "POST"))
def read_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for the reason; then show what is stored, once, recorded."""
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    shown_tables: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            found = services.read_restricted(actor=actor_of(request), now=clock.now(), ref=ref, **form.cleaned_data)
        except Rejected as error:
            put(form, error)
        else:
            shown_tables = tables(one for _room, one in found if one.rows)
    context = {"form": form, "tables": shown_tables, "ref": ref, "nav": "rights", "crumbs": crumbs(ref)}
    response = render(request, "rights/read.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@rights_page("rights.handle", methods=("POST",))
def lift_page(request: HttpRequest, ref: str) -> HttpResponse:
    try:
        services.lift_restriction(
            actor=actor_of(request), now=clock.now(), ref=ref, reason=request.POST.get("reason", "")
        )
    except Rejected as error:
        messages.error(request, gettext(str(error)))
    else:
        messages.success(request, gettext("The file is back in everyday work."))
    return redirect("rights:restricted" if actor_of(request).may("rights.restricted") else "rights:list")


@rights_page("rights.view")
def due_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = DUE.first_page_if_bad(queries.list_due(actor), cursor=request.GET.get("cursor", ""))
    rows = [(row, gettext(data.HOLD_GROUNDS.get(row.ground, row.ground))) for row in found.rows]
    context = {"page": found, "rows": rows, "columns": DUE.columns, "may_handle": actor.may("rights.handle")}
    return render(request, "rights/due.html", {**context, "crumbs": crumbs(gettext("Retention over"))})


@rights_page("rights.handle", methods=("POST",))
def ask_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for the erasure of a file whose retention is over."""
    ask_for_erasure(request, ref, None)
    return redirect("rights:due")


@rights_page("rights.view")
def certificates_page(request: HttpRequest) -> HttpResponse:
    found = CERTIFICATES.first_page_if_bad(
        queries.list_certificates(actor_of(request)), cursor=request.GET.get("cursor", "")
    )
    actor = actor_of(request)
    known = queries.still_recognised(found.rows) if actor.may("rights.handle") else set()
    rows = [(row, row.party_id in known) for row in found.rows]
    context = {"page": found, "rows": rows, "columns": CERTIFICATES.columns}
    return render(request, "rights/certificates.html", {**context, "crumbs": crumbs(gettext("Certificates"))})


@rights_page("rights.handle", methods=("POST",))
def readmit_page(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Who was erased is a customer again."""
    try:
        services.readmit(
            actor=actor_of(request), now=clock.now(), certificate_id=certificate_id,
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except Rejected as error:
        messages.error(request, gettext(str(error)))
    else:
        messages.success(request, gettext("The next import takes this person in as a new customer."))
    return redirect("rights:certificates")


@rights_page("rights.view")
def certificate_page(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The certificate as PDF."""
    row = queries.list_certificates(actor_of(request)).filter(pk=certificate_id).first()
    if row is None or row.document_id is None:
        raise RequestNotFound(str(certificate_id))
    with documents.open_document(row.document_id) as source:
        response = HttpResponse(source.read(), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.ref}.pdf"'
    return response


@rights_page("rights.view")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.standing_of(actor, ref, now=clock.now())
    context = {
        "rows": [shown(one) for one in found.requests], "verdict": shown_verdict(found.verdict), "ref": ref,
        "may_receive": actor.may("rights.receive"),
    }  # fmt: skip
    return render(request, "rights/panel.html", context)
