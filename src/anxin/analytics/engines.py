"""The engines that Ibis expressions run on: DuckDB inside the process, Spark when one machine is outgrown.

Everything above speaks Ibis and Parquet only, so the same expressions run on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import ibis

MEMORY_MB = 1_500


class Engine(Protocol):
    """Reads Parquet, computes, writes Parquet."""

    name: str

    def read(self, files: Path) -> Any:
        """An Ibis table over one Parquet file or a folder of them."""
        ...

    def write(self, table: Any, file: Path) -> None:
        """Compute a table into one Parquet file (Spark: a folder of them), its rows in the order of the expression."""
        ...


class EngineMissing(RuntimeError):
    """The engine's extra is not installed."""


@dataclass
class DuckDB:
    """`con` is an Ibis connection to DuckDB in memory; what does not fit goes to `spill`."""

    con: Any
    name: str = "duckdb"

    def read(self, files: Path) -> Any:
        return self.con.read_parquet(str(files / "*.parquet") if files.is_dir() else str(files))

    def write(self, table: Any, file: Path) -> None:
        self.con.to_parquet(table, str(file))


@dataclass
class Spark:
    """`con` is an Ibis connection to a Spark session."""

    con: Any
    name: str = "spark"

    def read(self, files: Path) -> Any:
        return self.con.read_parquet(str(files))

    def write(self, table: Any, file: Path) -> None:
        self.con.to_parquet_dir(table, str(file))


@contextmanager
def duckdb(spill: Path, *, memory_mb: int = MEMORY_MB, threads: int = 2) -> Iterator[DuckDB]:
    """DuckDB within `memory_mb`; larger sorts and joins spill into the folder `spill`."""
    spill.mkdir(parents=True, exist_ok=True)
    con = ibis.duckdb.connect(
        memory_limit=f"{memory_mb}MB", threads=threads, temp_directory=str(spill), preserve_insertion_order=True
    )
    try:
        yield DuckDB(con)
    finally:
        con.disconnect()


@contextmanager
def spark(session: Any) -> Iterator[Spark]:
    """Spark over a session of the caller's. Raises EngineMissing without the extra `anxin[spark]`."""
    try:
        con = ibis.pyspark.connect(session)
    except (ImportError, AttributeError) as error:
        raise EngineMissing("Spark needs the extra anxin[spark].") from error
    yield Spark(con)
