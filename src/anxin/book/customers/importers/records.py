"""Which file a customer number of a source system belongs to: how other rows name a customer."""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.kernel import bulk

_PARTIES: Final = """
SELECT k.k1, k.k2, encode(uuid_send(coalesce(r.replaced_by_id, r.id)), 'hex') FROM {keys} CROSS JOIN LATERAL (
    SELECT p.id, p.replaced_by_id FROM customers_sourcerecord r JOIN customers_party p ON p.id = r.party_id
    WHERE r.source = k.k1 AND r.source_key = k.k2 AND p.state <> 'erased' OFFSET 0
) r
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
