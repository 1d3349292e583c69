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
import polars as pl
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

    def hold(self, table: Any) -> Any:
        """A table that several expressions read, computed once where the engine can keep it."""
        ...

    def write(self, table: Any, file: Path) -> None:
        """Compute a table into one Parquet file (Spark: a folder of them)."""
        ...

    def fetch(self, table: Any) -> pl.DataFrame:
        """Compute a small table into memory. Ibis' own way loads pandas for it."""
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

    def hold(self, table: Any) -> Any:
        self.views += 1
        name = f"h{self.views}"
        self.con.raw_sql(f"CREATE OR REPLACE TEMPORARY TABLE {name} AS {self.con.compile(table)}")
        return DatabaseTable(name=name, schema=table.schema(), source=self.con).to_expr()

    def read(self, files: Path) -> Any:
        return self.con.read_parquet(str(files / "*.parquet") if files.is_dir() else str(files))

    def write(self, table: Any, file: Path) -> None:
        name = str(file).replace("'", "''")
        self.con.raw_sql(f"COPY ({self.con.compile(table)}) TO '{name}' (FORMAT parquet)")

    def fetch(self, table: Any) -> pl.DataFrame:
        return pl.DataFrame(self.con.con.sql(self.con.compile(table)).to_arrow_table())


@dataclass
class Spark:
    """`con` is an Ibis connection to a Spark session."""

    con: Any
    name: str = "spark"
    views: int = 0

    def view(self, table: Any) -> Any:
        self.views += 1
        return _view(self.con, f"anxin_v{self.views}", table)

    def hold(self, table: Any) -> Any:
        """Spark reads again what is asked for again: keeping it is the business of whoever sized the cluster."""
        return self.view(table)

    def read(self, files: Path) -> Any:
        return self.con.read_parquet(str(files))

    def write(self, table: Any, file: Path) -> None:
        self.con.to_parquet_dir(table, str(file))

    def fetch(self, table: Any) -> pl.DataFrame:
        # Ibis goes by way of pandas, whose newest version PySpark stumbles over.
        rows = self.con._session.sql(self.con.compile(table)).toArrow()
        return pl.DataFrame(rows.cast(table.schema().to_pyarrow()))


@contextmanager
def duckdb(spill: Path, *, memory_mb: int = MEMORY_MB, threads: int = 2) -> Iterator[DuckDB]:
    """DuckDB within `memory_mb`; larger sorts and joins spill into the folder `spill`."""
    spill.mkdir(parents=True, exist_ok=True)
    con = ibis.duckdb.connect(
        memory_limit=f"{memory_mb}MB", threads=threads, temp_directory=str(spill), preserve_insertion_order=False
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
    # Else moments are written in the old form without a zone, and would come back as somebody's local time.
    session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
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
