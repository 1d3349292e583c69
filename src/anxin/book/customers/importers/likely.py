"""Files as records to be linked, and which files share a key with some of them: whole sets, for the room `matching`.

Resident ID numbers come in clear, because slips in them can be judged only so; phones, e-mail and accounts as blind
values, which are equal or not. The frames live in memory only.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import polars as pl
from psycopg import sql

from anxin.kernel import bulk, vault

# A number that more files share says nothing (an agent's own, a company's exchange).
MOST_SHARING: Final = 40

_PARTIES: Final = """
SELECT encode(uuid_send(p.id), 'hex'), p.source, p.kind, p.name, p.sex, p.birth_date::text, nullif(p.uscc, '')
FROM {from_} WHERE p.state = 'active'
"""
_PARTY: Final = {
    "record_id": pl.String(), "source": pl.String(), "kind": pl.String(), "name": pl.String(), "sex": pl.String(),
    "birth_date": pl.String(), "uscc": pl.String(),
}  # fmt: skip
_DOCUMENTS: Final = """
SELECT encode(uuid_send(d.party_id), 'hex'), encode(uuid_send(d.id), 'hex'), d.number_sealed
FROM {from_} WHERE d.kind = 'resident_id' ORDER BY d.is_disputed, d.is_verified DESC, d.id
"""
_CONTACTS: Final = """
SELECT encode(uuid_send(c.party_id), 'hex'), CASE WHEN c.kind = 'email' THEN 'email' ELSE 'phone' END,
    encode(c.value_blind, 'hex')
FROM {from_} WHERE c.kind IN ('mobile', 'phone', 'email') ORDER BY c.is_bad, c.is_primary DESC, c.kind, c.id
"""
_ACCOUNTS: Final = """
SELECT encode(uuid_send(b.party_id), 'hex'), encode(b.number_blind, 'hex') FROM {from_} ORDER BY b.id
"""
_ADDRESSES: Final = """
SELECT encode(uuid_send(a.party_id), 'hex'), a.text FROM {from_}
ORDER BY a.kind NOT IN ('home', 'registered'), a.kind, a.id
"""
_PAIR: Final = {"record_id": pl.String(), "value": pl.String()}


def records(ids: pl.Series | None = None) -> pl.DataFrame:
    """Living files as `analytics.linkage` reads them, with `kind`: all of them, or those of `ids` (hexadecimal)."""
    with bulk.by_index() if ids is not None else _as_planned():
        frame = _fetch(_PARTIES, "customers_party p", "p.id", ids, _PARTY)
        documents = _fetch(
            _DOCUMENTS, "customers_identitydocument d", "d.party_id", ids,
            {"record_id": pl.String(), "id": pl.String(), "sealed": pl.Binary()},
        ).unique("record_id", keep="first", maintain_order=True)  # fmt: skip
        contacts = _fetch(
            _CONTACTS, "customers_contactpoint c", "c.party_id", ids,
            {"record_id": pl.String(), "kind": pl.String(), "value": pl.String()},
        )  # fmt: skip
        accounts = _first(_fetch(_ACCOUNTS, "customers_bankaccount b", "b.party_id", ids, _PAIR))
        addresses = _first(_fetch(_ADDRESSES, "customers_address a", "a.party_id", ids, _PAIR))
    numbers = vault.ring().open_many(
        documents["sealed"].to_list(), "customers_identitydocument", "number_sealed",
        documents["id"].str.decode("hex").to_list(),
    )  # fmt: skip
    documents = documents.select("record_id", pl.Series("id_number", numbers, dtype=pl.String))
    phones = contacts.filter(pl.col("kind") == "phone").unique(
        ["record_id", "value"], keep="first", maintain_order=True
    )
    phones = phones.with_columns(pl.int_range(pl.len()).over("record_id").alias("place"))
    for name, place in (("phone", 0), ("phone2", 1)):
        part = phones.filter(pl.col("place") == place).select("record_id", pl.col("value").alias(name))
        frame = frame.join(part, on="record_id", how="left")
    emails = _first(contacts.filter(pl.col("kind") == "email").select("record_id", "value"))
    return (
        frame.join(documents, on="record_id", how="left")
        .join(emails.rename({"value": "email"}), on="record_id", how="left")
        .join(accounts.rename({"value": "bank_account"}), on="record_id", how="left")
        .join(addresses.rename({"value": "address"}), on="record_id", how="left")
        .sort("record_id")
    )


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
            keys = _fetch(_KEYS[code], table, column, ids, {"k1": pl.String(), "k2": pl.String()}).unique()
            statement = sql.SQL(
                "SELECT k.at, encode(uuid_send(r.id), 'hex') FROM {{keys}} CROSS JOIN LATERAL ({} LIMIT {}) r"
            ).format(sql.SQL(query), MOST_SHARING + 1)
            holders = bulk.lookup(
                statement.as_string(None), [keys["k1"], keys["k2"]], {"at": pl.Int64(), "id": pl.String()}
            )
            few = holders.filter(pl.len().over("at") <= MOST_SHARING)
            found.append(few["id"])
    return pl.concat(found).unique().sort()


def _fetch(query: str, table: str, column: str, ids: pl.Series | None, schema: dict[str, Any]) -> pl.DataFrame:
    """`query` over the whole `table`, or over its rows of `ids`, found by index."""
    if ids is None:
        return bulk.fetch_frame(sql.SQL(query).format(from_=sql.SQL(table)), schema)
    if not len(ids):
        return pl.DataFrame(schema=schema)
    name, alias = table.split()
    inner = sql.SQL("{{keys}} CROSS JOIN LATERAL (SELECT * FROM {} i WHERE i.{} = k.k1::uuid OFFSET 0) {}").format(
        sql.Identifier(name), sql.Identifier(column.partition(".")[2]), sql.Identifier(alias)
    )
    return bulk.lookup(query.replace("{from_}", inner.as_string(None)), [ids], schema)


def _first(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.unique("record_id", keep="first", maintain_order=True)


class _as_planned:  # noqa: N801 - used like a function
    """Nothing is asked of the planner: whole tables are read."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...
