"""The engines that Ibis expressions run on: DuckDB inside the process, Spark when one machine is outgrown.

Everything above speaks Ibis and Parquet only, so the same expressions run on both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

import ibis
import polars as pl
from ibis.expr.operations import DatabaseTable

# What the largest step takes with 1,000,000 customers; with less it goes by way of the disk, five times as long.
MEMORY_MB = 2_200


class Engine(Protocol):
    """Reads Parquet, computes, writes Parquet."""

    name: str

    def read(self, files: Path) -> Any:
        """An Ibis table over one Parquet file or a folder of them. Known by its name: one of a name at a time."""
        ...

    def named(self, name: str, value: int | date) -> Any:
        """What differs from night to night (the day, cut points), as an expression that is written the same."""
        ...

    def view(self, table: Any) -> Any:
        """The same table under a name of its own. What is built on it says the name, not the whole expression again:
        Ibis folds one selection into the next, and a tower of them takes longer to write down than to compute."""
        ...

    def hold(self, table: Any, name: str) -> Any:
        """A table computed once, where the engine can keep it: because several expressions read it, or because what it
        takes to compute (a state of a kilobyte for every customer) has to be gone before the next one begins."""
        ...

    def write(self, table: Any, file: Path) -> None:
        """Compute a table into one Parquet file (Spark: a folder of them)."""
        ...

    def fetch(self, table: Any) -> pl.DataFrame:
        """Compute a small table into memory. Ibis' own way loads pandas for it."""
        ...

    def planned(self, folder: Path, plan: Path | None, key: str, build: Callable[[], None]) -> None:
        """Do what `build` asks of this engine, which is to read, view, hold and write only.

        Its statements are kept in the file `plan`, if any; the next time with the same key they are taken from there,
        and nothing is built: writing the expressions of a night down takes longer than computing 20,000 customers.
        `key` says everything the statements depend on but what is `named` and the folder that they read and write.
        """
        ...


class EngineMissing(RuntimeError):
    """The engine's extra is not installed."""


@ibis.udf.scalar.builtin(name="getvariable", signature=(("string",), "int64"))
def _number(what):  # type: ignore[no-untyped-def]
    """A number that DuckDB knows by a name."""


@ibis.udf.scalar.builtin(name="getvariable", signature=(("string",), "date"))
def _day(what):  # type: ignore[no-untyped-def]
    """A date that DuckDB knows by a name."""


_VIEW: Final = re.compile(r'"(v\d+)"')


@dataclass
class DuckDB:
    """`con` is an Ibis connection to DuckDB in memory; what does not fit goes to `spill`."""

    con: Any
    spill: Path
    name: str = "duckdb"
    texts: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def named(self, name: str, value: int | date) -> Any:
        if isinstance(value, date):
            self.con.raw_sql(f"SET VARIABLE {name} = DATE '{value.isoformat()}'")
            return _day(name)
        self.con.raw_sql(f"SET VARIABLE {name} = {value:d}::BIGINT")
        return _number(name)

    def view(self, table: Any) -> Any:
        name = f"v{len(self.texts)}"
        self.texts[name] = self.con.compile(table)
        return DatabaseTable(name=name, schema=table.schema(), source=self.con).to_expr()

    def hold(self, table: Any, name: str) -> Any:
        # In a file: what is read a few times, a few columns at a time, needs no memory meanwhile.
        file = self.spill / f"{name}.parquet"
        self.write(table, file)
        self._show(f"h_{name}", file)
        return DatabaseTable(name=f"h_{name}", schema=table.schema(), source=self.con).to_expr()

    def read(self, files: Path) -> Any:
        name = f"f_{files.stem}"
        self._show(name, files / "*.parquet" if files.is_dir() else files)
        return self.con.table(name)

    def _show(self, name: str, files: Path) -> None:
        source = f"SELECT * FROM read_parquet({_quoted(str(files))})"  # noqa: S608
        self._ask(f'CREATE OR REPLACE TEMPORARY VIEW "{name}" AS {source}')

    def write(self, table: Any, file: Path) -> None:
        self._ask(f"COPY ({self._text(table)}) TO {_quoted(str(file))} (FORMAT parquet)")

    def fetch(self, table: Any) -> pl.DataFrame:
        return pl.DataFrame(self.con.con.sql(self._text(table)).to_arrow_table())

    def planned(self, folder: Path, plan: Path | None, key: str, build: Callable[[], None]) -> None:
        known = json.loads(plan.read_text()) if plan is not None and plan.exists() else {}
        places = {"{spill}": str(self.spill), "{folder}": str(folder)}
        if known.get("key") == key:
            for statement in known["statements"]:
                for mark, place in places.items():
                    statement = statement.replace(mark, place)
                self.con.raw_sql(statement)
            return
        self.asked.clear()
        build()
        if plan is not None:
            text = json.dumps({"key": key, "statements": self.asked})
            for mark, place in places.items():
                text = text.replace(json.dumps(place)[1:-1], mark)
            unfinished = plan.with_suffix(".part")
            unfinished.write_text(text)
            unfinished.replace(plan)

    def _ask(self, statement: str) -> None:
        self.asked.append(statement)
        self.con.raw_sql(statement)

    def _text(self, table: Any) -> str:
        """The statement of a table, with the views it stands on in front: bound once, where a view of views in the
        database would be bound again for each that is put on it."""
        text: str = self.con.compile(table)
        needed: set[str] = set()
        open_ = _VIEW.findall(text)
        while open_:
            name = open_.pop()
            if name not in needed:
                needed.add(name)
                open_ += _VIEW.findall(self.texts[name])
        if not needed:
            return text
        views = ", ".join(f"{name} AS NOT MATERIALIZED ({self.texts[name]})" for name in self.texts if name in needed)
        return f"WITH {views} SELECT * FROM ({text})"  # noqa: S608


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass
class Spark:
    """`con` is an Ibis connection to a Spark session."""

    con: Any
    name: str = "spark"
    views: int = 0

    def named(self, name: str, value: int | date) -> Any:
        return ibis.date(value.isoformat()) if isinstance(value, date) else ibis.literal(value, "int64")

    def view(self, table: Any) -> Any:
        self.views += 1
        name = f"anxin_v{self.views}"
        # Without asking Spark what was made: the expression knows its columns.
        self.con.raw_sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {self.con.compile(table)}")
        return DatabaseTable(name=name, schema=table.schema(), source=self.con).to_expr()

    def hold(self, table: Any, name: str) -> Any:
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

    def planned(self, folder: Path, plan: Path | None, key: str, build: Callable[[], None]) -> None:
        """Always built: beside what Spark takes to start, writing it down is nothing."""
        build()


@contextmanager
def duckdb(spill: Path, *, memory_mb: int = MEMORY_MB, threads: int = 2) -> Iterator[DuckDB]:
    """DuckDB within `memory_mb`; larger sorts and joins spill into the folder `spill`."""
    spill.mkdir(parents=True, exist_ok=True)
    con = ibis.duckdb.connect(
        memory_limit=f"{memory_mb}MB", threads=threads, temp_directory=str(spill), preserve_insertion_order=False
    )
    try:
        yield DuckDB(con, spill)
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
