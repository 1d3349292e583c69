"""The one way in which what hangs on a policy comes in: a `Part` says which table, which key, how a row is shaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pghistory
import polars as pl
from psycopg import sql

from anxin.book.portfolio.importers import base, undoing
from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldSpec, Findings, Gone, Undone

Shape = Callable[[pl.DataFrame, Findings], pl.DataFrame]
Resolve = Callable[[pl.DataFrame, Findings, BatchContext], pl.DataFrame]


@dataclass(frozen=True)
class Part:
    """`columns` are what a checked row holds besides policy_no and what is resolved; `shape` makes them, `resolve` adds
    keys of other rooms' rows. `key` is unique in `table`."""

    kind: str
    label: str
    table: str
    fields: tuple[FieldSpec, ...]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    shape: Shape
    resolve: Resolve | None = None
    resolved: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()  # texts that are empty, not null, in the table
    has_source: bool = False
    id_column: str = "id"
    hints: dict[str, str] = field(default_factory=dict)
    after: Callable[[pl.DataFrame, BatchContext], None] | None = None
    # Fields that tell a row from the others of its source, and the SQL of each over `t` and its policy `p`. Empty: a
    # full load cannot say what is gone.
    told_by: tuple[tuple[str, str], ...] = ()


class PartImporter:
    def __init__(self, part: Part) -> None:
        self._part = part
        self.kind: str = part.kind
        self.label: str = part.label
        self.fields: Sequence[FieldSpec] = part.fields
        self.key_fields: Sequence[str] = tuple(name for name, _sql in part.told_by)
        self.problem_hints: dict[str, str] = {**base.SHARED_HINTS, **part.hints}

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        part = self._part
        table = importing.complete(rows, part.fields)
        found = Findings(table)
        table = part.shape(base.clean(table, part.fields, found), found)
        return Checked(table.filter(~found.refused).select("line", "policy_no", *part.columns), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        part = self._part
        digests = importing.digests(rows, ("policy_no", *part.columns), f"{part.kind} 1")
        work = rows.with_columns(digests)
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: self._apply(work, context))

    def _apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        part = self._part
        unchanged, rows = self._without_unchanged(rows, context)
        if rows.is_empty():
            return Applied(0, 0, unchanged, 0, importing.no_problems())
        found = Findings(rows)
        work = base.with_policies(rows, found, context)
        if part.resolve is not None:
            work = part.resolve(work, found, context)
        work = work.filter(~found.refused).with_columns(pl.col(name).fill_null("") for name in part.blank)
        names = ["policy_id", *part.columns, *part.resolved, "digest"]
        table = work.select(name for name in names if not name.startswith("_"))
        if part.has_source:
            table = table.with_columns(pl.lit(context.source).alias("source"))
        done = bulk_upsert.upsert(part.table, table, context, key=part.key, id_column=part.id_column)
        if part.after is not None:
            part.after(work, context)
        return Applied(done.created, done.updated, unchanged + done.unchanged, int(found.refused.sum()), found.table())

    def _without_unchanged(self, rows: pl.DataFrame, context: BatchContext) -> tuple[int, pl.DataFrame]:
        """Rows of policies of the file's own source in one look-up; those of other sources take the longer way."""
        key = [name for name in self._part.key if name not in ("policy_id", "source")]
        if not set(key) <= set(rows.columns):
            return 0, rows  # the key is another room's row
        types = bulk.column_types(self._part.table, key)
        conditions = [
            sql.SQL("t.{} = {}::{}").format(sql.Identifier(name), sql.Identifier("k", f"k{at}"), sql.SQL(types[name]))
            for at, name in enumerate(key, start=2)
        ]
        query = sql.SQL(
            "SELECT k.at FROM {{keys}} LEFT JOIN LATERAL (SELECT t.digest FROM portfolio_policy p "
            "JOIN {} t ON t.policy_id = p.id WHERE {} OFFSET 0) t ON true "
            "WHERE t.digest IS DISTINCT FROM decode({}, 'hex')"
        ).format(
            sql.Identifier(self._part.table),
            sql.SQL(" AND ").join([sql.SQL("p.policy_no = k.k1 AND p.source = %s"), *conditions]),
            sql.Identifier("k", f"k{len(key) + 2}"),
        )
        return bulk_upsert.without(query.as_string(None), ["policy_no", *key], rows, context.source)

    def undo(self, batch_id: UUID) -> Undone:
        return undoing.undo(batch_id, self._part.table)

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        # Extracts for all systems carry policies of other sources: whose row it is, the batch that made it says.
        where, values = (bulk_finish.of_source if self._part.has_source else bulk_finish.of_batches)(context)
        told = [expression for _name, expression in self._part.told_by]
        return GoneRows(
            keys, table=self._part.table, names=self.key_fields, key=told, where=where, values=values,
            joins="JOIN portfolio_policy p ON p.id = t.policy_id", shown=" || ' / ' || ".join(told),
            id_column=self._part.id_column,
        )  # fmt: skip
