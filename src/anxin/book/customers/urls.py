"""Addresses under /customers/. References have a hyphen, so that words are never taken for one."""

from __future__ import annotations

from django.urls import path, register_converter

from anxin.book.customers.pages import attention, changing, file, parts


class ReferenceConverter:
    regex = "[0-9A-Za-z]{4}-[0-9A-Za-z]{4}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "customer")

app_name = "customers"
urlpatterns = [
    path("new/", changing.create, name="create"),
    path("new/check/", changing.check, name="check"),
    path("attention/", attention.list_page, name="attention-list"),
    path("attention/new/", attention.create, name="attention-create"),
    path("attention/export/", attention.export, name="attention-export"),
    path("attention/batches/<uuid:item>/ask/", attention.ask_batch, name="attention-batch"),
    path("attention/hits/<uuid:item>/judge/", attention.judge, name="attention-judge"),
    path("attention/<uuid:item>/", attention.entry, name="attention-entry"),
    path("hidden/", changing.hidden, name="hidden"),
    path("fields/", changing.fields, name="fields"),
    path("fields/<uuid:item>/", changing.fields, name="field"),
    path("<customer:ref>/", file.show, name="file"),
    path("<customer:ref>/card/", file.card, name="card"),
    path("<customer:ref>/edit/", changing.edit, name="edit"),
    path("<customer:ref>/assign/", parts.assign, name="assign"),
    path("<customer:ref>/reveal/<slug:field>/", changing.reveal, name="reveal"),
    path("<customer:ref>/reveal/<slug:field>/<uuid:item>/", changing.reveal, name="reveal-item"),
    path("<customer:ref>/panels/profile/", file.profile, name="panel-profile"),
    path("<customer:ref>/panels/contacts/", file.contacts, name="panel-contacts"),
    path("<customer:ref>/panels/relations/", file.family, name="panel-relations"),
    path("<customer:ref>/panels/notes/", file.notes, name="panel-notes"),
    path("<customer:ref>/panels/facts/", file.facts, name="panel-facts"),
    path("<customer:ref>/panels/consents/", file.consents, name="panel-consents"),
    path("<customer:ref>/panels/custody/", file.custody, name="panel-custody"),
    path("<customer:ref>/panels/attention/", attention.panel, name="panel-attention"),
    path("<customer:ref>/panels/timeline/", file.happenings, name="panel-timeline"),
    path("<customer:ref>/panels/tags/", file.tags, name="panel-tags"),
    path("<customer:ref>/contacts/add/", parts.add_contact, name="contact-add"),
    path("<customer:ref>/contacts/<uuid:item>/remove/", parts.remove_contact, name="contact-remove"),
    path("<customer:ref>/contacts/<uuid:item>/prefer/", parts.prefer_contact, name="contact-prefer"),
    path("<customer:ref>/contacts/<uuid:item>/mark/", parts.mark_contact, name="contact-mark"),
    path("<customer:ref>/documents/add/", parts.add_document, name="document-add"),
    path("<customer:ref>/documents/<uuid:item>/remove/", parts.remove_document, name="document-remove"),
    path("<customer:ref>/addresses/set/", parts.set_address, name="address-set"),
    path("<customer:ref>/addresses/<uuid:item>/remove/", parts.remove_address, name="address-remove"),
    path("<customer:ref>/accounts/add/", parts.add_account, name="account-add"),
    path("<customer:ref>/accounts/<uuid:item>/remove/", parts.remove_account, name="account-remove"),
    path("<customer:ref>/notes/add/", parts.add_note, name="note-add"),
    path("<customer:ref>/notes/<uuid:item>/edit/", parts.edit_note, name="note-edit"),
    path("<customer:ref>/notes/<uuid:item>/pin/", parts.pin_note, name="note-pin"),
    path("<customer:ref>/notes/<uuid:item>/remove/", parts.remove_note, name="note-remove"),
    path("<customer:ref>/tags/add/", parts.add_tag, name="tag-add"),
    path("<customer:ref>/tags/<uuid:item>/remove/", parts.remove_tag, name="tag-remove"),
    path("<customer:ref>/facts/add/", parts.add_fact, name="fact-add"),
    path("<customer:ref>/facts/<uuid:item>/remove/", parts.remove_fact, name="fact-remove"),
    path("<customer:ref>/relations/add/", parts.add_relation, name="relation-add"),
    path("<customer:ref>/relations/<uuid:item>/remove/", parts.remove_relation, name="relation-remove"),
    path("<customer:ref>/consents/record/", parts.record_consent, name="consent-record"),
    path("<customer:ref>/consents/<uuid:item>/withdraw/", parts.withdraw_consent, name="consent-withdraw"),
    path("<customer:ref>/attention/add/", attention.add, name="attention-add"),
]
