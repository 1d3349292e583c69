"""Out of PostgreSQL into Parquet, by ADBC: Arrow from the wire to the file, never a Python object per value.

Marts that are kept grow from night to night. PostgreSQL marks every version of a row with the transaction that wrote
it (`xmin`); rows written since the last extract are asked for by that mark, so no table needs a column of its own for
it, and a row that a late transaction brought in under an old key is not missed. Rows taken away leave no mark: when the
kept rows and the new ones together are not as many as the table has, some are gone, and the mart is read whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import adbc_driver_postgresql.dbapi as adbc
import polars as pl
import pyarrow.parquet as pq

from anxin.analytics.marts import Mart

STATE = "marts.json"
# Transaction marks come round after 2^31: far before that a kept mart is read whole again.
OLDEST_MARK = 1_000_000_000


def uri(
    *,
    name: str,
    user: str,
    password: str = "",
    host: str = "",
    port: str = "",
    options: Mapping[str, str] | None = None,
) -> str:
    """A libpq address. `host` may be the folder of a Unix socket; `options` are libpq's (sslmode …)."""
    account = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    extra = dict(options or {})
    place = host + (f":{port}" if port else "")
    if host.startswith("/"):
        place = ""
        extra |= {"host": host} | ({"port": port} if port else {})
    return f"postgresql://{account}@{place}/{quote(name, safe='')}" + (f"?{urlencode(extra)}" if extra else "")


def extract(
    address: str,
    marts: Mapping[str, Mart],
    folder: Path,
    *,
    as_of: date,
    base: Path | None = None,
    keep_state: bool = False,
) -> dict[str, int]:
    """Write each mart's rows to `folder/<name>.parquet`; returns the numbers of rows that crossed the wire.

    All see one snapshot of the database (repeatable read, read only), so the parts fit together. A file appears under
    its name only when it is complete. `base` is the folder of an earlier extract of the same database: kept marts are
    continued from there when its `marts.json` says up to which transaction they go. `keep_state` leaves that file
    of `folder` as it is: what is written then is no mart to go on from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = _state(base) if base is not None else {}
    moved: dict[str, int] = {}
    with adbc.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        now, horizon, system = _marks(cursor)
        is_continued = known.get("system") == system and 0 <= now - int(known.get("mark", 0)) < OLDEST_MARK
        for name, mart in marts.items():
            file = folder / f"{name}.parquet"
            kept = base / file.name if base is not None and is_continued and mart.is_kept else None
            query = mart.query().replace("{as_of}", as_of.isoformat())
            if kept is not None and kept.exists() and known["queries"].get(name) == _print(query):
                found = _continued(cursor, mart, kept, file, int(known["mark"]))
                if found is not None:
                    moved[name] = found
                    continue
            cursor.execute(query)
            moved[name] = _write(cursor, file)
        connection.rollback()
    state = {"mark": horizon, "system": system, "queries": {name: _print(mart.query()) for name, mart in marts.items()}}
    if not keep_state:
        (folder / STATE).write_text(json.dumps(state))
    return moved


def _marks(cursor: adbc.Cursor) -> tuple[int, int, str]:
    """The transaction counter now, the oldest one still under way (its rows we have not seen), and whose it is."""
    cursor.execute(
        "SELECT pg_snapshot_xmax(s)::text::bigint, pg_snapshot_xmin(s)::text::bigint, "
        "c.system_identifier::text || current_database() FROM pg_current_snapshot() s, pg_control_system() c"
    )
    now, horizon, system = cursor.fetchone()
    return int(now), int(horizon), str(system)


def _state(folder: Path) -> dict[str, Any]:
    file = folder / STATE
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return found


def _print(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:16]


def _continued(cursor: adbc.Cursor, mart: Mart, kept: Path, file: Path, mark: int) -> int | None:
    """The kept rows with those written by transaction `mark` or later; None when rows were taken away."""
    cursor.execute(mart.query(f"age(t.xmin) <= age('{mark % 2**32:d}'::xid)"))
    written = pl.from_arrow(cursor.fetch_arrow_table())
    assert isinstance(written, pl.DataFrame)
    cursor.execute(f"SELECT count(*) FROM {mart.table}" + (f" WHERE {mart.where}" if mart.where else ""))  # noqa: S608
    (rows,) = cursor.fetchone()
    if written.is_empty():
        if pl.scan_parquet(kept).select(pl.len()).collect().item() != rows:
            return None
        _link(kept, file)
        return 0
    merged = pl.concat([pl.read_parquet(kept).join(written, on="id", how="anti"), written])
    if merged.height != rows:
        return None
    unfinished = file.with_suffix(".part")
    merged.write_parquet(unfinished, compression="zstd", compression_level=1)
    unfinished.replace(file)
    return written.height


def _link(kept: Path, file: Path) -> None:
    """The same file under a second name: an unchanged mart costs no space in the next day's folder."""
    file.unlink(missing_ok=True)
    os.link(kept, file)


def _write(cursor: adbc.Cursor, file: Path) -> int:
    reader = cursor.fetch_record_batch()
    unfinished = file.with_suffix(".part")
    rows = 0
    with pq.ParquetWriter(unfinished, reader.schema, compression="zstd", compression_level=1) as writer:
        for batch in reader:
            writer.write_batch(batch)
            rows += batch.num_rows
    unfinished.replace(file)
    return rows


@contextmanager
def exclusive(address: str, name: str) -> Iterator[None]:
    """Hold the run of `name` alone, on any machine; others wait here. The lock dies with the process that holds it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with adbc.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({number:d})")
        cursor.fetchall()
        try:
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({number:d})")
            cursor.fetchall()
