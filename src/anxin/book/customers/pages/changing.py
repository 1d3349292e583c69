"""Editing the plain values, making a file, seeing a value in clear, custom fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anxin.book.customers import data, forms, rules
from anxin.book.customers.data import Rejected
from anxin.book.customers.pages.edge import BOTH, ask, customer_page, put
from anxin.book.customers.queries import duplicates
from anxin.book.customers.queries import panels as reads
from anxin.book.customers.queries.panels import Editable
from anxin.book.customers.services import fields as custom_fields
from anxin.book.customers.services import parties, viewing
from anxin.kernel import clock, masking
from anxin.kernel.identifiers import resident
from anxin.kernel.series import listed
from anxin.kernel.web.pages import actor_of


@customer_page("customers.edit", methods=BOTH)
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """The edit form. When somebody was faster: 409, what differs, and the form as this person left it."""
    actor = actor_of(request)
    file = reads.editable(actor, ref)
    if request.method != "POST":
        return _edit_form(request, file)
    form = forms.EditForm(
        request.POST, kind=file.kind, fields=reads.custom_fields(), masked=file.masked, initial=dict(file.values)
    )
    if form.is_valid():
        columns, custom = form.touched()
        if not form.cleaned_data["cause"] and data.IMPORTANT_FIELDS & set(columns):
            form.add_error("cause", _("Say why an important value changes."))
            return _render_edit(request, file, form, status=422)
        try:
            parties.edit_customer(
                actor=actor, now=clock.now(), ref=ref, version=form.cleaned_data["version"], changes=columns,
                custom=custom, cause=form.cleaned_data["cause"],
            )  # fmt: skip
        except Rejected as error:
            put(form, error)
        except parties.EditConflict as conflict:
            return _conflict(request, reads.editable(actor, ref), {**columns, **custom}, conflict)
        else:
            messages.success(request, _("The file is saved."))
            return redirect("customers:file", file.ref)
    return _render_edit(request, file, form, status=422)


def _edit_form(
    request: HttpRequest, file: Editable, mine: Mapping[str, Any] | None = None, status: int = 200, **more: Any
) -> HttpResponse:  # fmt: skip
    fields = reads.custom_fields()
    stored = {**file.values, **{f"custom_{field.code}": file.custom.get(field.code) for field in fields}}
    kept = {(name if name in data.FIELD_LABELS else f"custom_{name}"): value for name, value in (mine or {}).items()}
    seen = json.dumps({name: forms.plain(value) for name, value in stored.items()}, ensure_ascii=False)
    form = forms.EditForm(
        kind=file.kind, fields=fields, masked=file.masked,
        initial={**stored, **kept, "version": file.version, "seen": json.loads(seen)},
    )  # fmt: skip
    return _render_edit(request, file, form, status=status, **more)


def _render_edit(request: HttpRequest, file: Editable, form: forms.EditForm, status: int, **more: Any) -> HttpResponse:
    back = reverse("customers:file", args=[file.ref])
    context = {
        "file": file, "form": form, "nav": "customers", "back": back,
        "crumbs": [("/customers/", _("Customers")), (back, file.name), ("", _("Edit"))], **more,
    }  # fmt: skip
    return render(request, "customers/edit.html", context, status=status)


def _conflict(
    request: HttpRequest, file: Editable, mine: Mapping[str, Any], conflict: parties.EditConflict
) -> HttpResponse:  # fmt: skip
    differences = [
        {
            "label": _(data.FIELD_LABELS[name]) if name in data.FIELD_LABELS else name,
            "stored": file.masked[name] if name in file.masked else _shown(name, conflict.stored[name]),
            "yours": _shown(name, value),
        }
        for name, value in mine.items()
        if forms.plain(conflict.stored[name]) != forms.plain(value)
    ]
    return _edit_form(
        request, file, mine, status=409,
        conflict={"who": conflict.changed_by or _("the system"), "at": conflict.changed_at,
                  "differences": differences},
    )  # fmt: skip


def _shown(name: str, value: Any) -> str:
    words = data.CHOICES.get(name, {})
    if value in words:
        return _(words[value])
    return pgettext("answer", "Yes") if value is True else forms.plain(value)


@customer_page("customers.create", methods=BOTH)
def create(request: HttpRequest) -> HttpResponse:
    form = forms.CreateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        values = {name: given[name] for name in ("name", "information_source")}
        if given["kind"] == "person":
            values |= {name: given[name] for name in ("birth_date", "sex", "employer", "occupation")}
            values |= _from_number(given, values)
        try:
            ref = parties.create_customer(
                actor=actor_of(request), now=clock.now(), kind=given["kind"], values=values,
                document_kind=given["document_kind"], document_number=given["document_number"],
                mobile=given["mobile"], home_address=given["home_address"],
                overview=given["overview"] if given["kind"] == "organisation" else "",
            )  # fmt: skip
        except Rejected as error:
            if error.field == "value":
                error.field = "mobile"
            elif error.field == "text":
                error.field = "home_address"
            put(form, error)
        else:
            return redirect("customers:file", ref)
    context = {"form": form, "nav": "customers", "crumbs": [("/customers/", _("Customers")), ("", _("New customer"))]}
    return render(request, "customers/create.html", context, status=422 if form.errors else 200)


def _from_number(given: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A resident ID number says birth date and sex."""
    if given["document_kind"] != "resident_id":
        return {}
    said = resident.validate_resident_id(given["document_number"], today=clock.today())
    if not said.ok or said.sex is None:
        return {}
    return {
        "birth_date": values["birth_date"] or said.birth_date,
        "sex": values["sex"] or ("M" if said.sex is resident.Sex.MALE else "F"),
    }


