"""One way for rows of files into tables that carry a `digest`: unchanged rows cost a look-up, new ones are copied,
changed ones updated. Rows that repeat a key count as if each had come alone; the last one stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from psycopg import sql

from anxin.kernel import bulk
from anxin.kernel.importing import BatchContext


@dataclass(frozen=True)
class Upserted:
    """Counts of rows, and what was written: `new` and `changed` with all columns and the id (hexadecimal)."""

    created: int
    updated: int
    unchanged: int
    new: pl.DataFrame
    changed: pl.DataFrame


def known(table: str, key: Sequence[str], rows: pl.DataFrame, *, id_column: str = "id") -> pl.DataFrame:
    """id and digest (hexadecimal) on record for the `key` columns of each row: at, id, digest."""
    query = sql.SQL(
        "SELECT k.at, encode(uuid_send(t.id), 'hex'), encode(t.digest, 'hex') FROM {{keys}} CROSS JOIN LATERAL "
        "(SELECT {} AS id, digest FROM {} WHERE {} OFFSET 0) t"
    ).format(sql.Identifier(id_column), sql.Identifier(table), _equal_keys(table, key))
    with bulk.by_index():
        return bulk.lookup(
            query.as_string(None),
            [rows[name].cast(pl.String) for name in key],
            {"at": pl.Int64(), "id": pl.String(), "digest": pl.String()},
        )


def without_unchanged(table: str, key: Sequence[str], rows: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    """How many rows are on record exactly so, and the others."""
    query = sql.SQL(
        "SELECT k.at FROM {{keys}} LEFT JOIN LATERAL (SELECT digest FROM {} WHERE {} OFFSET 0) t ON true "
        "WHERE t.digest IS DISTINCT FROM decode({}, 'hex')"
    ).format(sql.Identifier(table), _equal_keys(table, key), sql.Identifier("k", f"k{len(key) + 1}"))
    return without(query.as_string(None), key, rows)


def without(query: str, key: Sequence[str], rows: pl.DataFrame, *values: object) -> tuple[int, pl.DataFrame]:
    """The same with a look-up of one's own: it gets the `key` columns and the digest, and answers with the positions
    (`at`) of the rows that are new or not so, which on an import without changes are none.

    A key that repeats with the same content is asked for once, and all its rows share the answer. One that repeats with
    other content stays: each row is compared with the one before it.
    """
    told = rows.with_columns(pl.struct(key).rank("dense").alias("_key"))
    asked = told.unique(["_key", "digest"], keep="first", maintain_order=True)
    asked = asked.filter(~pl.col("_key").is_duplicated())
    with bulk.by_index():
        differs = bulk.lookup(
            query, [*(asked[name].cast(pl.String) for name in key), asked["digest"]], {"at": pl.Int64()}, *values
        )
    is_new = pl.Series([False]).new_from_index(0, asked.height).scatter(differs["at"], True)
    same = asked["_key"].filter(~is_new)
    work = told.filter(~pl.col("_key").is_in(same.implode())).drop("_key")
    return rows.height - work.height, work


def upsert(
    table: str,
    rows: pl.DataFrame,
    context: BatchContext,
    *,
    key: Sequence[str],
    id_column: str = "id",
    insert_only: Sequence[str] = (),
) -> Upserted:
    """Bring `rows` into `table`.

    rows: in the order of the file; the columns of the table apart from id and batch_id, `digest` as hex digits. `key`
    are columns of a unique constraint without nulls; `insert_only` are left alone on rows that exist.
    """
    found = known(table, key, rows, id_column=id_column)
    found = found.rename({"at": "_at", "id": "known_id", "digest": "known_digest"})
    frame = (
        rows.with_row_index("_at")
        .with_columns(pl.col("_at").cast(pl.Int64))
        .join(found, on="_at", how="left", maintain_order="left")
        .with_columns(pl.col("digest").shift(1).over(key).alias("before"))
        .with_columns(pl.coalesce("before", "known_digest").alias("before"))
    )
    # A row on record without digest (made by hand or by another importer) is taken for changed.
    is_new = pl.col("before").is_null() & pl.col("known_id").is_null()
    counts = frame.select(
        created=is_new.sum(),
        unchanged=(pl.col("before") == pl.col("digest")).fill_null(value=False).sum(),
    ).row(0)
    last = frame.unique(key, keep="last", maintain_order=True)
    plain = [name for name in rows.columns if name != "digest"]
    new = last.filter(pl.col("known_id").is_null())
    changed = last.filter(pl.col("known_id").is_not_null() & (pl.col("known_digest").ne_missing(pl.col("digest"))))
    if id_column == "id":
        new = new.with_columns(pl.Series("id", bulk.new_keys(new.height)[0], dtype=pl.String))
        plain = ["id", *plain]
        changed = changed.with_columns(pl.col("known_id").alias("id"))
    raw = pl.col("digest").str.decode("hex")
    # In the order of their keys: two imports that meet wait for one another, they do not deadlock.
    new = new.select(*plain, raw, pl.lit(context.batch_id.hex).alias("batch_id")).sort(key)
    bulk.copy_frame(table, new)
    changed = changed.select(*plain, raw).sort(key)
    to_update = changed.drop([name for name in (*insert_only, *(key if id_column == "id" else ())) if name in plain])
    bulk.update_frame(table, to_update, key=[id_column])
    return Upserted(counts[0], rows.height - counts[0] - counts[1], counts[1], new, changed)


def _equal_keys(table: str, key: Sequence[str]) -> sql.Composable:
    types = bulk.column_types(table, key)
    return sql.SQL(" AND ").join(
        sql.SQL("{} = {}::{}").format(sql.Identifier(name), sql.Identifier("k", f"k{number}"), sql.SQL(types[name]))
        for number, name in enumerate(key, start=1)
    )
