"""The viewer of the trail."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.audit import forms, queries, services
from anxin.foundation.audit.models import Entry
from anxin.kernel import clock
from anxin.kernel.spreadsheet_safety import safe_cell
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column, Listing, key

LARGEST_EXPORT = 100_000
ENTRIES = Listing(
    code="audit",
    orders={"-at": (key("-id"),)},
    default="-at",
    columns=(
        Column(code="at", label=_("When")),
        Column(code="who", label=_("Who")),
        Column(code="action", label=_("Action")),
        Column(code="thing", label=_("Object")),
        Column(code="detail", label=_("Detail"), flexible=True),
        Column(code="reason", label=_("Reason")),
        Column(code="channel", label=_("Channel")),
        Column(code="address", label=_("Address")),
    ),
)


@page("audit.view")
def entries_page(request: HttpRequest) -> HttpResponse:
    form = forms.FilterForm(request.GET)
    found = ENTRIES.first_page_if_bad(
        queries.list_entries(actor_of(request), form.wanted()), cursor=request.GET.get("cursor", "")
    )
    context = {
        "page": found,
        "rows": [{"entry": entry, "detail": _detail(entry)} for entry in found.rows],
        "columns": ENTRIES.columns,
        "form": form,
        "actions": queries.known_actions(),
        "seal": queries.last_seal(),
        "may_export": actor_of(request).may("audit.export"),
        "query": request.GET.urlencode(),
    }
    return render(request, "audit/entries.html", context)


@page("audit.view", methods=("POST",))
def verify_page(request: HttpRequest) -> HttpResponse:
    broken = services.verify()
    services.record(actor=actor_of(request), now=clock.now(), action="audit.verify", detail={"is_sound": not broken})
    if broken:
        messages.error(request, gettext("The chain is broken: %(what)s.") % {"what": broken})
    else:
        messages.success(request, gettext("The chain is sound."))
    return redirect("audit:entries")


@page("audit.export", methods=("POST",))
def export_page(request: HttpRequest) -> HttpResponse:
    """CSV, newest first. POST, because it leaves a trace."""
    actor, wanted = actor_of(request), forms.FilterForm(request.POST).wanted()
    services.record(
        actor=actor, now=clock.now(), action="audit.export", detail={"filters": wanted.names(), "limit": LARGEST_EXPORT}
    )
    rows = queries.rows_for_export(actor, wanted, limit=LARGEST_EXPORT)
    response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{clock.today():%Y%m%d}.csv"'
    return cast(HttpResponse, response)  # Django does not say that one is a kind of the other


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterator[Entry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # The byte order mark: without it spreadsheets read Chinese as something else.
    yield "\ufeff"
    yield writer.writerow(
        [
            "id", gettext("When"), gettext("Who"), gettext("Action"), gettext("Kind"), gettext("Object"),
            gettext("Detail"), gettext("Reason"), gettext("Channel"), gettext("Address"), gettext("Request"),
        ]
    )  # fmt: skip
    for entry in rows:
        cells = [
            entry.id, entry.at.astimezone(queries.ZONE).isoformat(sep=" ", timespec="seconds"), entry.actor_name,
            entry.action, entry.object_kind, entry.object_ref or entry.object_id, _detail(entry), entry.reason,
            entry.channel, entry.address or "", entry.request_ref,
        ]  # fmt: skip
        yield writer.writerow([safe_cell(str(cell)) for cell in cells])


def _detail(entry: Entry) -> str:
    return json.dumps(entry.detail, ensure_ascii=False) if entry.detail else ""
