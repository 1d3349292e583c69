"""The elements that tell who a customer is (anti-money-laundering identification), and which of them are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from anxin.book.customers.models import Address, ContactPoint, IdentityDocument, Party


@dataclass(frozen=True, kw_only=True)
class Elements:
    """`missing`: codes of elements without a value; `expired`: the last day of the document, when none is good."""

    is_person: bool
    ref: str
    manager_id: UUID | None
    unit_id: UUID | None
    missing: tuple[str, ...]
    expired: date | None


def elements_of(party_ids: Sequence[UUID], *, today: date) -> dict[UUID, Elements]:
    """Two queries, whatever the number of (living) files. Persons: nine elements; organisations: four of their own."""
    documents: dict[UUID, list[date | None]] = {}
    for party, until in IdentityDocument.objects.filter(party__in=party_ids).values_list("party", "valid_until"):
        documents.setdefault(party, []).append(until)
    rows = Party.objects.filter(pk__in=party_ids, state=Party.State.ACTIVE).annotate(
        has_address=Exists(Address.objects.filter(party=OuterRef("pk"))),
        has_contact=Exists(
            ContactPoint.objects.filter(Q(kind="mobile") | Q(kind="phone"), party=OuterRef("pk"), is_bad=False)
        ),
    )
    found = {}
    for row in rows:
        days = documents.get(row.pk, [])
        known = [day for day in days if day is not None]
        wanted: dict[str, object]
        if row.kind == Party.Kind.PERSON:
            wanted = {
                "name": row.name, "sex": row.sex, "nationality": row.nationality, "occupation": row.occupation,
                "address": row.has_address, "contact": row.has_contact, "document_kind": days,
                "document_number": days, "document_until": known,
            }  # fmt: skip
        else:
            wanted = {
                "name": row.name, "address": row.has_address, "uscc": row.uscc or days,
                "legal_representative": row.legal_representative,
            }  # fmt: skip
        is_expired = bool(known) and max(known) <= today and len(known) == len(days)
        found[row.pk] = Elements(
            is_person=row.kind == Party.Kind.PERSON, ref=row.ref, manager_id=row.manager_id, unit_id=row.unit_id,
            missing=tuple(code for code, value in wanted.items() if not value),
            expired=max(known) if is_expired else None,
        )  # fmt: skip
    return found
