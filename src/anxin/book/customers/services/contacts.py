"""What reaches and identifies a customer: contact points, ID documents, addresses, bank accounts."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction

from anxin.book.customers import access, rules
from anxin.book.customers.data import ADDRESS_KINDS, CONTACT_KINDS, DOCUMENT_KINDS, CustomerNotFound, Rejected
from anxin.book.customers.models import Address, BankAccount, ContactPoint, IdentityDocument, Party
from anxin.foundation.audit import services as audit
from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import phones, resident, uscc
from anxin.kernel.identifiers.emails import normalise_email
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _


def add_contact(
    *, actor: Actor, now: datetime, ref: str, kind: str, value: str, label: str = "",
    source: str = rules.STAFF_SOURCE, is_first: bool = False,
) -> None:  # fmt: skip
    """A contact point; the first of its kind is the one to use, or this one (`is_first`). Raises Rejected."""
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        first = not ContactPoint.objects.filter(party=party, kind=kind, is_primary=True).exists()
        if is_first and not first:
            ContactPoint.objects.filter(party=party, kind=kind, is_primary=True).update(is_primary=False)
        keep_contact(party, kind, value, label=label, is_primary=first or is_first, source=source)
        _record(actor, now, party, "customers.add_contact", kind)


def keep_contact(
    party: Party, kind: str, value: str, *, label: str = "", is_primary: bool = False, source: str = rules.STAFF_SOURCE
) -> None:
    """Store a checked contact point inside the caller's transaction."""
    normal = _normal_contact(kind, value)
    ring, key = vault.ring(), uuid7()
    is_number = kind in ("mobile", "phone", "fax")
    blind = rules.BLIND_PHONE if is_number else rules.BLIND_EMAIL if kind == "email" else rules.BLIND_WECHAT
    _once(
        "value",
        _("This contact point is in the file already."),
        ContactPoint(
            id=key, party=party, kind=kind, label=label, source=source, is_primary=is_primary,
            value_sealed=ring.seal(normal, table="customers_contactpoint", column="value_sealed", row=key),
            value_blind=ring.blind(blind, normal),
            tail_blind=ring.blind(rules.BLIND_TAIL, normal[-4:]) if is_number else None,
        ),
    )  # fmt: skip


def _normal_contact(kind: str, value: str) -> str:
    if kind not in CONTACT_KINDS:
        raise Rejected("kind", _("Choose a kind of contact point."))
    if kind == "email":
        address = normalise_email(value)
        if address is None:
            raise Rejected("value", _("This is not an e-mail address; it looks like name@example.com."))
        return address
    if kind == "wechat":
        if not 2 <= len(value.strip()) <= 60:
            raise Rejected("value", _("A WeChat name has two to sixty characters."))
        return value.strip()
    phone = phones.normalise_phone(value)
    if phone.normalised is None:
        if phone.reason is phones.PhoneProblem.AREA_CODE_MISSING:
            raise Rejected("value", _("The area code is missing; write it in front, as in 021-65001234."))
        raise Rejected("value", _("This is not a phone number: a mobile has 11 digits, a landline its area code."))
    if kind == "mobile" and phone.kind is not phones.PhoneKind.MOBILE:
        raise Rejected("value", _("This is not a mobile number: it has 11 digits and begins with 1."))
    return phone.normalised


