"""Linking: all records with one another, or a batch with a base, into pairs with an outcome and clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from anxin.analytics.engines import EngineMissing
from anxin.analytics.linkage import addresses, clusters, conditions, engine, features, guards, weights
from anxin.analytics.linkage.model import Model, Role

NEW: Final = "is_new"
_ENOUGH: Final = 1_000
MEMORY_MB: Final = 4_000
_ROUNDING: Final = 1e-6
_DECIDED: Final = 1e6  # stronger than any weight


class Outcome(StrEnum):
    """What is to be done with a pair."""

    CERTAIN = "certain"
    REVIEW = "review"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Linkage:
    """What a run found.

    `pairs`: `left_id`, `right_id` (left before right as texts), `weight` (log2 odds), `probability`, `outcome`
    (certain, review), `reason` (code of the guard or conflict that sent it to review, "weight" where the weight alone
    did, null if certain), by falling weight. Pairs below the review threshold are not listed.
    `clusters`: `record_id`, `cluster_id` (the smallest record id in it), one row per record.
    """

    pairs: pl.DataFrame
    clusters: pl.DataFrame


@contextmanager
def duckdb(*, memory_mb: int = MEMORY_MB, threads: int = 2, spill: Path | None = None) -> Iterator[Any]:
    """A Splink backend on DuckDB in memory; what does not fit goes to the folder `spill`."""
    if spill:
        spill.mkdir(parents=True, exist_ok=True)
    api = engine.duckdb_api(memory_mb=memory_mb, threads=threads, spill=str(spill) if spill else None)
    try:
        yield api
    finally:
        api.duckdb_con.close()


@contextmanager
def connection(*, memory_mb: int = MEMORY_MB, threads: int = 2, spill: Path | None = None) -> Iterator[Any]:
    """DuckDB without Splink, which a batch does not need; limits as `duckdb`."""
    if spill:
        spill.mkdir(parents=True, exist_ok=True)
    con = engine.connect(memory_mb=memory_mb, threads=threads, spill=str(spill) if spill else None)
    try:
        yield con
    finally:
        con.close()


@contextmanager
def spark(session: Any) -> Iterator[Any]:
    """A Splink backend on the caller's Spark session, which must have `spark_jar()` on its class path."""
    from splink import SparkAPI

    yield SparkAPI(spark_session=session, break_lineage_method="persist", num_partitions_on_repartition=4)


def spark_session(*, master: str = "local[2]") -> Any:
    """A local Spark session with what the comparisons need. Raises EngineMissing without the extra `anxin[spark]`."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing("Spark needs the extra anxin[spark].") from error
    from splink.backends.spark import similarity_jar_location

    return (
        SparkSession.builder.master(master)
        .config("spark.jars", similarity_jar_location())
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .getOrCreate()
    )


def predict(
    prepared: pl.DataFrame, model: Model, api: Any, *, least: float | None = None, newcomers: bool = False
) -> pl.DataFrame:
    """Candidate pairs with their match weight: `left`, `right` (row numbers in `prepared`), `weight`.

    `newcomers`: only pairs with at least one record whose column `is_new` is true.
    """
    least = model.thresholds.review if least is None else least
    if api.sql_dialect.sql_dialect_str == "duckdb":
        pairs = engine.candidates(api.duckdb_con, prepared, model, newcomers=NEW if newcomers else "")
        # Nearly all who share a key are two people, which a plain statement tells at a third of what Splink needs.
        likely = weights.weigh(api.duckdb_con, prepared, pairs, model, least - _ROUNDING)
        return in_order(_weighed(api, prepared, likely, model, least)) if len(likely) else likely
    records = prepared.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(engine.ROW))
    rules = engine.rule_sqls(model)
    if newcomers:
        rules = [f"{rule} and (l.{NEW} or r.{NEW})" for rule in rules]
    chosen = engine.settings(model, api.sql_dialect.sql_dialect_str, rules=rules, retain=[engine.ROW])
    linker = engine.linker(api, records, model, chosen)
    found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    table = engine.polars(found)
    found.drop_table_from_database_and_remove_from_cache()
    return in_order(
        table.select(
            pl.col(f"{engine.ROW}_l").cast(pl.Int64).alias("left"),
            pl.col(f"{engine.ROW}_r").cast(pl.Int64).alias("right"),
            pl.col(engine.WEIGHT).cast(pl.Float64).alias("weight"),
        )
    )


def _weighed(api: Any, prepared: pl.DataFrame, pairs: pl.DataFrame, model: Model, least: float) -> pl.DataFrame:
    """Splink's weights; it is given only the records of which there are pairs."""
    rows = np.union1d(pairs["left"].to_numpy(), pairs["right"].to_numpy())
    near = pairs.select(pl.Series(side, np.searchsorted(rows, pairs[side].to_numpy())) for side in ("left", "right"))
    found = engine.weigh(api, prepared[rows], near, model, least)
    return found.with_columns(
        pl.Series(side, rows[found[side].to_numpy()], dtype=pl.Int64) for side in ("left", "right")
    )


