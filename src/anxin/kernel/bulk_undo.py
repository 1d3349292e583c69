"""Taking back what a batch wrote, by what its rows and their history say.

Rows a batch made bear its `batch_id`; what rows were before it changed or deleted them stands in their history tables,
under a history context that names the batch. Whatever somebody else changed or used since stays as it is, and is named.

Changes of batches that were taken back, and the taking back, do not count as somebody's change: taking back a
newer batch and then an older one ends where it was before both. Nor do the merges that linking a batch brought about
(context `linked`): whoever takes the batch back separates them first.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection
from psycopg import sql

from anxin.kernel import bulk
from anxin.kernel.importing import CHANGED_SINCE, KEPT_SCHEMA, USED_SINCE, Undone

_numbers = itertools.count(1)
_MINE: Final = "mine"
# A batch that was taken back, or the taking back of one; what linking it merged, and what separated that again.
_NEUTRAL: Final = "neutral"
# The taking back of this very batch: begun before, or by another kind of row.
_TAKEN: Final = "taken"


class Undo:
    """The taking back of one batch, inside the caller's transaction: call what is needed, then `result`."""

    def __init__(self, batch_id: UUID) -> None:
        self._batch = sql.Literal(str(batch_id))
        self._number = next(_numbers)
        self._contexts = sql.Identifier(f"undo_contexts_{self._number}")
        self._kept: list[pl.DataFrame] = []
        self._touched = 0
        with connection.cursor() as cursor:
            bulk.run(
                cursor,
                "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT id, "
                "CASE WHEN metadata->>'batch' = {} THEN {} WHEN metadata->>'undone' = {} THEN {} ELSE {} END AS whose "
                "FROM pghistory_context "
                "WHERE {} IN (metadata->>'batch', metadata->>'linked') OR jsonb_exists(metadata, 'undone') "
                "OR coalesce(metadata->>'batch', metadata->>'linked') IN "
                "(SELECT metadata->>'undone' FROM pghistory_context WHERE jsonb_exists(metadata, 'undone'))",
                self._contexts, self._batch, sql.Literal(_MINE), self._batch, sql.Literal(_TAKEN),
                sql.Literal(_NEUTRAL), self._batch,
            )  # fmt: skip

    def result(self) -> Undone:
        """What was touched, and the rows that stayed, each once."""
        kept = pl.concat([pl.DataFrame(schema=KEPT_SCHEMA), *self._kept])
        return Undone(self._touched, kept.unique(maintain_order=True))

    def count(self, rows: int) -> None:
        """Rows taken back by other means."""
        self._touched += rows

    def keep(self, kept: pl.DataFrame) -> None:
        """Rows that stay for a reason of the room: KEPT_SCHEMA."""
        self._kept.append(kept.select(list(KEPT_SCHEMA)))

    def delete_created(
        self, table: str, *, children: Sequence[str] = (), id_column: str = "id", name: str = "",
        guards: Mapping[str, str] | None = None, reasons: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Delete the rows of `table` the batch made, with its own rows in `children` that belong to them.

        A row stays when it was changed since by anybody else, or when rows of any other batch, table or person refer to
        it. Children the batch added to rows that were there before are deleted too, but for those changed since.
        `name`: SQL over `t` by which a row that stays is told; `guards`: per child table a further condition on its
        rows `c` that were added to rows there before; `reasons`: why a row stays → SQL over `t`, where the room knows
        more than that somebody changed or used it.
        """
        doomed = f"undo_doomed_{self._number}_{table}"[:63]
        links = _references(table)
        conditions = [sql.SQL("t.batch_id = {}").format(self._batch)]
        foreign = self._foreign(table, sql.SQL("t.{}").format(sql.Identifier(id_column)))
        conditions.append(sql.SQL("NOT {}").format(foreign))
        for other, column in links:
            mine = (
                sql.SQL("AND c.batch_id IS DISTINCT FROM {}").format(self._batch) if other in children else sql.SQL("")
            )
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
                sql.Identifier(doomed), sql.Identifier(id_column), sql.Identifier(table),
                sql.SQL(" AND ").join(conditions),
            )  # fmt: skip
            bulk.run(cursor, "CREATE INDEX ON {} (id)", sql.Identifier(doomed))
            bulk.run(cursor, "ANALYZE {}", sql.Identifier(doomed))
            if name:
                self._keep_named(
                    sql.SQL(
                        "SELECT {} AS name, CASE {} WHEN {} THEN {} ELSE {} END AS reason FROM {} t "
                        "WHERE t.batch_id = {} AND NOT EXISTS (SELECT 1 FROM {} d WHERE d.id = t.{})"
                    ).format(
                        sql.SQL(name), _whens(reasons), foreign, sql.Literal(CHANGED_SINCE), sql.Literal(USED_SINCE),
                        sql.Identifier(table), self._batch, sql.Identifier(doomed), sql.Identifier(id_column),
                    )
                )  # fmt: skip
            for other, column in links:
                if other in children:
                    guard = sql.SQL((guards or {}).get(other, "true"))
                    bulk.run(
                        cursor,
                        "DELETE FROM {} c WHERE c.batch_id = {} AND (c.{} IN (SELECT id FROM {}) OR (NOT {} AND {} "
                        "AND EXISTS (SELECT 1 FROM {} t WHERE t.{} = c.{} AND t.batch_id IS DISTINCT FROM {})))",
                        sql.Identifier(other), self._batch, sql.Identifier(column), sql.Identifier(doomed),
                        self._foreign(other, sql.SQL("c.id")), guard,
                        sql.Identifier(table), sql.Identifier(id_column), sql.Identifier(column), self._batch,
                    )  # fmt: skip
                    self._touched += cursor.rowcount
            bulk.run(
                cursor,
                "DELETE FROM {} WHERE {} IN (SELECT id FROM {})",
                sql.Identifier(table),
                sql.Identifier(id_column),
                sql.Identifier(doomed),
            )
            self._touched += cursor.rowcount

    def restore_changed(
        self, table: str, *, id_column: str = "id", bump: Sequence[str] = (), name: str = "",
        reasons: Mapping[str, str] | None = None,
    ) -> list[UUID]:  # fmt: skip
        """Set the rows the batch changed back to what they were before it, unless somebody changed them since.

        `bump`: counters that go up instead of back, so that an open edit form sees the change. `reasons`: as in
        delete_created. Returns the ids.
        """
        event = sql.Identifier(f"{table}event")
        columns = [column for column in _shared_columns(table) if column not in (id_column, *bump)]
        sets = [sql.SQL("{0} = first.{0}").format(sql.Identifier(column)) for column in columns]
        sets += [sql.SQL("{0} = t.{0} + 1").format(sql.Identifier(column)) for column in bump]
        # What the batch made and then changed goes by delete_created, or stays.
        made = sql.SQL("t.batch_id IS DISTINCT FROM {}").format(self._batch)
        not_made = made if "batch_id" in _columns(table) else sql.SQL("true")
        changed = f"undo_changed_{self._number}_{table}"[:63]
        with connection.cursor() as cursor:
            bulk.run(cursor, "DROP TABLE IF EXISTS {}", sql.Identifier(changed))
            bulk.run(
                cursor,
                "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT m.*, EXISTS (SELECT 1 FROM {} l "
                "LEFT JOIN {} k ON k.id = l.pgh_context_id WHERE l.pgh_obj_id = m.id AND l.pgh_id > m.last_id "
                "AND k.whose IS NULL) AS is_foreign FROM "
                "(SELECT e.pgh_obj_id AS id, min(e.pgh_id) AS first_id, max(e.pgh_id) AS last_id FROM {} e "
                "JOIN {} k ON k.id = e.pgh_context_id AND k.whose = {} WHERE e.pgh_label = 'update' "
                "GROUP BY e.pgh_obj_id) m WHERE NOT EXISTS (SELECT 1 FROM {} l JOIN {} k ON k.id = l.pgh_context_id "
                "WHERE l.pgh_obj_id = m.id AND l.pgh_id > m.last_id AND k.whose = {})",
                sql.Identifier(changed), event, self._contexts, event, self._contexts, sql.Literal(_MINE), event,
                self._contexts, sql.Literal(_TAKEN),
            )  # fmt: skip
            bulk.run(cursor, "ANALYZE {}", sql.Identifier(changed))
            if name:
                self._keep_named(
                    sql.SQL(
                        "SELECT {} AS name, CASE {} WHEN true THEN {} END AS reason FROM {} t "
                        "JOIN {} m ON m.id = t.{} WHERE m.is_foreign AND {}"
                    ).format(
                        sql.SQL(name), _whens(reasons), sql.Literal(CHANGED_SINCE), sql.Identifier(table),
                        sql.Identifier(changed), sql.Identifier(id_column), not_made,
                    )
                )  # fmt: skip
            bulk.run(
                cursor,
                "UPDATE {} t SET {} FROM {} m JOIN {} first ON first.pgh_id = m.first_id "
                "WHERE t.{} = m.id AND NOT m.is_foreign AND {} RETURNING t.{}",
                sql.Identifier(table), sql.SQL(", ").join(sets), sql.Identifier(changed), event,
                sql.Identifier(id_column),
                not_made, sql.Identifier(id_column),
            )  # fmt: skip
            ids = [key for (key,) in _rows(cursor)]
        self._touched += len(ids)
        return ids

    def restore_deleted(self, table: str) -> None:
        """Put back the rows the batch deleted, where nothing stands in their place."""
        names = sql.SQL(", ").join(map(sql.Identifier, _shared_columns(table)))
        with connection.cursor() as cursor:
            bulk.run(
                cursor,
                "INSERT INTO {} ({}) SELECT {} FROM {} WHERE pgh_context_id IN (SELECT id FROM {} WHERE whose = {}) "
                "AND pgh_label = 'delete' AND batch_id IS DISTINCT FROM {} ON CONFLICT DO NOTHING",
                sql.Identifier(table), names, names, sql.Identifier(f"{table}event"), self._contexts,
                sql.Literal(_MINE), self._batch,
            )  # fmt: skip
            self._touched += int(cursor.rowcount)

    def _foreign(self, table: str, key: sql.Composable) -> sql.Composable:
        """Whether anybody else changed the row with this key, ever."""
        if not _has_history(table):
            return sql.SQL("false")
        return sql.SQL(
            "EXISTS (SELECT 1 FROM {} e LEFT JOIN {} k ON k.id = e.pgh_context_id "
            "WHERE e.pgh_obj_id = {} AND k.whose IS NULL)"
        ).format(sql.Identifier(f"{table}event"), self._contexts, key)

    def _keep_named(self, query: sql.Composable) -> None:
        found = bulk.fetch_frame(query, KEPT_SCHEMA)
        if found.height:
            self._kept.append(found)


def _whens(reasons: Mapping[str, str] | None) -> sql.Composable:
    return sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.SQL(condition), sql.Literal(reason))
        for reason, condition in (reasons or {}).items()
    )


def _rows(cursor: Any) -> list[tuple[Any, ...]]:
    # The history context puts a SELECT of its own before the statement.
    return list(cursor.fetchall()) if cursor.description else []


def _has_history(table: str) -> bool:
    # A table of events of a room's own may bear the same name: what it is, its columns say.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'pgh_context_id')",
            [f"{table}event"],
        )
        found = cursor.fetchone()
        return bool(found and found[0])


def _columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


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
