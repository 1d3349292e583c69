"""What files hold, in columns: for the room that judges how complete and how true they are. For the system itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.models import Count, Max, Q, QuerySet

from anxin.book.customers.models import Address, ContactPoint, Fact, IdentityDocument, Party, Relation, SourceRecord
from anxin.kernel import vault
from anxin.kernel.among import among

CHUNK: Final = 20_000
# Columns of Party that count by being there.
FILLED: Final = (
    "nationality", "native_place", "marital_status", "education", "occupation", "employer", "position", "uscc",
    "industry", "scale", "legal_representative", "contact_preference", "information_source",
)  # fmt: skip
_PARTY: Final[dict[str, Any]] = {
    "party": pl.String(), "kind": pl.String(), "name": pl.String(), "sex": pl.String(), "birth_date": pl.Date(),
    "uscc": pl.String(), "source": pl.String(), "unit": pl.String(), "manager": pl.String(),
    "is_deceased": pl.Boolean(), "income": pl.Int64(), "headcount": pl.Int64(),
    "updated_at": pl.Datetime("us", "UTC"), **{f"has_{name}": pl.Boolean() for name in FILLED},
    "has_key_contact": pl.Boolean(), "has_overview": pl.Boolean(), "facts_over": pl.Int64(),
}  # fmt: skip


def chunks(*, today: Any, only: Collection[UUID] | None = None) -> Iterator[dict[str, pl.DataFrame]]:
    """Living files with what hangs on them, some thousand at a time: `party`, `document`, `contact`, `address`, `seen`.

    Keys are hex digits. A number of statements per chunk, whatever is in it. Numbers of resident IDs are in clear:
    they stay in the frame.
    """
    after: UUID | None = None
    while True:
        rows = Party.objects.filter(state=Party.State.ACTIVE)
        if only is not None:
            rows = rows.filter(among("pk", only))
        if after is not None:
            rows = rows.filter(pk__gt=after)
        party, last = _parties(rows.order_by("pk")[:CHUNK], today, only)
        if last is None:
            return
        within = Q(party__gte=UUID(party["party"][0]), party__lte=last)
        if only is not None:
            within = among("party__pk", only)
        yield {
            "party": party,
            "document": _documents(within),
            "contact": _contacts(within),
            "address": _addresses(within),
            "seen": _seen(within),
        }
        if party.height < CHUNK:
            return
        after = last


def shared_phones(*, at_least: int, only: Collection[UUID] | None = None) -> pl.DataFrame:
    """Phones that stand in the files of `at_least` living customers: blind (hex), parties."""
    rows = ContactPoint.objects.filter(kind__in=["mobile", "phone"], party__state=Party.State.ACTIVE)
    if only is not None:
        rows = rows.filter(value_blind__in=ContactPoint.objects.filter(among("party__pk", only)).values("value_blind"))
    counted = rows.values("value_blind").annotate(count=Count("party", distinct=True)).filter(count__gte=at_least)
    found = [(bytes(blind).hex(), count) for blind, count in counted.order_by().values_list("value_blind", "count")]
    return pl.DataFrame(found, schema={"blind": pl.String(), "parties": pl.Int64()}, orient="row")


def _parties(rows: QuerySet[Party], today: Any, only: Collection[UUID] | None) -> tuple[pl.DataFrame, UUID | None]:
    found = list(
        rows.values_list(
            "pk", "kind", "name", "sex", "birth_date", "uscc", "source", "unit_id", "manager_id", "is_deceased",
            "annual_income_fen", "headcount", "updated_at", *FILLED,
        )
    )  # fmt: skip
    if not found:
        return pl.DataFrame(schema=_PARTY), None
    keys = [row[0] for row in found]
    contacts, overviews, over = _known(keys, today, only)
    plain = [
        (
            key.hex, kind, name, sex, born, uscc, source, unit.hex if unit else None, manager.hex if manager else None,
            dead, income, heads, updated, *(bool(value) for value in rest), key in contacts, key in overviews,
            int(key in over),
        )
        for key, kind, name, sex, born, uscc, source, unit, manager, dead, income, heads, updated, *rest in found
    ]  # fmt: skip
    return pl.DataFrame(plain, schema=_PARTY, orient="row"), keys[-1]


def _known(keys: Sequence[UUID], today: Any, only: Collection[UUID] | None) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """Of these files: those with a key person, with an overview of the company, with facts past their day. Without
    `only` they are all that lie between the first and the last."""

    def theirs(path: str) -> Q:
        if only is not None:
            return among(f"{path}__pk", keys)
        return Q(**{f"{path}__gte": keys[0], f"{path}__lte": keys[-1]})

    relations = Relation.objects.all()
    contacts = set(
        relations.filter(theirs("to_party"), kind__in=["key_contact", "legal_representative"]).values_list(
            "to_party_id", flat=True
        )
    ) | set(
        relations.filter(theirs("from_party"), kind__in=["contact_of", "represents"]).values_list(
            "from_party_id", flat=True
        )
    )
    facts = Fact.objects.filter(theirs("party"))
    overviews = set(facts.filter(code="company_overview").values_list("party_id", flat=True))
    return contacts, overviews, set(facts.filter(expires_on__lte=today).values_list("party_id", flat=True))


def _documents(within: Q) -> pl.DataFrame:
    rows = list(
        IdentityDocument.objects.filter(within, party__state=Party.State.ACTIVE).values_list(
            "pk", "party_id", "kind", "number_sealed", "valid_until", "is_disputed"
        )
    )
    opened = vault.ring().open_many(
        [bytes(row[3]) if row[2] == "resident_id" else None for row in rows],
        "customers_identitydocument", "number_sealed", [row[0] for row in rows],
    )  # fmt: skip
    return pl.DataFrame(
        [
            (party.hex, kind, number, until, disputed)
            for (_key, party, kind, _sealed, until, disputed), number in zip(rows, opened, strict=True)
        ],
        schema={
            "party": pl.String(), "kind": pl.String(), "number": pl.String(), "valid_until": pl.Date(),
            "is_disputed": pl.Boolean(),
        },
        orient="row",
    )  # fmt: skip


def _contacts(within: Q) -> pl.DataFrame:
    rows = ContactPoint.objects.filter(within).values_list("party_id", "kind", "value_blind", "is_bad")
    return pl.DataFrame(
        [(party.hex, kind, bytes(blind).hex(), bad) for party, kind, blind, bad in rows],
        schema={"party": pl.String(), "kind": pl.String(), "blind": pl.String(), "is_bad": pl.Boolean()},
        orient="row",
    )


def _addresses(within: Q) -> pl.DataFrame:
    rows = Address.objects.filter(within).values_list("party_id", "kind", "text")
    return pl.DataFrame(
        [(party.hex, kind, text) for party, kind, text in rows],
        schema={"party": pl.String(), "kind": pl.String(), "text": pl.String()},
        orient="row",
    )


def _seen(within: Q) -> pl.DataFrame:
    rows = SourceRecord.objects.filter(within).values("party_id").annotate(last=Max("seen_at"))
    return pl.DataFrame(
        [(party.hex, last) for party, last in rows.values_list("party_id", "last")],
        schema={"party": pl.String(), "seen_at": pl.Datetime("us", "UTC")},
        orient="row",
    )
