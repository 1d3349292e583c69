"""Files as records to be linked, and which files share a key with some of them: whole sets, for the room `matching`.

Resident ID numbers come in clear, because slips in them can be judged only so; phones, e-mail and accounts as blind
values, which are equal or not. The frames live in memory only.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Final
from uuid import UUID

import polars as pl
from psycopg import sql

from anxin.kernel import bulk, bulk_read, vault

# A number that more files share says nothing (an agent's own, a company's exchange).
MOST_SHARING: Final = 40

# What decides which of several comes first stands behind what is read; all are texts.
_PARTIES: Final = """
SELECT encode(uuid_send(p.id), 'hex'), p.source, p.kind, p.name, p.sex, p.birth_date::text, nullif(p.uscc, '')
FROM {from_} WHERE p.state = 'active'
"""
_PARTY: Final = ("record_id", "source", "kind", "name", "sex", "birth_date", "uscc")
_DOCUMENTS: Final = """
SELECT encode(uuid_send(d.party_id), 'hex'), encode(d.number_sealed, 'hex'), d.is_disputed::text,
    (NOT d.is_verified)::text, encode(uuid_send(d.id), 'hex')
FROM {from_} WHERE d.kind = 'resident_id'
"""
_CONTACTS: Final = """
SELECT encode(uuid_send(c.party_id), 'hex'), encode(c.value_blind, 'hex'), c.is_bad::text, (NOT c.is_primary)::text,
    c.kind, encode(uuid_send(c.id), 'hex')
FROM {from_} WHERE c.kind IN ('mobile', 'phone', 'email')
"""
_ACCOUNTS: Final = """
SELECT encode(uuid_send(b.party_id), 'hex'), encode(b.number_blind, 'hex'), encode(uuid_send(b.id), 'hex') FROM {from_}
"""
_ADDRESSES: Final = """
SELECT encode(uuid_send(a.party_id), 'hex'), a.text, (a.kind NOT IN ('home', 'registered'))::text, a.kind,
    encode(uuid_send(a.id), 'hex')
