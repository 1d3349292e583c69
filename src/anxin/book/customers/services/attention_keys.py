"""Numbers by which an entry of the attention list is found: normalised, sealed, and compared by their digests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from anxin.book.customers import rules
from anxin.book.customers.data import Rejected
from anxin.book.customers.models import AttentionKey
from anxin.kernel import vault
from anxin.kernel.identifiers import phones, plates, uscc
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _

# What a key is a digest of. Documents and phones share theirs with the customer file, so that one finds the other.
BLINDS: Final = {
    AttentionKey.Kind.DOCUMENT: rules.BLIND_DOCUMENT,
    AttentionKey.Kind.PHONE: rules.BLIND_PHONE,
    AttentionKey.Kind.PLATE: "plate",
    AttentionKey.Kind.USCC: rules.BLIND_DOCUMENT,
}


def keep_keys(entry_id: UUID, keys: Mapping[str, str]) -> None:
    """Seal the (normalised) numbers of an entry."""
    ring = vault.ring()
    rows = []
    for kind, value in keys.items():
        key = uuid7()
        rows.append(
            AttentionKey(
                id=key, entry_id=entry_id, kind=kind,
                value_sealed=ring.seal(value, table="customers_attentionkey", column="value_sealed", row=key),
                value_blind=ring.blind(BLINDS[AttentionKey.Kind(kind)], value),
            )
        )  # fmt: skip
    AttentionKey.objects.bulk_create(rows, ignore_conflicts=True)


def blinds_of(keys: Mapping[str, str]) -> list[bytes]:
    """The blind values of (normalised) numbers."""
    return [vault.ring().blind(BLINDS[AttentionKey.Kind(kind)], value) for kind, value in keys.items()]


def normal_key(kind: str, value: str, *, strict: bool = True) -> str:
    """A number as it is compared. Raises Rejected for what is none, unless `strict` is off."""
    text = "".join(value.split()).upper()
    if kind == "phone":
        found = phones.normalise_phone(text).normalised
        if found is None and strict:
            raise Rejected("phone", _("This is not a phone number."))
        return (found or text).partition("-")[0]
    if kind == "plate":
        return plates.validate_plate(text).normalised or text
    if kind == "uscc":
        checked = uscc.validate_uscc(text)
        if strict and not checked.ok:
            raise Rejected("uscc", _("This is not a valid unified social credit code: check its 18 characters."))
        return checked.normalised or text
    return text
