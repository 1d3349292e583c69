"""Customer files that rows of a chunk may belong to, read and locked together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from anxin.book.customers.importers import fields
from anxin.book.customers.importers.files import Contact, File, hexadecimal
from anxin.book.customers.models import Address, BankAccount, ContactPoint, Custody, Fact, IdentityDocument, Party
from anxin.kernel import bulk


def load(ids: Iterable[str]) -> dict[str, File]:
    """Files by id (hexadecimal), their rows locked in the order of the ids: two imports cannot wait for one another."""
    keys = [UUID(key) for key in sorted(set(ids))]
    if not keys:
        return {}
    files: dict[str, File] = {}
    with bulk.by_index():
        columns = ("id", "kind", "source", "provenance", "unit_id", "manager_id", *fields.SCALARS)
        parties = Party.objects.select_for_update().filter(id__in=keys).order_by("id").values(*columns)
        for row in parties:
            values: dict[str, Any] = {name: row[name] or None for name in fields.SCALARS}
            # Nought is a value, blank is none.
            values.update({name: row[name] for name in fields.NULLABLE})
            values["unit_id"], values["manager_id"] = hexadecimal(row["unit_id"]), hexadecimal(row["manager_id"])
            files[row["id"].hex] = File(
                id=row["id"].hex, kind=row["kind"], source=row["source"], is_new=False, values=values,
                provenance=row["provenance"],
            )  # fmt: skip
        _load_children(keys, files)
    return files


def _load_children(keys: list[UUID], files: dict[str, File]) -> None:
    for document in IdentityDocument.objects.filter(party__in=keys).values("party_id", "kind", "number_blind"):
        file = files[document["party_id"].hex]
        file.documents.setdefault(document["kind"], set()).add(bytes(document["number_blind"]).hex())
    contacts = ContactPoint.objects.filter(party__in=keys).order_by("id")
    for contact in contacts.values("id", "party_id", "kind", "label", "value_blind", "is_primary", "source"):
        key = contact["kind"], bytes(contact["value_blind"]).hex()
        files[contact["party_id"].hex].contacts[key] = Contact(
            contact["id"].hex, contact["kind"], contact["label"], "", contact["is_primary"], contact["source"]
        )
    for address in Address.objects.filter(party__in=keys).values("id", "party_id", "kind", "source", "text"):
        files[address["party_id"].hex].addresses[address["kind"], address["source"]] = (
            address["id"].hex,
            address["text"],
        )
    for account in BankAccount.objects.filter(party__in=keys).values("party_id", "number_blind"):
        files[account["party_id"].hex].accounts.add(bytes(account["number_blind"]).hex())
    codes = [code for _name, code in fields.FACTS]
    facts = Fact.objects.filter(party__in=keys, code__in=codes).order_by("id")
    for fact in facts.values("id", "party_id", "code", "source", "value"):
        files[fact["party_id"].hex].facts[fact["code"], fact["source"]] = fact["id"].hex, fact["value"]
    open_custody = Custody.objects.filter(party__in=keys, until_at__isnull=True)
    for custody in open_custody.values("id", "party_id", "assigned_by_id", "batch_id"):
        file = files[custody["party_id"].hex]
        file.custody_id = custody["id"].hex
        file.is_manager_by_hand = bool(custody["assigned_by_id"]) or not custody["batch_id"]
