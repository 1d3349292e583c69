"""Files that look like the one being made: the same document, the same mobile, the same name and birth date.

The whole book is searched, for a second file is a second file wherever it lies; outside the actor's reach only the unit
that keeps it is told.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from anxin.book.customers import access, rules
from anxin.book.customers.data import Twin
from anxin.book.customers.models import ContactPoint, IdentityDocument, Party
from anxin.book.customers.queries.listing import rows_of
from anxin.kernel import names, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import phones

MOST: Final = 5


def find_twins(
    actor: Actor, *, name: str = "", birth_date: date | None = None, document_kind: str = "", document_number: str = "",
    mobile: str = "",
) -> list[Twin]:  # fmt: skip
    """Up to five living files. At most six queries. Requires customers.create."""
    actor.require("customers.create")
    ring = vault.ring()
    found: dict[UUID, list[str]] = {}
    if document_number:
        documents = IdentityDocument.objects.filter(number_blind=ring.blind(rules.BLIND_DOCUMENT, document_number))
        if document_kind:
            documents = documents.filter(kind=document_kind)
        _note(found, "document", list(documents.values_list("party_id", flat=True)[:MOST]))
    number = phones.normalise_phone(mobile).normalised if mobile else None
    if number:
        points = ContactPoint.objects.filter(value_blind=ring.blind(rules.BLIND_PHONE, number))
        _note(found, "mobile", list(points.values_list("party_id", flat=True)[:MOST]))
    if name and birth_date is not None:
        same = Party.objects.filter(name=names.normalise_name(name), birth_date=birth_date, state="active")
        _note(found, "name_birth", list(same.values_list("pk", flat=True)[:MOST]))
    if not found:
        return []
    parties = list(Party.objects.filter(pk__in=found, state="active").select_related("unit")[:MOST])
    reached = set(access.visible_parties(actor).filter(pk__in=found).values_list("pk", flat=True))
    rows = {row.id: row for row in rows_of([one.pk for one in parties if one.pk in reached], extras=("mobile",))}
    twins = []
    for party in parties:
        by, unit = tuple(found[party.pk]), party.unit.name if party.unit else ""
        row = rows.get(party.pk)
        if row is None:
            twins.append(Twin(by=by, unit=unit))
        else:
            twins.append(
                Twin(
                    by=by, unit=unit, ref=row.ref, name=row.name, phone=row.mobile, manager=row.manager,
                    birth_date=access.shown("birth_date", party.birth_date),
                )
            )  # fmt: skip
    return twins


def _note(found: dict[UUID, list[str]], by: str, parties: list[UUID]) -> None:
    for party in parties:
        found.setdefault(party, []).append(by)
