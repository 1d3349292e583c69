"""Seeing a file is recorded; seeing a value in clear needs a reason and is recorded with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from anxin.book.customers import access, data
from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.book.customers.models import Address, BankAccount, ContactPoint, IdentityDocument, Party
from anxin.foundation.audit import services as audit
from anxin.kernel import money, vault
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _


def record_view(*, actor: Actor, now: datetime, party_id: UUID, ref: str) -> None:
    """One entry for one opening of a file, on whatever channel."""
    audit.record(actor=actor, now=now, action="customers.view", object_kind="party", object_id=party_id, object_ref=ref)


def checked_reason(code: str, text: str) -> str:
    """The reason as it is recorded. Raises Rejected without one; "other" needs words."""
    if code not in data.REVEAL_REASONS:
        raise Rejected("reason", _("Choose a reason."))
    words = " ".join(text.split())[:200]
    if code == "other" and len(words) < 4:
        raise Rejected("explanation", _("Describe the reason in a few words."))
    return f"{code}: {words}" if words else code


def reveal(
    *, actor: Actor, now: datetime, ref: str, field: str, item: UUID | None, reason: str, explanation: str = ""
) -> str:  # fmt: skip
    """One value in clear. Writes the entry before it answers.

    Raises NotPermitted, CustomerNotFound (also for an item of another file) and Rejected.
    """
    party = access.get_party(actor, ref, "customers.reveal")
    recorded = checked_reason(reason, explanation)
    if field in _ITEMS:
        if item is None:
            raise CustomerNotFound(field)
        clear = _ITEMS[field](party, item)
    elif field in _PLAIN and item is None:
        clear = _PLAIN[field](party)
    else:
        raise CustomerNotFound(field)
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="customers.reveal", object_kind="party", object_id=party.pk,
            object_ref=party.ref, reason=recorded, detail={"fields": [field]},
        )  # fmt: skip
    return clear


def _opened(model: Any, table: str, column: str) -> Callable[[Party, UUID], str]:
    def read(party: Party, item: UUID) -> str:
        row = model.objects.filter(pk=item, party=party).first()
        if row is None:
            raise CustomerNotFound(str(item))
        return vault.ring().open(bytes(getattr(row, column)), table=table, column=column, row=row.pk)

    return read


def _address(party: Party, item: UUID) -> str:
    row = Address.objects.filter(pk=item, party=party).first()
    if row is None:
        raise CustomerNotFound(str(item))
    return row.text


def _birth(party: Party) -> str:
    return party.birth_date.isoformat() if party.birth_date else ""


def _income(party: Party) -> str:
    return "" if party.annual_income_fen is None else money.format_money(party.annual_income_fen, "zh")


_ITEMS: Final[Mapping[str, Callable[[Party, UUID], str]]] = {
    "contact": _opened(ContactPoint, "customers_contactpoint", "value_sealed"),
    "document": _opened(IdentityDocument, "customers_identitydocument", "number_sealed"),
    "account": _opened(BankAccount, "customers_bankaccount", "number_sealed"),
    "address": _address,
}
_PLAIN: Final[Mapping[str, Callable[[Party], str]]] = {"birth_date": _birth, "annual_income_fen": _income}
REVEALABLE: Final = frozenset(_ITEMS) | frozenset(_PLAIN)


def may_reveal(actor: Actor, ref: str, field: str, item: UUID | None) -> None:
    """Raises NotPermitted, or CustomerNotFound when there is no such value in a file within reach."""
    party = access.get_party(actor, ref, "customers.reveal")
    if field in _ITEMS:
        model = {"contact": ContactPoint, "document": IdentityDocument, "account": BankAccount, "address": Address}
        rows: Any = model[field]
        if item is not None and rows.objects.filter(pk=item, party=party).exists():
            return
    elif field in _PLAIN and item is None:
        return
    raise CustomerNotFound(field)
