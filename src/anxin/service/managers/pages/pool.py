"""The pool of customers without a manager."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from anxin.kernel import clock
from anxin.kernel.web import answers
from anxin.kernel.web.pages import actor_of
from anxin.kernel.web.tables import Column
from anxin.service.managers import queries, services
from anxin.service.managers.data import Cause, Reason, Refused
from anxin.service.managers.pages.edge import POST, managers_page
from anxin.service.managers.queries import wording

CAUSES = {
    Cause.NEW: (gettext_lazy("New"), "info"),
    Cause.RECYCLED: (gettext_lazy("Returned to the pool"), "warn"),
    Cause.RELEASED: (gettext_lazy("Released"), ""),
}
COLUMNS = (
    Column(code="customer", label=gettext_lazy("Customer")),
    Column(code="premium", label=gettext_lazy("Annual premium"), kind="money"),
    Column(code="unit", label=gettext_lazy("Unit")),
    Column(code="since", label=gettext_lazy("Waits since"), kind="date"),
    Column(code="cause", label=gettext_lazy("How it came here")),
    Column(code="why", label=gettext_lazy("Why nobody has the customer"), flexible=True),
    Column(code="last", label=gettext_lazy("Last manager")),
)


@managers_page("managers.view")
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    cause = request.GET.get("cause", "")
    reason = request.GET.get("reason", "")
    wanted = {"cause": cause if cause in set(Cause) else "", "reason": reason if reason in set(Reason) else ""}
    try:
        page = queries.list_waiting(
            actor, cause=wanted["cause"], reason=wanted["reason"], cursor=request.GET.get("cursor", "")
        )
    except queries.BadCursor:
        page = queries.list_waiting(actor, cause=wanted["cause"], reason=wanted["reason"])
    counts = queries.count_waiting(actor)
    context: dict[str, Any] = {
        "page": page, "columns": COLUMNS, "wanted": wanted,
        "rows": [(row, *CAUSES[row.cause]) for row in page.rows],
        "reasons": [
            {"value": code, "label": wording.text_of(code), "checked": code == wanted["reason"], "count": count}
            for code, count in counts.items() if code
        ],
        "chosen_reason": wording.text_of(wanted["reason"]) if wanted["reason"] else "",
        "causes": [
            {"value": code, "label": word, "checked": code == wanted["cause"]}
            for code, (word, _level) in CAUSES.items()
        ],
        "chosen_cause": CAUSES[Cause(wanted["cause"])][0] if wanted["cause"] else "",
        "keep_reason": _keep(request, "reason"), "keep_cause": _keep(request, "cause"),
        "total": sum(counts.values()),
        "may_claim": actor.may("managers.claim"), "may_allocate": actor.may("managers.allocate"),
        "crumbs": [(reverse("managers:board"), _("Customer managers")), ("", _("Pool"))],
    }  # fmt: skip
    is_part = request.headers.get("HX-Target") == "pool"
    return render(request, "managers/pool_body.html" if is_part else "managers/pool.html", context)


@managers_page("managers.claim", methods=POST)
def claim(request: HttpRequest) -> HttpResponse:
    try:
        taken = services.claim(actor=actor_of(request), now=clock.now(), waiting_ids=_ids(request.POST.getlist("item")))
    except Refused as error:
        return answers.toast(HttpResponse(status=422), _(error.message) % error.values, level="danger")
    text = ngettext("%(count)s customer is yours now.", "%(count)s customers are yours now.", taken) % {"count": taken}
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return answers.toast(response, text, level="ok" if taken else "warn")


def _keep(request: HttpRequest, *without: str) -> list[tuple[str, str]]:
    return [
        (name, value) for name, values in request.GET.lists() if name not in (*without, "cursor") for value in values
    ]


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:500]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
