"""Whole tables read column by column: one text for each column and portion, not one Python object for each value.

The database joins the values of a column, Polars takes them apart again: of a hundred thousand rows of seven columns
Python then handles a hundred texts (measured: 52 ms of processor time instead of 164).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
from django.db import connection
from psycopg import sql

from anxin.kernel import bulk

# No text may be longer than 1 GB.
_PORTIONS: Final = 16
_BETWEEN: Final = "\x1f"
_NULL: Final = "\x1e"


def fetch(query: sql.Composable, names: Sequence[str]) -> pl.DataFrame:
    """The rows of `query`, in no order; all its columns are texts (bytes as hexadecimal digits) and get `names`."""
    columns = [sql.Identifier(f"c{number}") for number in range(len(names))]
    joined = [
        sql.SQL("string_agg(coalesce(q.{}, {}), {})").format(column, sql.Literal(_NULL), sql.Literal(_BETWEEN))
        for column in columns
    ]
    statement = sql.SQL("SELECT count(*), {} FROM ({}) q({}) GROUP BY hashtext(q.c0) & {}").format(
        sql.SQL(", ").join(joined), query, sql.SQL(", ").join(columns), sql.Literal(_PORTIONS - 1)
    )
    schema = dict.fromkeys(names, pl.String())
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        portions = pl.DataFrame(cursor.fetchall(), schema={"count": pl.Int64(), **schema}, orient="row")
    apart = portions.with_columns(pl.col(name).str.split(_BETWEEN) for name in names)
    if not apart.select((pl.col(name).list.len() == pl.col("count")).all() for name in names).equals(
        pl.DataFrame({name: [True] for name in names})
    ):
        # Somebody has typed a character that means nothing.
        return bulk.fetch_frame(query, schema)
    values = apart.lazy().drop("count").explode(names)
    return values.select(pl.when(pl.col(name) != _NULL).then(pl.col(name)) for name in names).collect()
