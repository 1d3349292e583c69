"""The panel of contacts in the customer's file, the quick note that records one, and what to take along on a visit."""

from __future__ import annotations

import json
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.foundation.documents.services import DocumentDamaged, DocumentNotFound
from anxin.kernel import clock
from anxin.kernel.web import answers, panels
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Listing, key
from anxin.service.desk import data, forms, queries, services
from anxin.service.desk.pages import words

CONTACTS: Final = Listing(code="contacts", orders={"at": (key("-at"), key("-id"))}, default="at")
PAGE_SIZE: Final = 15
# Parts of the file that go into the pack for a visit: what the customer holds and is asked for, then what happened.
PACKED: Final = ("overview", "policies", "timeline")


@page("desk.view")
def touchpoints(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    channel = request.GET.get("channel", "")[:16]
    try:
        rows = queries.select_touchpoints(actor, ref, channel=channel)
        found = CONTACTS.first_page_if_bad(rows, cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
        used = queries.channels_of(actor, ref)
    except CustomerNotFound as error:
        raise Http404 from error
    context = {
        "rows": [_shown(one) for one in queries.items_of(found.rows)], "page": found, "ref": ref, "channel": channel,
        "channels": [(code, *words.channel(code)) for code in used], "may_record": actor.may("desk.record"),
        "url": reverse("desk:panel-touchpoints", args=[ref]),
    }  # fmt: skip
    part = request.headers.get("HX-Target") == "contacts-had"
    return render(request, "desk/panels/contacts.html" if part else "desk/panels/touchpoints.html", context)


def _shown(one: data.TouchpointItem) -> dict[str, Any]:
    word, icon = words.channel(one.channel)
    return {
        "one": one, "channel": word, "icon": icon, "stage": _(data.STAGES[one.stage]) if one.stage else "",
        "result": _(data.RESULTS[one.result]) if one.result in data.RESULTS else one.result,
    }  # fmt: skip


@page("desk.record", methods=("GET", "HEAD", "POST"))
def record(request: HttpRequest, ref: str) -> HttpResponse:
    """The quick note. `channel` and `direction` in the address are what the page behind it knows."""
    actor, now = actor_of(request), clock.now()
    is_sent = request.method == "POST"
    try:
        queries.check_reach(actor, ref, "desk.record")
        known = {name: request.GET[name] for name in ("channel", "direction") if name in request.GET}
        form = forms.TouchpointForm(request.POST if is_sent else None, initial=known)
        if is_sent and form.is_valid():
            try:
                services.record_touchpoint(actor=actor, now=now, ref=ref, files=_files(request), **form.cleaned_data)
            except Rejected as error:
                form.add_error(error.field if error.field in form.fields else None, _(str(error)))
            else:
                return _recorded(request, ref)
    except CustomerNotFound as error:
        raise Http404 from error
    context = {
        "form": form, "url": request.get_full_path(), "back": _file(ref),
        "templates": [_template(one) for one in queries.note_templates(now)],
    }  # fmt: skip
    template = "desk/note.html" if request.headers.get("HX-Request") else "desk/note_page.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _files(request: HttpRequest) -> list[services.Upload]:
    return [
        services.Upload(name=one.name or "", content=cast(BinaryIO, one.file), size=one.size or 0)
        for one in request.FILES.getlist("files")
    ]


def _template(one: Any) -> dict[str, str]:
    english = words.is_english()
    topic = one.topic_en if english else one.topic_zh
    values = {
        "channel": one.channel, "direction": one.direction, "stage": one.stage, "result": one.result, "topic": topic,
        "summary": one.text_en if english else one.text_zh,
    }  # fmt: skip
    return {"topic": topic, "fill": json.dumps({name: text for name, text in values.items() if text})}


def _recorded(request: HttpRequest, ref: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(_file(ref))
    response = answers.close_dialog(answers.toast(HttpResponse(status=204), _("The contact is recorded.")))
    for event in ("refresh-timeline", "refresh-contacts-had"):
        response = answers.trigger(response, event, {})
    return response


@page("desk.view")
def contact_file(request: HttpRequest, item: UUID) -> HttpResponse:
    try:
        row, parts = services.fetch_file(actor=actor_of(request), now=clock.now(), file_id=item)
    except (data.ContactNotFound, DocumentNotFound, DocumentDamaged) as error:
        raise Http404 from error
    return words.download(row.name, parts)


@page("desk.view")
def visit(request: HttpRequest, ref: str) -> HttpResponse:
    """What to know before a visit (C37), to print: basics, what is held and used, what is open, what ends soon."""
    actor, now = actor_of(request), clock.now()
    try:
        party = customers.get_party(actor, ref, "desk.view")
        latest = queries.touchpoints_of(actor, ref, limit=8)
    except CustomerNotFound as error:
        raise Http404 from error
    placed = [(code, panels.placed(actor, code, party.ref)) for code in PACKED]
    context = {
        "customer": customers.get_row(actor, party.pk) if actor.may("customers.view") else None, "ref": party.ref,
        "now": now, "latest": [_shown(one) for one in latest], "promised": [one for one in latest if one.next_step],
        # The contacts are on the page already, in full.
        "panels": [one for _area, found in placed for one in found if one.code not in ("touchpoints", "timeline")],
        "nav": "customers",
    }  # fmt: skip
    return render(request, "desk/visit.html", context)


def _file(ref: str) -> str:
    return reverse("customers:file", args=[ref])
