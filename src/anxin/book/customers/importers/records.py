"""Which file a customer number of a source system belongs to: how other rows name a customer."""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.book.customers import rules
from anxin.kernel import bulk, vault

_PARTIES: Final = """
SELECT k.k1, k.k2, encode(uuid_send(coalesce(r.replaced_by_id, r.id)), 'hex') FROM {keys} CROSS JOIN LATERAL (
    SELECT p.id, p.replaced_by_id FROM customers_sourcerecord r JOIN customers_party p ON p.id = r.party_id
    WHERE r.source = k.k1 AND r.source_key = k.k2 AND p.state <> 'erased' OFFSET 0
) r
"""
_CALLERS: Final = """
SELECT k.k1, encode(uuid_send(c.party), 'hex') FROM {keys} CROSS JOIN LATERAL (
    SELECT (array_agg(DISTINCT c.party_id))[1] AS party FROM customers_contactpoint c
    JOIN customers_party p ON p.id = c.party_id
    WHERE c.value_blind = decode(k.k1, 'hex') AND p.state = 'active' AND NOT c.is_bad
    HAVING count(DISTINCT c.party_id) = 1 OFFSET 0
) c
"""


def parties_of(sources: pl.Series, keys: pl.Series) -> pl.Series:
    """The party (hexadecimal) of each customer number of a source system; null where there is none or it was erased."""
    asked = pl.DataFrame({"source": sources, "key": keys})
    distinct = asked.drop_nulls().unique()
    with bulk.by_index():
        known = bulk.lookup(
            _PARTIES,
            [distinct["source"], distinct["key"]],
            {"source": pl.String(), "key": pl.String(), "party": pl.String()},
        )
    return asked.join(known, on=["source", "key"], how="left", maintain_order="left")["party"]


def parties_by_phone(numbers: pl.Series) -> pl.Series:
    """The party (hexadecimal) of each telephone number (normalised); null where nobody has it, or more than one."""
    distinct = numbers.drop_nulls().unique(maintain_order=True)
    blind = vault.ring().blind_many(rules.BLIND_PHONE, [one.partition("-")[0] for one in distinct])
    codes = pl.Series([code.hex() if code is not None else None for code in blind], dtype=pl.String)
    with bulk.by_index():
        known = bulk.lookup(_CALLERS, [codes.drop_nulls().unique()], {"blind": pl.String(), "party": pl.String()})
    found = codes.replace_strict(known["blind"], known["party"], default=None, return_dtype=pl.String)
    return numbers.replace_strict(distinct, found, default=None, return_dtype=pl.String)
