"""Taking over what the nightly run found of all customers."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from anxin.kernel import bulk


def replace(frames: Iterable[pl.DataFrame]) -> int:
    """Put the rows of `frames` (columns of Standing, keys as hex digits) in the place of all standings; how many.

    Inside the caller's transaction: readers see the old ones until it commits. One run at a time is the caller's duty.
    """
    return bulk.swap_table("customers_standing", frames)


def put(old: pl.DataFrame, fresh: pl.DataFrame) -> None:
    """Of a few customers: the standings of `old` (party_id, hex digits) go, the rows of `fresh` come."""
    bulk.delete_rows("customers_standing", old)
    bulk.copy_frame("customers_standing", fresh)