def in_order(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with the smaller row number on the left: engines differ in which side they name first."""
    left, right = pl.col("left"), pl.col("right")
    return pairs.with_columns(
        pl.min_horizontal(left, right).alias("left"), pl.max_horizontal(left, right).alias("right")
    )


def decide(
    prepared: pl.DataFrame,
    pairs: pl.DataFrame,
    model: Model,
    *,
    whole_sources: Sequence[str] = (),
    known: Sequence[tuple[str, str]] = (),
    never: Sequence[tuple[str, str]] = (),
) -> Linkage:
    """Outcomes and clusters of weighted pairs (`left`, `right`, `weight`), with the model's thresholds and guards.

    `whole_sources`: sources known to hold each person once; two of their records are never in one cluster.
    `known`, `never`: pairs of record ids that people decided on; they are one cluster, or never are.
    """
    judged = _guarded(prepared, pairs, model)
    edges = judged.filter(pl.col("outcome") == Outcome.CERTAIN)
    sure, apart = _rows(prepared, known), _rows(prepared, never)
    sources = None
    if whole_sources:
        whole = pl.col(features.SOURCE).is_in(list(whole_sources))
        sources = clusters.codes(prepared.select(pl.when(whole).then(pl.col(features.SOURCE))).to_series())
    found, refused = clusters.resolve(
        np.concatenate([edges["left"].to_numpy(), sure[:, 0]]),
        np.concatenate([edges["right"].to_numpy(), sure[:, 1]]),
        np.concatenate([edges["weight"].to_numpy(), np.full(len(sure), _DECIDED)]),
        len(prepared),
        marks=_marks(prepared, model),
        sources=sources,
        never=apart,
    )
    turned_down = pl.Series(refused[: len(edges)])
    edges = edges.with_columns(
        pl.when(turned_down).then(pl.lit(str(Outcome.REVIEW))).otherwise(pl.col("outcome")).alias("outcome"),
        pl.when(turned_down).then(pl.lit("cluster_conflict")).otherwise(pl.col("reason")).alias("reason"),
    )
    judged = pl.concat([edges, judged.filter(pl.col("outcome") == Outcome.REVIEW)])
    ids = prepared[features.ID]
    one, other = ids.gather(judged["left"]), ids.gather(judged["right"])
    turned = one > other
    weight = judged["weight"]
    result = pl.DataFrame(
        {
            "left_id": one.zip_with(~turned, other),
            "right_id": other.zip_with(~turned, one),
            "weight": weight,
            "probability": 1 / (1 + np.exp2(-weight.clip(-60, 60).to_numpy())),
            "outcome": judged["outcome"],
            "reason": judged["reason"],
        }
    )
    if never:
        apart_frame = pl.DataFrame(
            [tuple(sorted(pair)) for pair in never], schema=["left_id", "right_id"], orient="row"
        )
        result = result.join(apart_frame, on=["left_id", "right_id"], how="anti")
    named = pl.DataFrame({"record_id": ids, "cluster": found})
    named = named.with_columns(pl.col("record_id").min().over("cluster").alias("cluster_id")).drop("cluster")
    return Linkage(pairs=result.sort("weight", "left_id", "right_id", descending=[True, False, False]), clusters=named)


def _rows(prepared: pl.DataFrame, pairs: Sequence[tuple[str, str]]) -> Any:
    """Pairs of record ids as row numbers (n × 2); pairs of unknown records are left out."""
    if not pairs:
        return np.empty((0, 2), dtype=np.int64)
    rows = prepared.select(pl.col(features.ID), pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))
    frame = pl.DataFrame(list(pairs), schema=["one", "other"], orient="row")
    frame = frame.join(rows, left_on="one", right_on=features.ID).join(
        rows, left_on="other", right_on=features.ID, suffix="_other"
    )
    return frame.select("row", "row_other").to_numpy()


def _guarded(prepared: pl.DataFrame, pairs: pl.DataFrame, model: Model) -> pl.DataFrame:
    chosen = guards.for_fields(model.fields, model.guards)
    needed = list(dict.fromkeys(column for guard in chosen for column in guard.columns))
    sides = [
        pl.DataFrame([prepared[name].gather(pairs[side]).alias(f"{name}_{mark}") for name in needed])
        for side, mark in (("left", "l"), ("right", "r"))
        if needed
    ]
    wide = pl.concat([pairs, *sides], how="horizontal")
    high = pl.col("weight") >= model.thresholds.certain
    holds = [(guard, conditions.expression(guard.when).fill_null(False)) for guard in chosen]
    reasons = [pl.when(expression).then(pl.lit(guard.code)) for guard, expression in holds]
    two = pl.any_horizontal([pl.lit(False), *(expression for guard, expression in holds if guard.is_two)])
    judged = wide.select(
        "left",
        "right",
        "weight",
        pl.coalesce(*reasons, pl.when(~high).then(pl.lit("weight"))).alias("reason"),
        two.alias("two"),
    )
    return (
        judged.filter(~pl.col("two") & (pl.col("weight") >= model.thresholds.review))
        .with_columns(
            pl.when(pl.col("reason").is_null())
            .then(pl.lit(str(Outcome.CERTAIN)))
            .otherwise(pl.lit(str(Outcome.REVIEW)))
            .alias("outcome")
        )
        .drop("two")
    )


def _marks(prepared: pl.DataFrame, model: Model) -> Any:
    number = next((each.code for each in model.fields if each.role is Role.RESIDENT_ID), None)
    if number is None:
        return None
    return clusters.codes(prepared.select(pl.when(pl.col(f"{number}_valid") == "1").then(pl.col(number))).to_series())


def link(
    frame: pl.DataFrame,
    model: Model,
    api: Any,
    *,
    divisions: addresses.Divisions | None = None,
    whole_sources: Sequence[str] = (),
    known: Sequence[tuple[str, str]] = (),
    never: Sequence[tuple[str, str]] = (),
    own_frequencies: bool | None = None,
) -> Linkage:
    """Link all records of `frame` with one another (see `features.build` for its columns, `decide` for the rest).

    `own_frequencies`: count how common values are in `frame`, or use what the model knows; if None, told by the size of
    `frame` (in a few records everything looks common).
    """
    if own_frequencies is None:
        own_frequencies = len(frame) >= _ENOUGH
    model = model.sized(len(frame))
    prepared = features.prepare(frame, model, divisions=divisions, own_frequencies=own_frequencies)
    pairs = predict(prepared, model, api)
    return decide(prepared, pairs, model, whole_sources=whole_sources, known=known, never=never)
