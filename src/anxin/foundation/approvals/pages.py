"""To approve: what waits for me, what I asked for, what was decided; and one request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.foundation.approvals import forms, queries, services
from anxin.foundation.approvals.data import OwnRequest, ReasonMissing, RequestNotFound, RequestView, State
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column, Listing, key

STATES = {
    State.PENDING: (_("Waiting for a decision"), "warn"),
    State.APPROVED: (pgettext_lazy("approval", "Approved"), "ok"),
    State.REJECTED: (pgettext_lazy("approval", "Refused"), "danger"),
    State.WITHDRAWN: (pgettext_lazy("approval", "Withdrawn"), ""),
    State.EXPIRED: (pgettext_lazy("approval", "Expired"), ""),
}
SHOWS = {"": _("To approve"), "mine": _("Asked by me"), "done": _("Decided")}
LISTING = Listing(
    code="approvals",
    orders={"asked": (key("asked_at"), key("id")), "-asked": (key("-asked_at"), key("-id"))},
    default="-asked",
    columns=(
        Column(code="kind", label=_("Kind")),
        Column(code="what", label=_("What is asked for"), flexible=True),
        Column(code="subject", label=_("Subject")),
        Column(code="by", label=_("Asked by")),
        Column(code="asked", label=_("Asked at"), kind="date"),
        Column(code="until", label=_("Decide before"), kind="date"),
        Column(code="state", label=_("Status")),
    ),
)


@page("approvals.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    show = request.GET.get("show", "")
    if show not in SHOWS:
        raise Http404
    rows = {"": queries.list_waiting(actor, now=now), "mine": queries.list_mine(actor)}.get(show)
    if rows is None:
        rows = queries.list_decided(actor)
    # Who waits longest comes first; of what is over, the newest.
    found = LISTING.first_page_if_bad(rows, sort="-asked" if show else "asked", cursor=request.GET.get("cursor", ""))
    context = {
        "page": found, "show": show, "shows": SHOWS.items(), "columns": LISTING.columns,
        "rows": [_shown(queries.view(row, actor, now=now)) for row in found.rows],
        "waiting": queries.count_waiting(actor, now=now),
    }  # fmt: skip
    return render(request, "approvals/list.html", context)


@page("approvals.view", methods=("GET", "HEAD", "POST"))
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request; a POST with `do` decides it or takes it back."""
    actor, now = actor_of(request), clock.now()
    try:
        seen = queries.get_request(actor, request_id, now=now)
    except RequestNotFound as error:
        raise Http404 from error
    form = forms.DecisionForm(request.POST if request.method == "POST" else None, initial={"version": seen.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        action = request.POST.get("do", "")
        try:
            if action == "withdraw":
                services.withdraw(actor=actor, now=now, request_id=request_id, version=given["version"])
            elif action in ("approve", "reject"):
                decide = services.approve if action == "approve" else services.reject
                decide(actor=actor, now=now, request_id=request_id, version=given["version"], note=given["note"])
            else:
                raise Http404
        except OwnRequest:
            form.add_error(None, gettext("Whoever asks does not decide."))
        except ReasonMissing:
            form.add_error("note", gettext("Say why it is refused."))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("approvals:list")
    context: dict[str, Any] = {
        **_shown(seen), "form": form,
        "crumbs": [("/approvals/", gettext("Approvals")), ("", pgettext("approval", "Request"))], "nav": "approvals",
    }  # fmt: skip
    return render(request, "approvals/request.html", context, status=422 if form.errors else 200)


def _shown(seen: RequestView) -> dict[str, Any]:
    kind = queries.kind_of(seen.kind)
    word, level = STATES[seen.state]
    return {
        "one": seen, "kind": gettext(kind.label) if kind else seen.kind, "state": word, "level": level,
        "summary": gettext(seen.summary) % {name: _said(value) for name, value in seen.summary_values.items()},
        "url": kind.page(seen) if kind and kind.page else "",
    }  # fmt: skip


def _said(value: str | int) -> str:
    return gettext(value) if isinstance(value, str) and value else str(value)
