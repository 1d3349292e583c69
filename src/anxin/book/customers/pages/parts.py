"""Dialogs that add to a file, and buttons that change one part of it. Every view has its own permission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from anxin.book.customers import forms
from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.book.customers.pages.edge import BOTH, ask, customer_page, done, put
from anxin.book.customers.queries import file as files
from anxin.book.customers.queries import panels as reads
from anxin.book.customers.queries import staff
from anxin.book.customers.services import consents, contacts, custody, keeping
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.web.pages import actor_of

Given = Mapping[str, Any]
View = Callable[..., HttpResponse]


def adding(
    form_class: type[django_forms.Form], permission: str, act: Callable[..., None],
    arguments: Callable[[Given], dict[str, Any]], *, title: StrOrPromise, refresh: str, hint: StrOrPromise = "",
) -> View:  # fmt: skip
    """A dialog whose form becomes the arguments of one action."""

    @customer_page(permission, methods=BOTH)
    def view(request: HttpRequest, ref: str) -> HttpResponse:
        actor = actor_of(request)
        files.check_reach(actor, ref, permission)
        form = form_class(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                act(actor=actor, now=clock.now(), ref=ref, **arguments(form.cleaned_data))
            except Rejected as error:
                put(form, error)
            else:
                return done(request, _("Saved."), ref=ref, refresh=refresh)
        return ask(request, form, title=title, button=_("Save"), ref=ref, hint=hint)

    return view


def acting(permission: str, act: Callable[..., None], *, said: StrOrPromise, refresh: str) -> View:
    """A button that does one thing to one part."""

    @customer_page(permission, methods=("POST",))
    def view(request: HttpRequest, ref: str, item: UUID) -> HttpResponse:
        act(actor=actor_of(request), now=clock.now(), ref=ref, item=item)
        return done(request, str(said), ref=ref, refresh=refresh)

    return view


def _whole(given: Given) -> dict[str, Any]:
    return dict(given)


add_contact = adding(
    forms.ContactForm, "customers.edit", contacts.add_contact, _whole,
    title=gettext_lazy("Add a contact point"), refresh="refresh-contacts",
)  # fmt: skip
remove_contact = acting(
    "customers.edit", contacts.remove_contact, said=gettext_lazy("Removed."), refresh="refresh-contacts"
)
prefer_contact = acting(
    "customers.edit", contacts.make_primary, said=gettext_lazy("Used first from now on."), refresh="refresh-contacts"
)
mark_contact = acting("customers.edit", contacts.mark_bad, said=gettext_lazy("Marked."), refresh="refresh-contacts")
add_document = adding(
    forms.DocumentForm, "customers.edit", contacts.add_document,
    lambda given: {"kind": given["document_kind"], "number": given["document_number"],
                   "valid_until": given["valid_until"]},
    title=gettext_lazy("Add an identity document"), refresh="refresh-contacts",
)  # fmt: skip
remove_document = acting(
    "customers.edit", contacts.remove_document, said=gettext_lazy("Removed."), refresh="refresh-contacts"
)
set_address = adding(
    forms.AddressForm, "customers.edit", contacts.set_address, _whole,
    title=gettext_lazy("Set an address"), refresh="refresh-contacts",
)  # fmt: skip
remove_address = acting(
    "customers.edit", contacts.remove_address, said=gettext_lazy("Removed."), refresh="refresh-contacts"
)
add_account = adding(
    forms.AccountForm, "customers.edit", contacts.add_account, _whole,
    title=gettext_lazy("Add a bank account"), refresh="refresh-contacts",
)  # fmt: skip
remove_account = acting(
    "customers.edit", contacts.remove_account, said=gettext_lazy("Removed."), refresh="refresh-contacts"
)
pin_note = acting("customers.edit", keeping.pin_note, said=gettext_lazy("Saved."), refresh="refresh-notes")
remove_note = acting(
    "customers.edit",
    keeping.remove_note,
    said=gettext_lazy("Removed."),
    refresh="refresh-notes refresh-timeline worklist-changed",
)
add_tag = adding(
    forms.TagForm, "customers.tag", keeping.add_tag, _whole, title=gettext_lazy("Add a tag"), refresh="refresh-tags"
)
remove_tag = acting("customers.tag", keeping.remove_tag, said=gettext_lazy("Removed."), refresh="refresh-tags")
add_fact = adding(
    forms.FactForm, "customers.edit", keeping.add_fact, _whole,
    title=gettext_lazy("Add a personal fact"), refresh="refresh-facts",
)  # fmt: skip
remove_fact = acting("customers.edit", keeping.remove_fact, said=gettext_lazy("Removed."), refresh="refresh-facts")
add_relation = adding(
    forms.RelationForm, "customers.edit", keeping.add_relation,
    lambda given: {"kind": given["kind"], "other_ref": given["other"], "note": given["note"],
                   "person_role": given["person_role"], "from_date": given["from_date"],
                   "until_date": given["until_date"]},
    title=gettext_lazy("Add a relation"), refresh="refresh-relations",
)  # fmt: skip
remove_relation = acting(
    "customers.edit", keeping.remove_relation, said=gettext_lazy("Removed."), refresh="refresh-relations"
)
record_consent = adding(
    forms.ConsentForm, "customers.edit", consents.record_consent,
    lambda given: {name: value for name, value in given.items() if name != "answer"}
    | {"is_given": given["answer"] == "yes"},
    title=gettext_lazy("Record a consent or refusal"), refresh="refresh-consents",
)  # fmt: skip


NOTES = "refresh-notes refresh-timeline worklist-changed"


def _people(actor: Actor, ref: str) -> list[tuple[str, str]]:
    found = staff.who_may_follow(actor, customers.get_party(actor, ref))
    return [(str(person), name) for person, name in found.items() if person != actor.user_id]


@customer_page("customers.edit", methods=BOTH)
def add_note(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    files.check_reach(actor, ref, "customers.edit")
    form = forms.NoteForm(request.POST if request.method == "POST" else None, people=_people(actor, ref))
    if request.method == "POST" and form.is_valid():
        try:
            keeping.add_note(actor=actor, now=clock.now(), ref=ref, **form.said())
        except Rejected as error:
            put(form, error)
        else:
            return done(request, _("Saved."), ref=ref, refresh=NOTES)
    return ask(request, form, title=_("Write a note"), button=_("Save"), ref=ref)


@customer_page("customers.edit", methods=BOTH)
def edit_note(request: HttpRequest, ref: str, item: UUID) -> HttpResponse:
    actor = actor_of(request)
    files.check_reach(actor, ref, "customers.edit")
    note = reads.note_of(actor, ref, item)
    people = _people(actor, ref)
    if note.assignee_id not in {None, actor.user_id} and str(note.assignee_id) not in dict(people):
        people.append((str(note.assignee_id), note.assignee))
    start = {
        "text": note.text, "is_pinned": note.is_pinned, "version": note.version, "due_date": note.due_date,
        "assignee": "" if note.assignee_id in {None, actor.user_id} else str(note.assignee_id),
    }  # fmt: skip
    form = forms.NoteForm(request.POST if request.method == "POST" else None, initial=start, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.edit_note(
                actor=actor, now=clock.now(), ref=ref, item=item, version=form.cleaned_data["version"] or 0,
                **form.said(),
            )  # fmt: skip
        except Rejected as error:
            put(form, error)
        else:
            return done(request, _("Saved."), ref=ref, refresh=NOTES)
    return ask(request, form, title=_("Edit the note"), button=_("Save"), ref=ref)


@customer_page("customers.assign", methods=BOTH)
def assign(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    version = files.check_reach(actor, ref, "customers.assign")
    staff = org.find_staff(actor, permission="customers.assign", limit=500)
    managers = [(str(one.id), f"{one.name} · {one.unit}") for one in staff]
    form = forms.AssignForm(
        request.POST if request.method == "POST" else None, managers=managers, initial={"version": version},
        may_beyond=actor.may(custody.BEYOND),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            keeping.assign_manager(
                actor=actor, now=clock.now(), ref=ref, manager_id=UUID(given["manager"]), version=given["version"],
                reason=given["reason"], is_beyond=given.get("beyond", False),
            )  # fmt: skip
        except Rejected as error:
            put(form, error)
        except custody.NoRoom as error:
            if error.room.load_after is None:
                form.add_error("manager", _("This manager is to have no customers."))
            else:
                full = _("This manager has no room: the load would be %(load)s %% of capacity.")
                form.add_error("manager", full % {"load": error.room.load_after})
        else:
            return done(request, _("The customer changed hands."), ref=ref, refresh="refresh-custody refresh-timeline")
    return ask(request, form, title=_("Assign to a manager"), button=_("Assign"), ref=ref)


@customer_page("customers.edit", methods=BOTH)
def withdraw_consent(request: HttpRequest, ref: str, item: UUID) -> HttpResponse:
    actor = actor_of(request)
    files.check_reach(actor, ref, "customers.edit")
    form = forms.WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        consents.withdraw_consent(actor=actor, now=clock.now(), ref=ref, item=item, **form.cleaned_data)
        return done(request, _("The consent is withdrawn."), ref=ref, refresh="refresh-consents")
    return ask(request, form, title=_("Withdraw the consent"), button=_("Withdraw"), ref=ref)
