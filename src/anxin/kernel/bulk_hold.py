"""Holding keys until the transaction is over, so that two who would decide about the same thing decide one by one.

A key goes into a table with a unique index and is taken out again at once: the row never becomes visible, but whoever
puts the same key there waits until this transaction is over, and then sees what it wrote. Unlike advisory locks this
takes none of the server's small table of locks: a portion may hold ten thousand keys, and only equal keys wait.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from django.db import connection
from psycopg import sql

from anxin.kernel import bulk


def hold(table: str, keys: Iterable[bytes]) -> None:
    """Hold `keys` in `table` (one column, `key`, its primary key) until the caller's transaction ends.

    Call it before looking at what the keys stand for. Transactions see what others committed (READ COMMITTED).
    """
    # In their order: two that hold several of the same keys wait, they do not deadlock.
    ordered = sorted(set(keys))
    if not ordered:
        return
    bulk.copy_frame(table, pl.DataFrame({"key": ordered}, schema={"key": pl.Binary()}))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("DELETE FROM {} WHERE key = ANY(%s)").format(sql.Identifier(table)).as_string(None), [ordered]
        )
