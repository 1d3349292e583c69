"""Persons who share a phone, an address or a family relation: what households are inferred from. For the system itself.

Groups, no pairs: a phone of four persons is one row here. `among` keeps to groups with at least one of these persons.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value

from anxin.analytics.linkage import addresses as homes
from anxin.book.customers import data
from anxin.book.customers.models import Address, ContactPoint, Party, Relation

_CHUNK: Final = 5_000
_SHORTEST_ADDRESS: Final = 8
_NUMBERS: Final = Func(
    Func(F("text"), template="normalize(%(expressions)s, NFKC)"), Value("[^0-9]"), Value(""), Value("g"),
    function="regexp_replace", output_field=TextField(),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Kin:
    """What is needed of a person to tell who is who in a household."""

    name: str
    sex: str
    birth_date: date | None
    policies: int


def phones(*, at_most: int, among: Collection[UUID] | None = None) -> Iterator[list[UUID]]:
    """Living persons with the same phone; phones of more than `at_most` persons, staff's or a company's, left out."""
    rows = ContactPoint.objects.filter(_persons(), kind__in=["mobile", "phone"], is_bad=False)
    if among is not None:
        rows = rows.filter(value_blind__in=ContactPoint.objects.filter(party__in=among).values("value_blind"))
    yield from _groups(rows, "value_blind", at_most)


def addresses(*, at_most: int, among: Collection[UUID] | None = None) -> Iterator[list[UUID]]:
    """Living persons at the same home, told down to a number, however it was written (`home_keys`)."""
    rows = Address.objects.filter(_persons(), kind="home")
    if among is not None:
        # Equal homes have equal numbers: what has others need not be read.
        known = Address.objects.filter(party__in=among, kind="home").annotate(numbers=_NUMBERS).values("numbers")
        rows = rows.annotate(numbers=_NUMBERS).filter(numbers__in=known)
    found = pl.DataFrame(
        [(key.hex, text) for key, text in rows.values_list("party_id", "text").iterator(chunk_size=_CHUNK)],
        schema={"party": pl.String(), "text": pl.String()}, orient="row",
    )  # fmt: skip
    shared = (
        found.with_columns(homes.home_keys(found["text"]).alias("home"))
        .filter(pl.col("home").str.contains(r"\d"), pl.col("home").str.len_chars() >= _SHORTEST_ADDRESS)
        .group_by("home")
        .agg(pl.col("party").unique())
        .filter(pl.col("party").list.len().is_between(2, at_most))
    )
    for parties in shared["party"]:
        yield [UUID(key) for key in parties]


def relations(*, among: Collection[UUID] | None = None) -> Iterator[tuple[UUID, UUID, str]]:
    """Family relations that hold, between living persons: (a, b, what a is to b)."""
    family = [code for code, kind in data.RELATION_KINDS.items() if kind.group == "family"]
    rows = Relation.objects.filter(_persons("from_party"), _persons("to_party"), kind__in=family, until_date=None)
    if among is not None:
        rows = rows.filter(Q(from_party__in=among) | Q(to_party__in=among))
    yield from rows.values_list("from_party_id", "to_party_id", "kind").iterator(chunk_size=_CHUNK)


def persons(ids: Sequence[UUID]) -> dict[UUID, Kin]:
    """Of these parties the living persons."""
    found: dict[UUID, Kin] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = Party.objects.filter(_alive(""), pk__in=ids[start : start + _CHUNK])
        for key, name, sex, born, policies in rows.values_list(
            "pk", "name", "sex", "birth_date", "standing__active_policies"
        ):
            found[key] = Kin(name=name, sex=sex, birth_date=born, policies=policies or 0)
    return found


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


def _groups(rows: QuerySet[Any], column: str, at_most: int) -> Iterator[list[UUID]]:
    shared = (
        rows.values(column)
        .annotate(count=Count("party_id", distinct=True))
        .filter(count__gte=2, count__lte=at_most)
        .annotate(parties=ArrayAgg("party_id", distinct=True))
        .values_list("parties", flat=True)
    )
    yield from shared.order_by().iterator(chunk_size=_CHUNK)
