"""Terms of one contract under one key, whatever order they come in.

The key of a term is the number of the oldest term known (or of the one it names as its predecessor, when that is not on
file). When an older term comes in later, the terms that were keyed by its number move to its key.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.kernel import bulk

_KEYS: Final = """
SELECT k.k1, p.contract_key FROM {keys} CROSS JOIN LATERAL (
    SELECT contract_key FROM portfolio_policy WHERE policy_no = k.k1 AND source = %s OFFSET 0
) p
"""
_LATER: Final = """
SELECT encode(uuid_send(p.id), 'hex'), k.k2 FROM {keys} CROSS JOIN LATERAL (
    SELECT id FROM portfolio_policy WHERE contract_key = k.k1 AND contract_key <> '' AND source = %s OFFSET 0
) p
"""


def contract_keys(rows: pl.DataFrame, source: str) -> pl.Series:
    """The key of each row: as the source says, else by following `previous_policy_no` to the oldest term."""
    numbers, given = rows["policy_no"].to_list(), rows["contract_key"].to_list()
    previous = dict(zip(numbers, rows["previous_policy_no"].to_list(), strict=True))
    said = {number: key for number, key in zip(numbers, given, strict=True) if key is not None}
    outside = [before for before in previous.values() if before is not None and before not in previous]
    with bulk.by_index():
        known = bulk.lookup(
            _KEYS, [pl.Series(outside, dtype=pl.String).unique()], {"no": pl.String(), "key": pl.String()}, source
        )
    on_file = dict(known.iter_rows())
    keys = []
    for number, key in zip(numbers, given, strict=True):
        at, seen = number, {number}
        while key is None:
            before = previous.get(at)
            if at in said:
                key = said[at]
            elif before is None or before in seen:
                key = at
            elif before not in previous:
                key = on_file.get(before) or before
            else:
                seen.add(before)
                at = before
        keys.append(key)
    return pl.Series("contract_key", keys, dtype=pl.String)


def join_later_terms(new: pl.DataFrame, source: str) -> None:
    """Terms on file that named one of `new` as their predecessor and were keyed by its number get its key."""
    older = new.filter(pl.col("contract_key") != pl.col("policy_no"))
    if older.is_empty():
        return
    with bulk.by_index():
        later = bulk.lookup(
            _LATER,
            [older["policy_no"], older["contract_key"]],
            {"id": pl.String(), "contract_key": pl.String()},
            source,
        )
    bulk.update_frame("portfolio_policy", later.unique("id"))
