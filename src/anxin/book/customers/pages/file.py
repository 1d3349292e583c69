"""The customer page and the panels of this room."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from anxin.book.customers import data
from anxin.book.customers.data import CustomerFile
from anxin.book.customers.pages.edge import customer_page
from anxin.book.customers.queries import file as files
from anxin.book.customers.queries import panels as reads
from anxin.book.customers.queries import relations, timeline
from anxin.book.customers.services import viewing
from anxin.kernel import clock, sources
from anxin.kernel.web import panels
from anxin.kernel.web.pages import actor_of

GROUPS = ("contact", "claim", "policy", "file")


def _group_words() -> list[tuple[str, str]]:
    words = {"contact": _("Contacts"), "claim": _("Claims"), "policy": _("Policies"), "file": _("File")}
    return [("", _("All")), *((code, words[code]) for code in GROUPS)]


@customer_page("customers.view")
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """The page: header, figures, and the panels of one tab. Opening it is recorded; turning a tab by htmx is not."""
    actor = actor_of(request)
    file = files.load(actor, ref, today=clock.today())
    if file.ref != ref:
        return redirect("customers:file", file.ref)
    areas = panels.areas(actor, file.ref)
    tab = request.GET.get("tab", "overview")
    if tab not in dict(areas):
        tab = areas[0][0] if areas else ""
    context: dict[str, Any] = {
        "file": file, "areas": areas, "tab": tab, "nav": "customers", "may": _may(request),
        "crumbs": [("/customers/", _("Customers")), ("", file.name)],
        # What of the page is the same for all customers depends on this; called where it is not remembered.
        "may_key": " ".join(sorted(actor.grants)),
        "panels": partial(panels.placed, actor, tab, file.ref), "actions": partial(panels.actions, actor, file.ref),
    }  # fmt: skip
    if request.headers.get("HX-Target") == "tab":
        return render(request, "customers/tab.html", context)
    viewing.record_view(actor=actor, now=clock.now(), party_id=file.id, ref=file.ref)
    return render(request, "customers/file.html", context)


@customer_page("customers.view")
def card(request: HttpRequest, ref: str) -> HttpResponse:
    """The customer card (A17, A18) for printing or saving as PDF: masked as on the page."""
    actor = actor_of(request)
    file = files.load(actor, ref, today=clock.today())
    now = clock.now()
    viewing.record_view(actor=actor, now=now, party_id=file.id, ref=file.ref)
    context = {
        "file": file, "rows": _profile_rows(file), "custom": _custom_rows(file), "now": now,
        "relations": relations.family_of(actor, file), "notes": reads.notes_of(actor, ref)[:5],
        "custody": reads.custody_of(actor, ref)[:5], "extra": panels.placed(actor, "policies", file.ref),
    }  # fmt: skip
    return render(request, "customers/card.html", context)


@customer_page("customers.view")
def profile(request: HttpRequest, ref: str) -> HttpResponse:
    file = files.load(actor_of(request), ref, today=clock.today())
    return render(
        request, "customers/panels/profile.html",
        {"file": file, "rows": _profile_rows(file), "custom": _custom_rows(file), "may": _may(request),
         "sources": reads.sources_of(actor_of(request), ref)},
    )  # fmt: skip


@customer_page("customers.view")
def contacts(request: HttpRequest, ref: str) -> HttpResponse:
    file = files.load(actor_of(request), ref, today=clock.today())
    words = {"contact": data.CONTACT_KINDS, "document": data.DOCUMENT_KINDS, "address": data.ADDRESS_KINDS}
    context = {
        "file": file, "may": _may(request),
        "contacts": [(one, _word(words["contact"], one.kind), _word(data.CONTACT_LABELS, one.label))
                     for one in file.contacts],
        "documents": [(one, _word(words["document"], one.kind)) for one in file.documents],
        "addresses": [(one, _word(words["address"], one.kind)) for one in file.addresses],
    }  # fmt: skip
    return render(request, "customers/panels/contacts.html", context)


@customer_page("customers.view")
def family(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    file = files.load(actor, ref, today=clock.today())
    found = relations.family_of(actor, file)
    rows = [
        (one, _(told.label) if (told := data.RELATION_KINDS.get(one.kind)) else one.kind,
         _word(data.PERSON_ROLES, one.person_role))
        for one in found.members
    ]  # fmt: skip
    # The tab of relations has the larger picture of two steps beside the table.
    context = {
        "file": file, "family": found, "rows": rows, "may": _may(request), "is_plain": "plain" in request.GET,
    }  # fmt: skip
    return render(request, "customers/panels/family.html", context)


@customer_page("customers.view")
def notes(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.notes_of(actor_of(request), ref)
    return render(request, "customers/panels/notes.html", {"notes": found, "ref": ref, "may": _may(request)})


@customer_page("customers.view")
def tags(request: HttpRequest, ref: str) -> HttpResponse:
    file = files.load(actor_of(request), ref, today=clock.today())
    return render(request, "customers/panels/tags.html", {"file": file, "may": _may(request)})


@customer_page("customers.view")
def facts(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.facts_of(actor_of(request), ref, today=clock.today())
    rows = [(one, _word(data.FACT_CODES, one.code), _word(data.FACT_PURPOSES, one.purpose)) for one in found]
    return render(request, "customers/panels/facts.html", {"rows": rows, "ref": ref, "may": _may(request)})


@customer_page("customers.view")
def consents(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.consents_of(actor_of(request), ref)
    rows = [
        (one, _word(data.CONSENT_PURPOSES, one.purpose), _word(data.CONSENT_CHANNELS, one.channel)) for one in found
    ]
    return render(request, "customers/panels/consents.html", {"rows": rows, "ref": ref, "may": _may(request)})


@customer_page("customers.view")
def custody(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.custody_of(actor_of(request), ref)
    return render(request, "customers/panels/custody.html", {"rows": found, "ref": ref, "may": _may(request)})


@customer_page("customers.view")
def happenings(request: HttpRequest, ref: str) -> HttpResponse:
    """The timeline, twenty at a time; `group` filters, `before` continues."""
    actor = actor_of(request)
    party = files.load(actor, ref, today=clock.today())
    group = request.GET.get("group", "")
    if group not in ("", *GROUPS):
        raise Http404
    found = timeline.of_file(actor, party.id, before=_place(request.GET.get("before", "")), group=group)
    context = {
        "items": found.items, "next": _cursor(found.next_place), "group": group, "groups": _group_words(), "ref": ref,
        "is_more": "before" in request.GET,
    }  # fmt: skip
    return render(request, "customers/panels/timeline.html", context)


def _cursor(place: timeline.Place | None) -> str:
    if place is None:
        return ""
    return base64.urlsafe_b64encode(json.dumps([place[0].isoformat(), place[1]]).encode()).decode()


def _place(cursor: str) -> timeline.Place | None:
    if not cursor:
        return None
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor))
        return datetime.fromisoformat(at), str(key)
    except (ValueError, TypeError) as error:
        raise Http404 from error


def _may(request: HttpRequest) -> dict[str, bool]:
    actor = actor_of(request)
    return {name: actor.may(f"customers.{name}") for name in ("edit", "reveal", "assign", "tag", "attention")}


def _word(words: Any, code: str) -> str:
    return _(words[code]) if words.get(code) else code


def _profile_rows(file: CustomerFile) -> list[dict[str, Any]]:
    """A03 and A04: every basic field, also the empty ones, with who said it and when."""
    names = (
        ("sex", "birth_date", "native_place", "nationality", "marital_status", "education", "occupation",
         "occupation_class", "employer", "department", "position", "annual_income_fen")
        if file.is_person
        else ("uscc", "industry", "scale", "headcount", "legal_representative")
    )  # fmt: skip
    rows = []
    for name in (*names, "language", "contact_preference", "information_source"):
        value = file.values.get(name, "")
        if name in data.CHOICES:
            value = _word(data.CHOICES[name], value)
        elif name == "nationality":
            value = _word(data.COUNTRIES, value)
        rows.append(_row(file, name, _(data.FIELD_LABELS[name]), value))
    return rows


def _custom_rows(file: CustomerFile) -> list[dict[str, Any]]:
    is_english = (get_language() or "").startswith("en")
    rows = []
    for field in reads.custom_fields():
        value = file.custom.get(field.code)
        if isinstance(value, bool):
            value = pgettext("answer", "Yes") if value else pgettext("answer", "No")
        rows.append(_row(file, field.code, field.label_en if is_english else field.label_zh, value))
    return rows


def _row(file: CustomerFile, name: str, label: str, value: Any) -> dict[str, Any]:
    source, at = file.provenance.get(name, (file.source, ""))
    return {
        "name": name, "label": label, "value": value, "is_masked": name in file.sensitive,
        "said_by": sources.name(source) if value not in (None, "") else "", "said_at": at,
    }  # fmt: skip