def remove_contact(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    _remove(ContactPoint, "customers.remove_contact", actor, now, ref, item)


def make_primary(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    """The contact point to use first among those of its kind."""
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        point = _own(ContactPoint, party, item)
        ContactPoint.objects.filter(party=party, kind=point.kind, is_primary=True).update(is_primary=False)
        ContactPoint.objects.filter(pk=point.pk).update(is_primary=True, is_bad=False)
        _record(actor, now, party, "customers.prefer_contact", point.kind)


def mark_bad(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    """The number no longer reaches the customer; marked a second time, it does again."""
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        point = _own(ContactPoint, party, item)
        ContactPoint.objects.filter(pk=point.pk).update(is_bad=not point.is_bad)
        _record(actor, now, party, "customers.mark_contact", point.kind)


def add_document(
    *, actor: Actor, now: datetime, ref: str, kind: str, number: str, valid_until: date | None = None
) -> None:  # fmt: skip
    """An ID document. Raises Rejected for a wrong number, or one that another file holds."""
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        keep_document(party, now, kind, number, valid_until)
        _record(actor, now, party, "customers.add_document", kind)


def keep_document(party: Party, now: datetime, kind: str, number: str, valid_until: date | None = None) -> None:
    """Store a checked document inside the caller's transaction."""
    normal = _normal_document(kind, number, now)
    ring, key = vault.ring(), uuid7()
    _once(
        "document_number",
        _("Another file holds this document, or it is in this file already."),
        IdentityDocument(
            id=key, party=party, kind=kind, valid_until=valid_until, source=rules.STAFF_SOURCE,
            number_sealed=ring.seal(normal, table="customers_identitydocument", column="number_sealed", row=key),
            number_blind=ring.blind(rules.BLIND_DOCUMENT, normal),
        ),
    )  # fmt: skip


def _normal_document(kind: str, number: str, now: datetime) -> str:
    if kind not in DOCUMENT_KINDS:
        raise Rejected("document_kind", _("Choose a kind of document."))
    if kind == "resident_id":
        checked = resident.validate_resident_id(number, today=now.date())
        if checked.normalised is None:
            raise Rejected(
                "document_number", _("This is not a valid resident ID number: check its 18 characters on the card.")
            )
        return checked.normalised
    if kind == "uscc":
        code = uscc.validate_uscc(number)
        if code.normalised is None:
            raise Rejected(
                "document_number", _("This is not a valid unified social credit code: check its 18 characters.")
            )
        return code.normalised
    plain = "".join(number.split()).upper()
    if not re.fullmatch(r"[0-9A-Z()\u4e00-\u9fff-]{5,30}", plain):
        raise Rejected("document_number", _("A document number has five to thirty letters and digits."))
    return plain


def remove_document(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    _remove(IdentityDocument, "customers.remove_document", actor, now, ref, item)


def set_address(
    *, actor: Actor, now: datetime, ref: str, kind: str, text: str, source: str = rules.STAFF_SOURCE
) -> None:  # fmt: skip
    """The address of a kind as staff know it: replaces the one staff gave before, never a source's."""
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        keep_address(party, kind, text, source=source)
        _record(actor, now, party, "customers.set_address", kind)


def keep_address(party: Party, kind: str, text: str, *, source: str = rules.STAFF_SOURCE) -> None:
    plain = " ".join(text.split())
    if kind not in ADDRESS_KINDS:
        raise Rejected("kind", _("Choose a kind of address."))
    if not 4 <= len(plain) <= 300:
        raise Rejected("text", _("An address has four to three hundred characters."))
    Address.objects.update_or_create(
        party=party, kind=kind, source=source, defaults={"text": plain, "division_code": ""}
    )


def remove_address(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    _remove(Address, "customers.remove_address", actor, now, ref, item)


def add_account(*, actor: Actor, now: datetime, ref: str, bank: str, number: str) -> None:
    party = access.get_party(actor, ref, "customers.edit")
    plain = re.sub(r"[\s-]", "", number)
    if not re.fullmatch(r"[0-9]{8,30}", plain):
        raise Rejected("number", _("An account number has eight to thirty digits."))
    ring, key = vault.ring(), uuid7()
    with transaction.atomic():
        _once(
            "number",
            _("This account is in the file already."),
            BankAccount(
                id=key, party=party, bank=bank.strip()[:60], source=rules.STAFF_SOURCE,
                number_sealed=ring.seal(plain, table="customers_bankaccount", column="number_sealed", row=key),
                number_blind=ring.blind(rules.BLIND_ACCOUNT, plain),
            ),
        )  # fmt: skip
        _record(actor, now, party, "customers.add_account", "bank_account")


def remove_account(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    _remove(BankAccount, "customers.remove_account", actor, now, ref, item)


def _once(field: str, message: str, row: models.Model) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Rejected(field, message) from error


def _own(model: Any, party: Party, item: UUID) -> Any:
    found = model.objects.filter(pk=item, party=party).first()
    if found is None:
        raise CustomerNotFound(str(item))
    return found


def _remove(model: Any, action: str, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    party = access.get_party(actor, ref, "customers.edit")
    with transaction.atomic():
        found = _own(model, party, item)
        found.delete()
        _record(actor, now, party, action, getattr(found, "kind", "bank_account"))


def _record(actor: Actor, now: datetime, party: Party, action: str, field: str) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="party", object_id=party.pk, object_ref=party.ref,
        detail={"fields": [field]},
    )  # fmt: skip
