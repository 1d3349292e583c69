"""What a full load no longer holds: the keys of the whole file against the rows of its source, set-wise.

The file is read once more for its keys when the last portion is written. Nothing has to be noted per row while the load
runs, so an unchanged row costs no write; and a load that was killed anywhere ends with the same answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import polars as pl
from django.db import connection
from psycopg import sql

from anxin.kernel import bulk
from anxin.kernel.importing import GONE_SCHEMA, BatchContext

PORTION: Final = 20_000
_numbers = itertools.count(1)


class GoneRows:
    """Rows of `table` (as `t`) whose key is in none of `keys`.

    keys: frames with the columns `names`, texts; rows with a blank in any of them are left out. `key`: SQL over `t` and
    `joins`, one text expression per name. `where`: SQL that picks the rows of the source, `values` its parameters.
    `shown`, `ref`: SQL texts of the answer. `ending`: SQL assignments that mark a row ended, with `ending_values`;
    `is_open`: SQL over `t` that holds for rows which are not ended yet.
    """

    def __init__(
        self, keys: Iterable[pl.DataFrame], *, table: str, names: Sequence[str], key: Sequence[str], where: str,
        values: Sequence[Any], shown: str, ref: str = "''", joins: str = "", ending: str = "", is_open: str = "true",
        ending_values: Sequence[Any] = (), id_column: str = "id",
    ) -> None:  # fmt: skip
        number = next(_numbers)
        self._table, self._ending, self._open, self._id = table, ending, is_open, id_column
        self._ending_values = list(ending_values)
        self._gone = f"gone_{number}"
        held = f"held_{number}"
        with connection.cursor() as cursor:
            columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in names)
            bulk.run(cursor, "CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP", sql.Identifier(held), columns)
        for frame in keys:
            bulk.copy_frame(held, frame.select(pl.col(name).cast(pl.String) for name in names).drop_nulls().unique())
        equal = sql.SQL(" AND ").join(
            sql.SQL("h.{} = {}").format(sql.Identifier(name), sql.SQL(expression))
            for name, expression in zip(names, key, strict=True)
        )
        with connection.cursor() as cursor:
            bulk.run(cursor, "ANALYZE {}", sql.Identifier(held))
            parts = {
                "gone": sql.Identifier(self._gone), "id": sql.Identifier(id_column), "shown": sql.SQL(shown),
                "ref": sql.SQL(ref), "table": sql.Identifier(table), "joins": sql.SQL(joins), "where": sql.SQL(where),
                "held": sql.Identifier(held), "equal": equal,
            }  # fmt: skip
            statement = sql.SQL(
                "CREATE TEMPORARY TABLE {gone} ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY {shown}) AS at, "
                "t.{id} AS id, {shown} AS key, {ref} AS ref FROM {table} t {joins} WHERE {where} "
                "AND NOT EXISTS (SELECT 1 FROM {held} h WHERE {equal})"
            ).format(**parts)
            cursor.execute(statement.as_string(connection.connection), list(values))
            bulk.run(cursor, "CREATE INDEX ON {} (at)", sql.Identifier(self._gone))
            bulk.run(cursor, "ANALYZE {}", sql.Identifier(self._gone))
            bulk.run(cursor, "SELECT count(*) FROM {}", sql.Identifier(self._gone))
            self.count = int(cursor.fetchone()[0])
            known = sql.SQL("SELECT count(*) FROM {table} t {joins} WHERE {where}").format(
                table=parts["table"], joins=parts["joins"], where=parts["where"]
            )
            cursor.execute(known.as_string(connection.connection), list(values))
            self.known = int(cursor.fetchone()[0])

    def end(self) -> int:
        """Mark the rows ended that are not; returns how many."""
        if not self._ending:
            return 0
        statement = sql.SQL("UPDATE {} t SET {} FROM {} g WHERE t.{} = g.id AND {}").format(
            sql.Identifier(self._table), sql.SQL(self._ending), sql.Identifier(self._gone), sql.Identifier(self._id),
            sql.SQL(self._open),
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(statement.as_string(connection.connection), self._ending_values or None)
            return int(cursor.rowcount)

    def portions(self) -> Iterator[pl.DataFrame]:
        for start in range(0, self.count, PORTION):
            yield bulk.fetch_frame(
                sql.SQL("SELECT key, ref FROM {} WHERE at > {} AND at <= {} ORDER BY at").format(
                    sql.Identifier(self._gone), sql.Literal(start), sql.Literal(start + PORTION)
                ),
                GONE_SCHEMA,
            )


def of_source(context: BatchContext) -> tuple[str, list[Any]]:
    """The condition, with its parameters, for the rows a full load speaks for in a table that has a source."""
    if not context.is_narrow:
        return "t.source = %s", [context.source]
    return "t.source = %s AND t.batch_id = ANY(%s)", [context.source, list(context.batches)]


def of_batches(context: BatchContext) -> tuple[str, list[Any]]:
    """The same for a table that only knows which batch made a row."""
    return "t.batch_id = ANY(%s)", [list(context.batches)]
