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
from ibis.expr.operations import DatabaseTable

MEMORY_MB = 1_500


class Engine(Protocol):
    """Reads Parquet, computes, writes Parquet."""

    name: str

    def read(self, files: Path) -> Any:
        """An Ibis table over one Parquet file or a folder of them."""
        ...

    def view(self, table: Any) -> Any:
        """The same table under a name of its own. What is built on it says the name, not the whole expression again:
        Ibis folds one selection into the next, and a tower of them takes longer to write down than to compute."""
        ...

    def write(self, table: Any, file: Path) -> None:
        """Compute a table into one Parquet file (Spark: a folder of them), its rows in the order of the expression."""
        ...


class EngineMissing(RuntimeError):
    """The engine's extra is not installed."""


def _view(con: Any, name: str, table: Any) -> Any:
    """`create_view` without asking the engine what it has made: the expression knows its columns."""
    text = con.compile(table)
    # A view outlives its expression: one temporary name per view and connection.
    con.raw_sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {text}")
    return DatabaseTable(name=name, schema=table.schema(), source=con).to_expr()


@dataclass
class DuckDB:
    """`con` is an Ibis connection to DuckDB in memory; what does not fit goes to `spill`."""

    con: Any
    name: str = "duckdb"
    views: int = 0

    def view(self, table: Any) -> Any:
        self.views += 1
        return _view(self.con, f"v{self.views}", table)

    def read(self, files: Path) -> Any:
        return self.con.read_parquet(str(files / "*.parquet") if files.is_dir() else str(files))

    def write(self, table: Any, file: Path) -> None:
        self.con.to_parquet(table, str(file))


@dataclass
class Spark:
    """`con` is an Ibis connection to a Spark session."""

    con: Any
    name: str = "spark"
    views: int = 0

    def view(self, table: Any) -> Any:
        self.views += 1
        return _view(self.con, f"anxin_v{self.views}", table)

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


@contextmanager
def spark_session(memory: str = "2g") -> Iterator[Spark]:
    """Spark of its own for a run; where `SPARK_REMOTE` or a cluster's configuration says so, that one.

    Raises EngineMissing without the extra `anxin[spark]`.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing("Spark needs the extra anxin[spark].") from error
    session = (
        SparkSession.builder.appName("anxin segments")
        .config("spark.driver.memory", memory)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "false")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    try:
        with spark(session) as found:
            yield found
    finally:
        session.stop()
