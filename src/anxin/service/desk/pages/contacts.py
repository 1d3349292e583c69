"""The panel of contacts in the customer's file, and the dialog that records one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms, queries, services


@page("desk.view")
def touchpoints(request: HttpRequest, ref: str) -> HttpResponse:
    try:
        found = queries.touchpoints_of(actor_of(request), ref, limit=30)
    except CustomerNotFound as error:
        raise Http404 from error
    rows = [
        (one, *_channel(one.channel), _(data.RESULTS[one.result]) if one.result in data.RESULTS else one.result)
        for one in found
    ]
    context = {"rows": rows, "ref": ref, "may_record": actor_of(request).may("desk.record")}
    return render(request, "desk/panels/touchpoints.html", context)


@page("desk.record", methods=("GET", "HEAD", "POST"))
def record(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    try:
        queries.check_reach(actor, ref, "desk.record")
        form = forms.TouchpointForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                services.record_touchpoint(actor=actor, now=clock.now(), ref=ref, **form.cleaned_data)
            except Rejected as error:
                form.add_error(error.field if error.field in form.fields else None, _(str(error)))
            else:
                return dialogs.done(
                    request, _("The contact is recorded."), back=_file(ref),
                    refresh="refresh-timeline refresh-contacts-had",
                )  # fmt: skip
    except CustomerNotFound as error:
        raise Http404 from error
    return dialogs.ask(request, form, title=_("Record a contact"), button=_("Record"), back=_file(ref))


def _file(ref: str) -> str:
    return reverse("customers:file", args=[ref])


def _channel(code: str) -> tuple[str, str]:
    word, icon = data.CHANNELS.get(code, (code, "message-2"))
    return _(word), icon
