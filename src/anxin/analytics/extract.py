"""Out of PostgreSQL into Parquet, by ADBC: Arrow from the wire to the file, never a Python object per value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import adbc_driver_postgresql.dbapi as adbc
import pyarrow.parquet as pq


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


def extract(address: str, queries: Mapping[str, str], folder: Path) -> dict[str, int]:
    """Write each query's rows to `folder/<name>.parquet`; returns the numbers of rows.

    All queries see one snapshot of the database (repeatable read, read only), so the parts fit together. A file appears
    under its name only when it is complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    with adbc.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for name, query in queries.items():
            cursor.execute(query)
            rows[name] = _write(cursor, folder / f"{name}.parquet")
        connection.rollback()
    return rows


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
