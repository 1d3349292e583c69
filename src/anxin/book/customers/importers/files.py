"""One customer file while rows of several systems are merged into it.

Which value survives: what staff set by hand stays; the source that said a value may change it; every other source only
fills what is blank. `provenance` notes who said what is not the file's own source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from anxin.book.customers import rules
from anxin.book.customers.importers import fields
from anxin.kernel import vault

STAFF: Final = "staff"
# Scalars of the file together with where it belongs.
VALUES: Final = (*fields.SCALARS, "unit_id", "manager_id")

Row = dict[str, Any]


@dataclass(slots=True)
class Contact:
    id: str | None
    kind: str
    label: str
    value: str
    is_primary: bool
    source: str


@dataclass(eq=False, slots=True)
class File:
    """A party with all that rows may add to it. Ids are hexadecimal; `id` None marks what is not yet written."""

    id: str
    kind: str
    source: str
    is_new: bool
    values: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(VALUES))
    provenance: dict[str, list[str]] = field(default_factory=dict)
    documents: dict[str, set[str]] = field(default_factory=dict)  # kind → blind values, in hexadecimal
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)
    addresses: dict[tuple[str, str], tuple[str | None, str]] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)
    facts: dict[tuple[str, str], tuple[str | None, str]] = field(default_factory=dict)
    custody_id: str | None = None
    is_manager_by_hand: bool = False
    # What is to be written.
    is_changed: bool = False
    new_documents: list[Row] = field(default_factory=list)
    new_accounts: list[Row] = field(default_factory=list)
    changed_contacts: set[tuple[str, str]] = field(default_factory=set)
    changed_addresses: set[tuple[str, str]] = field(default_factory=set)
    changed_facts: set[tuple[str, str]] = field(default_factory=set)
    has_new_manager: bool = False

    def mobiles(self) -> list[str]:
        return [blind for kind, blind in self.contacts if kind == "mobile"]

    def merge(self, row: Row, source: str, today: date, *, is_disputed: bool) -> None:
        """Take in one checked row. `row` carries unit_id, manager_id and document_blind besides the checked columns."""
        for name in VALUES:
            value = row[name]
            if value is not None and value != self.values[name] and self._may_set(name, source):
                self.values[name] = value
                if source == self.source:
                    self.provenance.pop(name, None)
                else:
                    self.provenance[name] = [source, today.isoformat()]
                self.is_changed = True
                self.has_new_manager = self.has_new_manager or name == "manager_id"
        self._merge_document(row, source, is_disputed=is_disputed)
        self._merge_contacts(row, source)
        for name, kind in fields.ADDRESSES:
            self.is_changed |= _keep(self.addresses, self.changed_addresses, (kind, source), row[name])
        for name, code in fields.FACTS:
            self.is_changed |= _keep(self.facts, self.changed_facts, (code, source), row[name])
        self._merge_account(row, source)

    def _may_set(self, name: str, source: str) -> bool:
        said_by = self.provenance.get(name, [self.source])[0]
        if said_by == STAFF or (name == "manager_id" and self.is_manager_by_hand):
            return False
        return self.values[name] in (None, "") or said_by == source

    def _merge_document(self, row: Row, source: str, *, is_disputed: bool) -> None:
        blind = row["document_blind"]
        if blind is None or blind in self.documents.get(row["document_kind"], ()):
            return
        self.documents.setdefault(row["document_kind"], set()).add(blind)
        self.new_documents.append(
            {
                "party_id": self.id,
                "kind": row["document_kind"],
                "number": row["document_no"],
                "valid_until": row["document_until"],
                "is_disputed": is_disputed,
                "source": source,
            }
        )
        self.is_changed = True

    def _merge_contacts(self, row: Row, source: str) -> None:
        for name, kind, label in fields.CONTACTS:
            value = row[name]
            if value is None:
                continue
            kind = contact_kind(kind, value)
            key = kind, contact_blind(kind, value)
            if key in self.contacts:
                continue
            is_primary = name == "mobile"
            if is_primary:
                holder = next((other for other in self.contacts.items() if other[1].is_primary), None)
                if holder is not None and holder[1].source == source:
                    # The source has a new number for the same person: the old one stays, but no longer first.
                    holder[1].is_primary = False
                    self.changed_contacts.add(holder[0])
                elif holder is not None:
                    is_primary = False
            self.contacts[key] = Contact(None, kind, label, value, is_primary, source)
            self.changed_contacts.add(key)
            self.is_changed = True

    def _merge_account(self, row: Row, source: str) -> None:
        number = row["bank_account"]
        if number is None:
            return
        blind = vault.ring().blind(rules.BLIND_ACCOUNT, number).hex()
        if blind not in self.accounts:
            self.accounts.add(blind)
            self.new_accounts.append(
                {"party_id": self.id, "bank": row["bank"] or "", "number": number, "source": source}
            )
            self.is_changed = True


def _keep(
    held: dict[tuple[str, str], tuple[str | None, str]], changed: set[tuple[str, str]], key: tuple[str, str], text: Any
) -> bool:
    present = held.get(key)
    if text is None or (present is not None and present[1] == text):
        return False
    held[key] = (present[0] if present else None, text)
    changed.add(key)
    return True


def contact_kind(kind: str, value: str) -> str:
    """A mobile written under home phone is a mobile, a landline under mobile is none; the rest stays as it is."""
    if kind not in ("mobile", "phone"):
        return kind
    return "mobile" if len(value) == 11 and value[0] == "1" and value.isdigit() else "phone"


def contact_blind(kind: str, value: str) -> str:
    """Blind value in hexadecimal; an extension does not make another number."""
    if kind in ("mobile", "phone", "fax"):
        return vault.ring().blind(rules.BLIND_PHONE, value.partition("-")[0]).hex()
    return vault.ring().blind(rules.BLIND_EMAIL if kind == "email" else rules.BLIND_WECHAT, value).hex()


def hexadecimal(value: UUID | None) -> str | None:
    return value.hex if value is not None else None
