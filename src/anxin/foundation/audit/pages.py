"""The viewer of the trail."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from anxin.foundation.audit import data, forms, queries, services
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
    seal = queries.last_seal()
    context = {
        "page": found,
        "rows": [_shown(entry) for entry in found.rows],
        "columns": ENTRIES.columns,
        "form": form,
        "rooms": _rooms(queries.known_actions()),
        "kinds": queries.known_kinds(),
        "seal": seal,
        "unsealed": queries.count_unsealed(seal),
        "verified": queries.last_verified(),
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
    response = StreamingHttpResponse(_csv(rows, get_language()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{clock.today():%Y%m%d}.csv"'
    return cast(HttpResponse, response)  # Django does not say that one is a kind of the other


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry,
        # Whoever failed to sign in is nobody yet, and no part of the system either.
        "who": entry.actor_name if entry.actor_id or entry.channel in ("web", "api") else "",
        "deed": queries.deed(entry.action),
        "thing": queries.thing(entry.object_kind),
        "detail": _detail(entry),
        # Reasons that the product gives itself are texts of the catalogue; what people wrote is in none.
        "reason": gettext(entry.reason) if entry.reason else "",
        "channel": gettext(data.CHANNELS.get(entry.channel, entry.channel)) if entry.channel else "",
    }


def _rooms(actions: list[str]) -> list[dict[str, Any]]:
    """What was ever recorded, by the rooms that did it."""
    names = {config.label: str(config.verbose_name) for config in apps.get_app_configs()}
    rooms: dict[str, list[tuple[str, str]]] = {}
    for action in actions:
        rooms.setdefault(action.partition(".")[0], []).append((action, queries.deed(action)))
    return [{"code": code, "label": names.get(code, code), "deeds": deeds} for code, deeds in rooms.items()]


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterator[Entry], language: str) -> Iterator[str]:
    """Written when the page is over, and its language with it: each line takes it up again."""
    writer = csv.writer(_Echo())
    # The byte order mark: without it spreadsheets read Chinese as something else.
    yield "\ufeff"
    with override(language):
        head = [
            "id", gettext("When"), gettext("Who"), gettext("Action"), gettext("Code"), gettext("Kind of object"),
            gettext("Object"), gettext("Detail"), gettext("Reason"), gettext("Channel"), gettext("Address"),
            gettext("Request"),
        ]  # fmt: skip
    yield writer.writerow(head)
    for entry in rows:
        with override(language):
            shown = _shown(entry)
        cells = [
            entry.id, entry.at.astimezone(queries.ZONE).isoformat(sep=" ", timespec="seconds"), entry.actor_name,
            shown["deed"], entry.action, shown["thing"], entry.object_ref or entry.object_id, shown["detail"],
            shown["reason"], shown["channel"], entry.address or "", entry.request_ref,
        ]  # fmt: skip
        yield writer.writerow([safe_cell(str(cell)) for cell in cells])


def _detail(entry: Entry) -> str:
    return _told(entry.detail)


def _told(detail: Mapping[str, Any]) -> str:
    """`fields: employer, position · rows: 3`; what is empty is left out."""
    parts = []
    for name, value in detail.items():
        if value not in ("", None, [], {}):
            label = gettext(data.DETAILS[name]) if name in data.DETAILS else name
            parts.append(gettext("%(name)s: %(value)s") % {"name": label, "value": _value(value)})
    return " · ".join(parts)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Mapping):
        return f"({_told(value)})"
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return str(value)
