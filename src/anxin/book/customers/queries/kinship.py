"""Persons who share a phone, an address or a family relation: what households are inferred from. For the system itself.

Frames, keys in hexadecimal. `among` keeps to groups with at least one of these persons.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.models import BinaryField, F, Func, Q, TextField, Value
from django.db.models.functions import Coalesce

from anxin.analytics.linkage import addresses as homes
from anxin.book.customers import data
from anxin.book.customers.models import Address, ContactPoint, Party, Relation
from anxin.kernel.among import among as keys

_GROUPS: Final[dict[str, Any]] = {"group": pl.String(), "party": pl.String()}
_SHORTEST_ADDRESS: Final = 8
_NUMBERS: Final = Func(
    Func(F("text"), template="normalize(%(expressions)s, NFKC)"), Value("[^0-9]"), Value(""), Value("g"),
    function="regexp_replace", output_field=TextField(),
)  # fmt: skip


def phones(*, at_most: int, among: Collection[UUID] | None = None) -> pl.DataFrame:
    """Living persons with the same phone (`group`, `party`); phones of more than `at_most` persons, staff's or a
    company's, left out."""
    rows = ContactPoint.objects.filter(_persons(), kind__in=["mobile", "phone"], is_bad=False)
    if among is not None:
        rows = rows.filter(value_blind__in=ContactPoint.objects.filter(keys("party__pk", among)).values("value_blind"))
    return _shared(_frame(rows.values_list(_hex("value_blind"), _hex("party_id")), _GROUPS), at_most)


def addresses(*, at_most: int, among: Collection[UUID] | None = None) -> pl.DataFrame:
    """Living persons at the same home, told down to a number, however it was written (`home_keys`)."""
    rows = Address.objects.filter(_persons(), kind="home")
    if among is not None:
        # Equal homes have equal numbers: what has others need not be read.
        known = Address.objects.filter(keys("party__pk", among), kind="home").annotate(numbers=_NUMBERS)
        rows = rows.annotate(numbers=_NUMBERS).filter(numbers__in=known.values("numbers"))
    found = _frame(rows.values_list("text", _hex("party_id")), _GROUPS)
    found = found.with_columns(homes.home_keys(found["group"]).alias("group")).filter(
        pl.col("group").str.contains(r"\d"), pl.col("group").str.len_chars() >= _SHORTEST_ADDRESS
    )
    return _shared(found, at_most)


def relations(*, among: Collection[UUID] | None = None) -> pl.DataFrame:
    """Family relations that hold, between living persons: `left`, `right`, `relation` (what left is to right)."""
    family = [code for code, kind in data.RELATION_KINDS.items() if kind.group == "family"]
    rows = Relation.objects.filter(_persons("from_party"), _persons("to_party"), kind__in=family, until_date=None)
    if among is not None:
        rows = rows.filter(keys("from_party__pk", among) | keys("to_party__pk", among))
    return _frame(
        rows.order_by("pk").values_list(_hex("from_party_id"), _hex("to_party_id"), "kind"),
        dict.fromkeys(("left", "right", "relation"), pl.String()),
    )


def persons(parties: pl.Series | None = None) -> pl.DataFrame:
    """Living persons, all or those of `parties` (hexadecimal): `party`, `name`, `sex`, `birth_date`, `policies`."""
    rows = Party.objects.filter(_alive(""))
    if parties is not None:
        rows = rows.filter(keys("pk", (UUID(key) for key in parties)))
    return _frame(
        rows.values_list(_hex("pk"), "name", "sex", "birth_date", Coalesce("standing__active_policies", 0)),
        {
            "party": pl.String(), "name": pl.String(), "sex": pl.String(), "birth_date": pl.Date(),
            "policies": pl.Int64(),
        },
    )  # fmt: skip


def of_batch(batch_id: UUID) -> list[UUID]:
    """Parties a batch wrote: new ones, and those whose contact points, addresses or relations it brought."""
    found: set[UUID] = set(Party.objects.filter(batch_id=batch_id).values_list("pk", flat=True))
    for rows, name in (
        (ContactPoint.objects, "party_id"), (Address.objects, "party_id"), (Relation.objects, "from_party_id"),
    ):  # fmt: skip
        found.update(rows.filter(batch_id=batch_id).values_list(name, flat=True))
    return sorted(found)


def _alive(prefix: str) -> Q:
    return Q(
        **{f"{prefix}kind": Party.Kind.PERSON, f"{prefix}state": Party.State.ACTIVE, f"{prefix}is_deceased": False}
    )


def _persons(path: str = "party") -> Q:
    return _alive(f"{path}__")


def _frame(rows: Any, schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _hex(column: str) -> Func:
    """A key, or a blind value, in hexadecimal: text from the database on, where an object of each costs more than the
    row."""
    sent = F(column) if column.endswith("_blind") else Func(F(column), function="uuid_send", output_field=BinaryField())
    return Func(sent, Value("hex"), function="encode", output_field=TextField())


def _shared(groups: pl.DataFrame, at_most: int) -> pl.DataFrame:
    return groups.unique().filter(pl.len().over("group").is_between(2, at_most))