@customer_page("customers.create", methods=("POST",))
def check(request: HttpRequest) -> HttpResponse:
    """Files that look like what was typed so far. POST keeps what is typed out of addresses and logs."""
    form = forms.CreateForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    number = str(given.get("document_number") or "")
    if given.get("document_kind") == "resident_id":
        number = resident.validate_resident_id(number).normalised or ""
    twins = duplicates.find_twins(
        actor_of(request), name=given.get("name") or "", birth_date=given.get("birth_date"),
        document_kind=given.get("document_kind") or "", document_number="".join(number.split()).upper(),
        mobile=given.get("mobile") or "", sex=given.get("sex") or "", address=given.get("home_address") or "",
        kind=given.get("kind") or "person", today=clock.today(),
    )  # fmt: skip
    words = {
        "document": _("same document"), "mobile": _("same mobile"), "name_birth": _("same name and birth date"),
        "document_close": _("document number nearly the same"), "name": _("same name"),
        "name_sound": _("name sounds the same"), "name_close": _("similar name"), "birth": _("same birth date"),
        "birth_close": _("birth date nearly the same"), "address": _("same address"),
    }  # fmt: skip
    rows = [(twin, listed(words[one] for one in twin.by)) for twin in twins]
    return render(request, "customers/twins.html", {"rows": rows})


@customer_page("customers.reveal", methods=BOTH)
def reveal(request: HttpRequest, ref: str, field: str, item: UUID | None = None) -> HttpResponse:
    """GET asks for the reason; POST records it and shows the value, which hides itself after a minute."""
    actor = actor_of(request)
    if field not in viewing.REVEALABLE:
        raise Http404
    form = forms.RevealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            value = viewing.reveal(
                actor=actor, now=clock.now(), ref=ref, field=field, item=item, reason=form.cleaned_data["reason"],
                explanation=form.cleaned_data["explanation"],
            )  # fmt: skip
        except Rejected as error:
            put(form, error)
        else:
            response = render(
                request, "customers/revealed.html",
                {"value": value, "label": _reveal_word(field), "back": reverse("customers:file", args=[ref]),
                 "seconds": rules.REVEAL_SECONDS},
            )  # fmt: skip
            response["Cache-Control"] = "no-store"
            return response
    viewing.may_reveal(actor, ref, field, item)
    return ask(
        request, form, title=_("Show in full: %(what)s") % {"what": _reveal_word(field)}, button=_("Show"), ref=ref,
        hint=_("Your name, the time and the reason are recorded. The value hides itself after 60 seconds."),
    )  # fmt: skip


@customer_page("customers.reveal")
def hidden(_request: HttpRequest) -> HttpResponse:
    """What takes the place of a value in clear when its minute is over."""
    return HttpResponse(masking.HIDDEN)


def _reveal_word(field: str) -> str:
    name = "bank_account" if field == "account" else field
    return _(data.FIELD_LABELS[name])


@customer_page("customers.configure", methods=BOTH)
def fields(request: HttpRequest, item: UUID | None = None) -> HttpResponse:
    """Custom fields: the list, and the form of a new or of one field."""
    known = reads.custom_fields(is_active=None)
    chosen = next((field for field in known if field.id == item), None)
    if item is not None and chosen is None:
        raise Http404
    start = {"order": len(known), "is_active": True} if chosen is None else {
        "code": chosen.code, "label_zh": chosen.label_zh, "label_en": chosen.label_en, "kind": chosen.kind,
        "choices": "\n".join(chosen.choices), "order": chosen.order, "is_active": chosen.is_active,
    }  # fmt: skip
    form = forms.FieldForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            custom_fields.save_field(
                actor=actor_of(request), now=clock.now(), field_id=item, code=given["code"],
                label_zh=given["label_zh"], label_en=given["label_en"],
                kind=chosen.kind if chosen else given["kind"] or "text", choices=given["choices"].splitlines(),
                order=given["order"] or 0, is_active=given["is_active"],
            )  # fmt: skip
        except Rejected as error:
            put(form, error)
        else:
            messages.success(request, _("The field is saved."))
            return redirect("customers:fields")
    context = {"form": form, "fields": known, "chosen": chosen, "nav": "custom_fields"}
    return render(request, "customers/fields.html", context, status=422 if form.errors else 200)
