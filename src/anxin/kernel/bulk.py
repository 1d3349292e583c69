"""Many rows at once between Polars frames and PostgreSQL: COPY, staged updates, look-ups by key, whole tables swapped.

With the importers and `analytics` this is the only place that speaks SQL. Names become identifiers by `psycopg.sql`,
values travel as parameters or in the COPY stream; nothing is pasted into a statement.

Frames: ids as 32 hex digits or UUID text, `pl.Binary` for bytea, `pl.List(pl.String)` for text[], JSON as text.
"""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import polars as pl
import psycopg
from django.db import Error, connection, transaction
from numpy.typing import NDArray
from psycopg import sql

from anxin.kernel.identifiers import uuid7

T = TypeVar("T")

ATTEMPTS: Final = 6
# Between the keys of one look-up; checked values hold no control characters.
_SEPARATOR: Final = "\x1f"
# Somebody was faster, or two stood in each other's way: doing it again can help.
_WORTH_RETRYING: Final = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)
_stages = itertools.count(1)


def retrying(work: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
    """Run `work` in a savepoint of the caller's transaction; when a concurrent writer was faster, roll back and run it
    again, so that it sees what the other wrote. Gives up with the last error after `attempts`."""
    for attempt in itertools.count(1):
        try:
            with transaction.atomic():
                return work()
        except Error as error:
            if not isinstance(error.__cause__, _WORTH_RETRYING) or attempt >= attempts:
                raise
        except _WORTH_RETRYING:
            # COPY goes past Django's translation of errors.
            if attempt >= attempts:
                raise
        time.sleep(0.02 * attempt)
    raise AssertionError


@contextmanager
def by_index() -> Iterator[None]:
    """Statements inside reach large tables by index only.

    A chunk asks for some thousand keys; past a certain table size the planner would rather read the whole table once
    per chunk, and the time per row would grow with the table.
    """
    settings = ", ".join(
        f"set_config('{name}', %s, true)" for name in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {settings}", ["off"] * 3)
        yield
        cursor.execute(f"SELECT {settings}", ["on"] * 3)


def new_keys(count: int) -> tuple[list[str], list[bytes]]:
    """`count` fresh version 7 keys, ascending: as hex digits for COPY and as bytes for sealing."""
    keys = uuid7.uuid7_array(count, time.time_ns() // 1_000_000)
    return uuid7.to_hex(keys), uuid7.to_bytes(keys)


def next_numbers(sequence: str, count: int) -> NDArray[Any]:
    """A block of `count` numbers of a sequence; other sessions may take numbers in between."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return pl.Series([number for (number,) in cursor.fetchall()], dtype=pl.Int64).to_numpy()


def copy_frame(table: str, frame: pl.DataFrame, *, frozen: bool = False) -> int:
    """COPY `frame` into the columns of `table` that bear its columns' names; returns the number of rows.

    `frozen`: seen by everybody who sees the table, which this transaction has made: nobody writes the rows again later,
    to note that they are old.
    """
    if frame.is_empty():
        return 0
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv{})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, frame.columns)),
        sql.SQL(", FREEZE" if frozen else ""),
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        stream.write(_as_csv(frame))
    return frame.height


def _as_csv(frame: pl.DataFrame) -> bytes:
    shaped = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.Binary:
            column = pl.when(column.is_not_null()).then(pl.concat_str(pl.lit("\\x"), column.bin.encode("hex")))
        elif isinstance(kind, pl.List):
            # Elements are quoted, so only quotes and backslashes need care.
            inner = pl.element().str.replace_all(r'(["\\])', r"\$1")
            quoted = column.list.eval(pl.concat_str(pl.lit('"'), inner, pl.lit('"'))).list.join(",")
            column = pl.concat_str(pl.lit("{"), quoted, pl.lit("}"))
        shaped.append(column.alias(name))
    buffer = io.BytesIO()
    frame.select(shaped).write_csv(buffer, include_header=False, datetime_format="%Y-%m-%d %H:%M:%S%.6f%:z")
    return buffer.getvalue()


def lookup(query: str, keys: Sequence[pl.Series], schema: Mapping[str, pl.DataType], *values: Any) -> pl.DataFrame:
    """Ask for many keys at once. `query` reads them as `k` with the columns `at` (0-based position), `k1`, `k2` …:

    `SELECT k.at, r.id FROM {keys} CROSS JOIN LATERAL (SELECT id FROM room_table WHERE code = k.k1 OFFSET 0) r`

    LATERAL with OFFSET 0 holds the planner to one index probe per key; a plain join is planned by statistics, which a
    table filled a minute ago does not have (measured: 28 s instead of 0.02 s).

    `keys` are texts without nulls (bytes as hex digits); `values` are the parameters behind `{keys}`, in order. The
    answer comes in the types of `schema`.
    """
    if not keys or not len(keys[0]):
        return pl.DataFrame(schema=schema)
    # Joined into one text each: a list would cost a Python object and its quoting per key. A first element of no
    # meaning, because the empty text makes an empty array.
    joined = [_SEPARATOR + series.str.join(_SEPARATOR).item() for series in keys]
    arrays = sql.SQL(", ").join([sql.SQL("string_to_array(%s, chr(31))")] * len(keys))
    names = sql.SQL(", ").join(sql.Identifier(f"k{number}") for number in range(1, len(keys) + 1))
    source = sql.SQL(
        "(SELECT ordinality - 2 AS at, {} FROM unnest({}) WITH ORDINALITY AS u({}, ordinality) WHERE ordinality > 1) k"
    ).format(names, arrays, names)
    return fetch_frame(sql.SQL(query).format(keys=source), schema, *joined, *values)


def ids_by(table: str, column: str, values: pl.Series) -> pl.Series:
    """The id (hexadecimal) of the row of `table` whose unique `column` has each value; null where there is none."""
    distinct = values.drop_nulls().unique()
    statement = sql.SQL(
        "SELECT k.k1, encode(uuid_send(t.id), 'hex') FROM {{keys}} CROSS JOIN LATERAL "
        "(SELECT id FROM {} WHERE {} = k.k1 OFFSET 0) t"
    ).format(sql.Identifier(table), sql.Identifier(column))
    with by_index():
        found = lookup(statement.as_string(None), [distinct], {"value": pl.String(), "id": pl.String()})
    return values.replace_strict(found["value"], found["id"], default=None, return_dtype=pl.String)


def fetch_frame(query: sql.Composable, schema: Mapping[str, pl.DataType], *values: Any) -> pl.DataFrame:
    """The rows of a query as a frame."""
    # COPY hands out row by row through Python; fetching is done in C and twice as fast.
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(connection.connection), list(values) or None)
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def stage(frame: pl.DataFrame, types: Mapping[str, str], *, key: Sequence[str] = ()) -> str:
    """COPY `frame` into a temporary table that goes with the transaction; returns its name.

    `types`: column → PostgreSQL type, for exactly the columns of the frame. `key`: columns to find rows by; without an
    index on them, a planner that thinks the other table small would read the whole stage once for each of its rows.
    """
    stage_name = f"stage_{next(_stages)}"
    with connection.cursor() as cursor:
        columns = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(types[name])) for name in frame.columns]
        run(
            cursor,
            "CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP",
            sql.Identifier(stage_name),
            sql.SQL(", ").join(columns),
        )
    copy_frame(stage_name, frame)
    with connection.cursor() as cursor:
        if key:
            named = sql.SQL(", ").join(map(sql.Identifier, key))
            run(cursor, "CREATE INDEX ON {} ({})", sql.Identifier(stage_name), named)
        run(cursor, "ANALYZE {}", sql.Identifier(stage_name))
    return stage_name


def update_frame(table: str, frame: pl.DataFrame, *, key: Sequence[str] = ("id",), bump: Sequence[str] = ()) -> int:
    """Set the columns of `frame` on the rows with the same `key`; rows that are so already are not touched.

    `bump`: counters to raise by one on each row that changes. Returns the number of rows changed.
    """
    if frame.is_empty():
        return 0
    types = column_types(table, frame.columns)
    name = stage(frame, types, key=key)
    targets = [column for column in frame.columns if column not in key]
    sets = [sql.SQL("{0} = s.{0}").format(sql.Identifier(column)) for column in targets]
    sets += [sql.SQL("{0} = t.{0} + 1").format(sql.Identifier(column)) for column in bump]
    parts = (
        sql.Identifier(table),
        sql.SQL(", ").join(sets),
        sql.Identifier(name),
        sql.SQL(" AND ").join(sql.SQL("t.{0} = s.{0}").format(sql.Identifier(column)) for column in key),
        sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(column)) for column in targets),
        sql.SQL(", ").join(sql.SQL("s.{}").format(sql.Identifier(column)) for column in targets),
    )
    with by_index(), connection.cursor() as cursor:
        run(cursor, "UPDATE {} t SET {} FROM {} s WHERE {} AND ({}) IS DISTINCT FROM ({})", *parts)
        return int(cursor.rowcount)


def compare_and_set(
    table: str, frame: pl.DataFrame, *, key: str = "id", id_column: str = "id",
    expected: Mapping[str, str] | None = None, only: Mapping[str, str | None] | None = None,
    also: Mapping[str, Any] | None = None, bump: Sequence[str] = (), told: Sequence[str] = (),
) -> pl.DataFrame:  # fmt: skip
    """Set the columns of `frame` on the rows with the same `key` that still are as the frame knew them.

    `expected`: column of the table → column of the frame with what it must hold (null too). `only`: column → value the
    rows must have besides. `also`: column → the same new value for all; `bump`: counters to raise by one. Returns the
    columns `told` of the rows changed, as text. The rows are locked in the order of `key` before they change; what
    somebody else changed meanwhile is left alone. `id_column` is the primary key.

    Looked up key by key, as in `lookup`: where statistics say that no row is as `only` has it, a planner free to choose
    compares every row of the frame with every one that is so by now (measured: 100,000 customers in an hour).
    """
    none = pl.DataFrame(schema=dict.fromkeys(told, pl.String()))
    if frame.is_empty():
        return none
    known = dict(expected or {})
    targets = [name for name in frame.columns if name != key and name not in known.values()]
    types = column_types(table, [key, *targets, *known])
    staged = stage(
        frame, {name: types[name] for name in (key, *targets)} | {known[name]: types[name] for name in known}
    )
    conditions = [
        sql.SQL("t.{} IS NOT DISTINCT FROM s.{}").format(sql.Identifier(column), sql.Identifier(source))
        for column, source in known.items()
    ] + [
        sql.SQL("t.{} IS NOT DISTINCT FROM {}").format(sql.Identifier(column), sql.Literal(value))
        if value is not None else sql.SQL("t.{} IS NULL").format(sql.Identifier(column))
        for column, value in (only or {}).items()
    ]  # fmt: skip
    sets = [sql.SQL("{0} = s.{0}").format(sql.Identifier(column)) for column in targets]
    sets += [
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in (also or {}).items()
    ]
    sets += [sql.SQL("{0} = t.{0} + 1").format(sql.Identifier(column)) for column in bump]
    parts = {
        "table": sql.Identifier(table), "stage": sql.Identifier(staged), "key": sql.Identifier(key),
        "id": sql.Identifier(id_column), "sets": sql.SQL(", ").join(sets),
        "conditions": sql.SQL(" AND ").join([sql.SQL("true"), *conditions]),
        "told": sql.SQL(", ").join(sql.SQL("t.{}::text").format(sql.Identifier(name)) for name in told or [key]),
    }  # fmt: skip
    # What is locked is as the conditions say, and stays so.
    statement = sql.SQL(
        "UPDATE {table} t SET {sets} FROM (SELECT s.*, l.locked FROM (SELECT * FROM {stage} ORDER BY {key} OFFSET 0) s "
        "CROSS JOIN LATERAL (SELECT t.{id} AS locked FROM {table} t WHERE t.{key} = s.{key} AND {conditions} "
        "FOR UPDATE) l) s WHERE t.{id} = s.locked RETURNING {told}"
    ).format(**parts)
    with by_index(), connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        return pl.DataFrame(cursor.fetchall(), schema=none.schema, orient="row") if told else none


def delete_rows(table: str, keys: pl.DataFrame, *, only: Mapping[str, str] | None = None) -> int:
    """Delete the rows whose columns equal a row of `keys`, and the values of `only`; returns how many."""
    if keys.is_empty():
        return 0
    name = stage(keys, column_types(table, keys.columns))
    conditions = [sql.SQL("t.{0} = s.{0}").format(sql.Identifier(column)) for column in keys.columns]
    conditions += [
        sql.SQL("t.{} = {}").format(sql.Identifier(column), sql.Literal(value))
        for column, value in (only or {}).items()
    ]
    with by_index(), connection.cursor() as cursor:
        run(
            cursor,
            "DELETE FROM {} t USING {} s WHERE {}",
            sql.Identifier(table),
            sql.Identifier(name),
            sql.SQL(" AND ").join(conditions),
        )
        return int(cursor.rowcount)


def column_types(table: str, columns: Iterable[str]) -> dict[str, str]:
    """Column → PostgreSQL type as the catalogue knows it. KeyError for a column that is not there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        found: dict[str, str] = dict(cursor.fetchall())
    return {column: found[column] for column in columns}


def swap_table(table: str, frames: Iterable[pl.DataFrame], *, statistics: int = 100) -> int:
    """Replace the whole content of `table` by `frames`; returns the number of rows. The planner learns from 300 rows
    per `statistics`; of a hundred columns that takes longer than filling them, and fewer do.

    A fresh table is filled beside the old one, indexed afterwards, and takes its name in one short transaction: readers
    see the old rows or the new ones, never half. For tables that are the result of a run: no foreign keys, no triggers
    (ValueError), since neither would follow. One swap of a table at a time is the caller's business.
    """
    fresh = f"fresh_{table}"[:63]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND %s::regclass IN (conrelid, confrelid)", [table]
        )
        foreign = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass", [table])
        triggers = cursor.fetchone()
        if (foreign and foreign[0]) or (triggers and triggers[0]):
            raise ValueError(f"“{table}” has foreign keys or triggers and cannot be swapped.")
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisunique, coalesce(k.contype, ''), k.conname "
            "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u') "
            "WHERE i.indrelid = %s::regclass ORDER BY c.relname",
            [table],
        )
        indexes = cursor.fetchall()
        run(cursor, "DROP TABLE IF EXISTS {}", sql.Identifier(fresh))
        run(
            cursor,
            "CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED "
            "INCLUDING IDENTITY INCLUDING STORAGE INCLUDING COMMENTS)",
            sql.Identifier(fresh),
            sql.Identifier(table),
        )
    frozen = connection.in_atomic_block
    rows = sum(copy_frame(fresh, frame, frozen=frozen) for frame in frames)
    with connection.cursor() as cursor:
        for number, (_, definition, is_unique, _, _) in enumerate(indexes):
            # What follows USING is the catalogue's own text.
            how = definition.partition(" USING ")[2]
            run(
                cursor,
                "CREATE {} INDEX {} ON {} USING {}",
                sql.SQL("UNIQUE" if is_unique else ""),
                sql.Identifier(_fresh_index(table, number)),
                sql.Identifier(fresh),
                sql.SQL(how),
            )
        cursor.execute("SELECT set_config('default_statistics_target', %s, false)", [str(statistics)])
        run(cursor, "ANALYZE {}", sql.Identifier(fresh))
        run(cursor, "RESET default_statistics_target")
    with transaction.atomic(), connection.cursor() as cursor:
        # Better to fail than to make every reader queue behind a long report.
        cursor.execute("SELECT set_config('lock_timeout', '10s', true)")
        run(cursor, "DROP TABLE {}", sql.Identifier(table))
        run(cursor, "ALTER TABLE {} RENAME TO {}", sql.Identifier(fresh), sql.Identifier(table))
        for number, (name, _, _, kind, constraint) in enumerate(indexes):
            run(
                cursor,
                "ALTER INDEX {} RENAME TO {}",
                sql.Identifier(_fresh_index(table, number)),
                sql.Identifier(name),
            )
            if kind:
                run(
                    cursor,
                    "ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}",
                    sql.Identifier(table),
                    sql.Identifier(constraint),
                    sql.SQL("PRIMARY KEY" if kind == "p" else "UNIQUE"),
                    sql.Identifier(name),
                )
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    return rows


def _fresh_index(table: str, number: int) -> str:
    return f"fresh_{number}_{table}"[:63]


def run(cursor: Any, statement: str, *parts: sql.Composable) -> None:
    """Execute `statement` with its `{}` filled by identifiers, literals and other composed parts."""
    # As text: whoever wraps execute (the history context does) reads the statement.
    cursor.execute(sql.SQL(statement).format(*parts).as_string(connection.connection))
