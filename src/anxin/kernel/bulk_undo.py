"""Taking back what a batch wrote, by what its rows and their history say.

Rows a batch made bear its `batch_id`; what rows were before it changed or deleted them stands in their history tables,
under a history context that names the batch. Whatever somebody else changed or used since stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection
from psycopg import sql

from anxin.kernel import bulk

_CONTEXTS: Final = sql.SQL("(SELECT id FROM pghistory_context WHERE metadata->>'batch' = {})")


def delete_created(table: str, batch_id: UUID, *, children: Sequence[str] = (), id_column: str = "id") -> int:
    """Delete the rows of `table` the batch made, with its own rows in `children` that belong to them.

    A row stays when it was changed since by anybody else, or when rows of any other batch, table or person refer to it.
    Children the batch added to rows that were there before are deleted too. Returns the rows deleted in all.
    """
    batch = sql.Literal(str(batch_id))
    doomed = f"doomed_{table}"[:63]
    conditions = [sql.SQL("t.batch_id = {}").format(batch)]
    if _has_history(table):
        conditions.append(
            sql.SQL(
                "NOT EXISTS (SELECT 1 FROM {event} e WHERE e.pgh_obj_id = t.{id} "
                "AND (e.pgh_context_id IS NULL OR e.pgh_context_id NOT IN {contexts}))"
            ).format(
                event=sql.Identifier(f"{table}event"),
                id=sql.Identifier(id_column),
                contexts=_CONTEXTS.format(batch),
            )
        )
    links = _references(table)
    for other, column in links:
        mine = sql.SQL("AND c.batch_id IS DISTINCT FROM {}").format(batch) if other in children else sql.SQL("")
        conditions.append(
            sql.SQL("NOT EXISTS (SELECT 1 FROM {} c WHERE c.{} = t.{} {})").format(
                sql.Identifier(other), sql.Identifier(column), sql.Identifier(id_column), mine
            )
        )
    with connection.cursor() as cursor:
        bulk.run(cursor, "DROP TABLE IF EXISTS {}", sql.Identifier(doomed))
        bulk.run(
            cursor,
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT t.{} AS id FROM {} t WHERE {}",
            sql.Identifier(doomed),
            sql.Identifier(id_column),
            sql.Identifier(table),
            sql.SQL(" AND ").join(conditions),
        )
        bulk.run(cursor, "CREATE INDEX ON {} (id)", sql.Identifier(doomed))
        bulk.run(cursor, "ANALYZE {}", sql.Identifier(doomed))
        deleted = 0
        for other, column in links:
            if other in children:
                bulk.run(
                    cursor,
                    "DELETE FROM {} c WHERE c.batch_id = {} AND (c.{} IN (SELECT id FROM {}) "
                    "OR EXISTS (SELECT 1 FROM {} t WHERE t.{} = c.{} AND t.batch_id IS DISTINCT FROM {}))",
                    sql.Identifier(other), batch, sql.Identifier(column), sql.Identifier(doomed),
                    sql.Identifier(table), sql.Identifier(id_column), sql.Identifier(column), batch,
                )  # fmt: skip
                deleted += cursor.rowcount
        bulk.run(
            cursor,
            "DELETE FROM {} WHERE {} IN (SELECT id FROM {})",
            sql.Identifier(table),
            sql.Identifier(id_column),
            sql.Identifier(doomed),
        )
        return deleted + int(cursor.rowcount)


def restore_changed(table: str, batch_id: UUID, *, id_column: str = "id", bump: Sequence[str] = ()) -> list[UUID]:
    """Set the rows the batch changed back to what they were before it, unless somebody changed them since.

    `bump`: counters that go up instead of back, so that an open edit form sees the change. Returns the ids.
    """
    batch = sql.Literal(str(batch_id))
    event = sql.Identifier(f"{table}event")
    columns = [name for name in _shared_columns(table) if name not in (id_column, *bump)]
    sets = [sql.SQL("{0} = first.{0}").format(sql.Identifier(name)) for name in columns]
    sets += [sql.SQL("{0} = t.{0} + 1").format(sql.Identifier(name)) for name in bump]
    with connection.cursor() as cursor:
        bulk.run(
            cursor,
            "WITH mine AS (SELECT pgh_obj_id, min(pgh_id) AS first_id, max(pgh_id) AS last_id FROM {} "
            "WHERE pgh_context_id IN {} AND pgh_label = 'update' GROUP BY pgh_obj_id) "
            "UPDATE {} t SET {} FROM mine JOIN {} first ON first.pgh_id = mine.first_id "
            "WHERE t.{} = mine.pgh_obj_id AND t.batch_id IS DISTINCT FROM {} "
            "AND NOT EXISTS (SELECT 1 FROM {} later WHERE later.pgh_obj_id = t.{} AND later.pgh_id > mine.last_id) "
            "RETURNING t.{}",
            event, _CONTEXTS.format(batch), sql.Identifier(table), sql.SQL(", ").join(sets), event,
            sql.Identifier(id_column), batch, event, sql.Identifier(id_column), sql.Identifier(id_column),
        )  # fmt: skip
        return [key for (key,) in _rows(cursor)]


def restore_deleted(table: str, batch_id: UUID) -> int:
    """Put back the rows the batch deleted, where nothing stands in their place."""
    names = sql.SQL(", ").join(map(sql.Identifier, _shared_columns(table)))
    with connection.cursor() as cursor:
        bulk.run(
            cursor,
            "INSERT INTO {} ({}) SELECT {} FROM {} WHERE pgh_context_id IN {} AND pgh_label = 'delete' "
            "AND batch_id IS DISTINCT FROM {} ON CONFLICT DO NOTHING",
            sql.Identifier(table), names, names, sql.Identifier(f"{table}event"),
            _CONTEXTS.format(sql.Literal(str(batch_id))), sql.Literal(str(batch_id)),
        )  # fmt: skip
        return int(cursor.rowcount)


def _rows(cursor: Any) -> list[tuple[Any, ...]]:
    # The history context puts a SELECT of its own before the statement.
    return list(cursor.fetchall()) if cursor.description else []


def _has_history(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{table}event"])
        found = cursor.fetchone()
        return bool(found and found[0])


def _shared_columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname FROM pg_attribute a JOIN pg_attribute e ON e.attname = a.attname "
            "WHERE a.attrelid = %s::regclass AND e.attrelid = %s::regclass "
            "AND a.attnum > 0 AND e.attnum > 0 AND NOT a.attisdropped AND NOT e.attisdropped ORDER BY a.attnum",
            [table, f"{table}event"],
        )
        return [name for (name,) in cursor.fetchall()]


def _references(table: str) -> list[tuple[str, str]]:
    """Every table and column with a foreign key to `table`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
            "JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] "
            "WHERE k.contype = 'f' AND k.confrelid = %s::regclass ORDER BY 1, 2",
            [table],
        )
        return [(str(name), str(column)) for name, column in cursor.fetchall()]
