"""Rows of customers as lists show them: names in clear, all that reaches or identifies a person masked or left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from anxin.book.customers.models import Address, ContactPoint, Party, PartyTag, Tag
from anxin.kernel import masking, vault
from anxin.kernel.masking import PersonalKind
from anxin.kernel.statements import Statement

# Columns that cost a query of their own; asked for only when shown.
EXTRAS: Final = frozenset({"mobile", "tags", "district"})


@dataclass(frozen=True, kw_only=True)
class TagData:
    id: UUID
    name: str
    colour: str


class CustomerRow(NamedTuple):
    """One row of the list. Names in clear, everything that reaches or identifies a person masked or left out.

    A tuple, and in the order of `_COLUMNS`: a list makes fifty of them from as many rows of the database.
    """

    id: UUID
    ref: str
    kind: str
    name: str
    sex: str
    birth_date: date | None
    birthday: int | None  # month * 100 + day
    is_deceased: bool
    customer_since: date | None
    manager: str
    unit: str
    tier: str
    abc: str
    annual_premium_fen: int | None
    active_policies: int | None
    next_expiry_date: date | None
    last_contact_at: datetime | None
    open_claims: int
    mobile: str = ""
    district: str = ""
    tags: tuple[TagData, ...] = ()


def rows_of(ids: Sequence[UUID], *, extras: Collection[str] = (), reveal: bool = False) -> tuple[CustomerRow, ...]:
    """Rows of these parties in this order. The caller has checked the reach; `reveal` leaves phones unmasked."""
    if not ids:
        return ()
    found = {row[0]: CustomerRow(*row) for row in _ROWS.all(ids=list(ids))}
    rows = tuple(found[key] for key in ids if key in found)
    if not extras:
        return rows
    mobiles = _mobiles(ids, reveal=reveal) if "mobile" in extras else {}
    tags = _tags(ids) if "tags" in extras else {}
    districts = _districts(ids) if "district" in extras else {}
    return tuple(
        row._replace(
            mobile=mobiles.get(row.id, ""), district=districts.get(row.id, ""), tags=tuple(tags.get(row.id, ()))
        )
        for row in rows
    )


def list_tags() -> list[TagData]:
    """Every tag, by name."""
    return [TagData(id=key, name=name, colour=colour) for key, name, colour in _TAGS.all()]


_TAGS: Final = Statement(lambda: Tag.objects.order_by("name").values_list("id", "name", "colour"))


# The fields of a row that have no default, in their order.
_COLUMNS: Final = (
    "id", "ref", "kind", "name", "sex", "birth_date", "birthday", "is_deceased", "customer_since",
    Coalesce("manager__display_name", Value("")), Coalesce("unit__name", Value("")),
    Coalesce("standing__tier", Value("")), Coalesce("standing__abc", Value("")),
    "standing__annual_premium_fen", "standing__active_policies", "standing__next_expiry_date",
    "standing__last_contact_at", Coalesce("standing__open_claims", Value(0)),
)  # fmt: skip


def _rows(ids: Any) -> QuerySet[Any, Any]:
    return Party.objects.filter(pk__any_of=ids).values_list(*_COLUMNS)


_ROWS: Final = Statement(_rows, ids=list)


def _numbers(ids: Any) -> QuerySet[Any, Any]:
    """One number of each party: mobiles before landlines, the primary one before others, bad ones last."""
    return (
        ContactPoint.objects.filter(party__any_of=ids, kind__in=["mobile", "phone"])
        .order_by("party", "kind", "-is_primary", "is_bad", "id")
        .distinct("party")
        .values_list("party_id", "id", "value_sealed")
    )


_NUMBERS: Final = Statement(_numbers, ids=list)


def _mobiles(ids: Sequence[UUID], *, reveal: bool) -> dict[UUID, str]:
    points = _NUMBERS.all(ids=list(ids))
    opened = vault.ring().open_many(
        [bytes(sealed) for _, _, sealed in points],
        "customers_contactpoint",
        "value_sealed",
        [key for _, key, _ in points],
    )
    return {
        party: (value or "") if reveal else masking.mask(PersonalKind.PHONE, value)
        for (party, _, _), value in zip(points, opened, strict=True)
    }


def _tags(ids: Sequence[UUID]) -> dict[UUID, list[TagData]]:
    found: dict[UUID, list[TagData]] = {}
    for row in PartyTag.objects.filter(party__in=ids).select_related("tag").order_by("tag__name"):
        found.setdefault(row.party_id, []).append(TagData(id=row.tag_id, name=row.tag.name, colour=row.tag.colour))
    return found


def _districts(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Province, city and district of an address: the masked address, which ends there."""
    rows = (
        Address.objects.filter(party__in=ids)
        .order_by("party", "kind", "id")
        .distinct("party")
        .values_list("party_id", "text")
    )
    return {party: masking.mask(PersonalKind.ADDRESS, text).removesuffix(masking.HIDDEN) for party, text in rows}