FROM {from_}
"""
_PAIR: Final = ("record_id", "value")


def records(ids: pl.Series | None = None) -> pl.DataFrame:
    """Living files as `analytics.linkage` reads them, with `kind`: all of them, or those of `ids` (hexadecimal)."""
    with bulk.by_index() if ids is not None else nullcontext():
        frame = _fetch(_PARTIES, "customers_party p", "p.id", ids, _PARTY)
        documents = _fetch(
            _DOCUMENTS, "customers_identitydocument d", "d.party_id", ids,
            ("record_id", "sealed", "is_disputed", "is_unproven", "id"),
        )  # fmt: skip
        contacts = _fetch(
            _CONTACTS, "customers_contactpoint c", "c.party_id", ids,
            (*_PAIR, "is_bad", "is_second", "kind", "id"),
        )  # fmt: skip
        accounts = _fetch(_ACCOUNTS, "customers_bankaccount b", "b.party_id", ids, (*_PAIR, "id"))
        addresses = _fetch(_ADDRESSES, "customers_address a", "a.party_id", ids, (*_PAIR, "is_other", "kind", "id"))
    documents = _first(documents, "is_disputed", "is_unproven", "id")
    numbers = vault.ring().open_many(
        documents["sealed"].str.decode("hex").to_list(), "customers_identitydocument", "number_sealed",
        documents["id"].str.decode("hex").to_list(),
    )  # fmt: skip
    documents = documents.select("record_id", pl.Series("id_number", numbers, dtype=pl.String))
    is_email = pl.col("kind") == "email"
    phones, seconds = _first_two(contacts.filter(~is_email), "is_bad", "is_second", "kind", "id")
    emails = _first(contacts.filter(is_email), "is_bad", "is_second", "id")
    for name, part in (("phone", phones), ("phone2", seconds)):
        frame = frame.join(part.select("record_id", pl.col("value").alias(name)), on="record_id", how="left")
    frame = frame.join(documents, on="record_id", how="left")
    for name, part in (
        ("email", emails),
        ("bank_account", _first(accounts, "id")),
        ("address", _first(addresses, "is_other", "kind", "id")),
    ):
        frame = frame.join(part.select("record_id", pl.col("value").alias(name)), on="record_id", how="left")
    return frame.sort("record_id")


def of_batch(batch_id: UUID) -> pl.Series:
    """The living files an import batch opened or brought records to, hexadecimal."""
    query = sql.SQL(
        "SELECT DISTINCT encode(uuid_send(coalesce(p.replaced_by_id, p.id)), 'hex') FROM customers_sourcerecord r "
        "JOIN customers_party p ON p.id = r.party_id WHERE r.batch_id = {}"
    ).format(sql.Literal(batch_id))
    return bulk.fetch_frame(query, {"id": pl.String()})["id"].sort()


_SHARING: Final[tuple[tuple[str, str], ...]] = (
    # In two halves, each with an index of its own.
    ("document", "SELECT d.party_id AS id FROM customers_identitydocument d WHERE d.number_blind = decode(k.k1, 'hex') "
     "AND d.kind = k.k2 AND NOT d.is_disputed UNION ALL SELECT d.party_id FROM customers_identitydocument d "
     "WHERE d.number_blind = decode(k.k1, 'hex') AND d.kind = k.k2 AND d.is_disputed"),
    ("contact", "SELECT c.party_id AS id FROM customers_contactpoint c WHERE c.value_blind = decode(k.k1, 'hex')"),
    ("account", "SELECT b.party_id AS id FROM customers_bankaccount b WHERE b.number_blind = decode(k.k1, 'hex')"),
    ("birth", "SELECT p.id FROM customers_party p WHERE p.birth_date = k.k1::date AND p.name_sort ^@ k.k2"),
    ("name", "SELECT p.id FROM customers_party p WHERE p.name = k.k1"),
    ("uscc", "SELECT p.id FROM customers_party p WHERE p.uscc = k.k1 AND p.uscc <> ''"),
)  # fmt: skip
_KEYS: Final = {
    "document": "SELECT encode(d.number_blind, 'hex'), d.kind FROM {from_}",
    "contact": "SELECT encode(c.value_blind, 'hex'), '' FROM {from_}",
    "account": "SELECT encode(b.number_blind, 'hex'), '' FROM {from_}",
    "birth": "SELECT p.birth_date::text, coalesce(substring(p.name_sort from '^[a-z]+[0-9]?'), '') FROM {from_} "
    "WHERE p.birth_date IS NOT NULL",
    "name": "SELECT p.name, '' FROM {from_}",
    "uscc": "SELECT p.uscc, '' FROM {from_} WHERE p.uscc <> ''",
}
_TABLES: Final = {
    "document": ("customers_identitydocument d", "d.party_id"),
    "contact": ("customers_contactpoint c", "c.party_id"),
    "account": ("customers_bankaccount b", "b.party_id"),
    "birth": ("customers_party p", "p.id"),
    "name": ("customers_party p", "p.id"),
    "uscc": ("customers_party p", "p.id"),
}


def sharing(ids: pl.Series) -> pl.Series:
    """Living files that share a document, number, account, birth date with surname, name or code with those of `ids`,
    themselves included. A key that more than MOST_SHARING files have is not followed."""
    found = [ids]
    with bulk.by_index():
        for code, query in _SHARING:
            table, column = _TABLES[code]
            keys = _fetch(_KEYS[code], table, column, ids, ("k1", "k2")).unique()
            statement = sql.SQL(
                "SELECT k.at, encode(uuid_send(r.id), 'hex') FROM {{keys}} CROSS JOIN LATERAL ({} LIMIT {}) r"
            ).format(sql.SQL(query), MOST_SHARING + 1)
            holders = bulk.lookup(
                statement.as_string(None), [keys["k1"], keys["k2"]], {"at": pl.Int64(), "id": pl.String()}
            )
            few = holders.filter(pl.len().over("at") <= MOST_SHARING)
            found.append(few["id"])
    return pl.concat(found).unique().sort()


def _fetch(query: str, table: str, column: str, ids: pl.Series | None, names: Sequence[str]) -> pl.DataFrame:
    """`query` over the whole `table`, or over its rows of `ids`, found by index."""
    if ids is None:
        return bulk_read.texts(sql.SQL(query).format(from_=sql.SQL(table)), names)
    schema = dict.fromkeys(names, pl.String())
    if not len(ids):
        return pl.DataFrame(schema=schema)
    name, alias = table.split()
    inner = sql.SQL("{{keys}} CROSS JOIN LATERAL (SELECT * FROM {} i WHERE i.{} = k.k1::uuid OFFSET 0) {}").format(
        sql.Identifier(name), sql.Identifier(column.partition(".")[2]), sql.Identifier(alias)
    )
    return bulk.lookup(query.replace("{from_}", inner.as_string(None)), [ids], schema)


def _first(frame: pl.DataFrame, *order: str) -> pl.DataFrame:
    """Of each file the row that comes first."""
    # Most have but one, and need no sorting.
    is_one = pl.col("record_id").is_unique()
    several = frame.filter(~is_one).sort("record_id", *order)
    return pl.concat([frame.filter(is_one), several.unique("record_id", keep="first", maintain_order=True)])


def _first_two(frame: pl.DataFrame, *order: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of each file the row that comes first, and the first with another value."""
    is_one = pl.col("record_id").is_unique()
    several = (
        frame.filter(~is_one).sort("record_id", *order)
        .unique(["record_id", "value"], keep="first", maintain_order=True)
        .with_columns(pl.int_range(pl.len()).over("record_id").alias("place"))
    )  # fmt: skip
    first = pl.concat([frame.filter(is_one), several.filter(pl.col("place") == 0).drop("place")])
    return first, several.filter(pl.col("place") == 1)
