"""A model's match weight as one SQL expression: what Splink computes, without its set-up.

For the batch, which must not pay seconds of preparation for a moment of work. Tests hold it against Splink."""

from __future__ import annotations

import math
from typing import Any, Final

import polars as pl

from anxin.analytics.linkage import conditions, features
from anxin.analytics.linkage.model import Comparison, Level, Model

ROW: Final = "_row"
_LEAST: Final = 1e-6  # Splink's floor of a probability


def columns(model: Model) -> tuple[str, ...]:
    """The features and frequencies that the weight looks at."""
    found: dict[str, None] = {}
    for comparison in model.comparisons:
        found |= dict.fromkeys(conditions.columns(comparison.null))
        for level in comparison.levels:
            found |= dict.fromkeys(conditions.columns(level.when) if level.when else ())
    return (*found, *(f"{features.TF}{column}" for column in model.tf_columns))


def sql(model: Model) -> str:
    """The weight (log2 odds, prior included) over columns `<name>_l` and `<name>_r`, for DuckDB."""
    return " + ".join([repr(model.prior_weight), *(_comparison(each) for each in model.comparisons)])


def _comparison(comparison: Comparison) -> str:
    whens = [f"when {conditions.sql(comparison.null, 'duckdb')} then 0.0"]
    rest = "0.0"
    for level in comparison.levels:
        if level.when:
            whens.append(f"when {conditions.sql(level.when, 'duckdb')} then {_level(level)}")
        else:
            rest = repr(level.weight)
    return f"(case {' '.join(whens)} else {rest} end)"


def _level(level: Level) -> str:
    if not level.tf:
        return repr(level.weight)
    share = f"greatest({features.TF}{level.tf}_l, {features.TF}{level.tf}_r)"  # ignores null
    rare = math.log2(max(level.u or _LEAST, _LEAST))
    return f"({level.weight!r} + coalesce({rare!r} - log2({share}), 0.0))"


def weigh(con: Any, prepared: pl.DataFrame, pairs: pl.DataFrame, model: Model, least: float) -> pl.DataFrame:
    """Weights of pairs of rows of `prepared` (`left`, `right`) on a DuckDB connection: those of at least `least`, with
    `weight`. Fastest where the left rows come first."""
    needed = columns(model)
    records = prepared.select(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW), *needed)
    con.register("_batch_left", records.head(int(pairs["left"].to_numpy().max(initial=0)) + 1).to_arrow())
    con.register("_batch_right", records.to_arrow())
    con.register("_batch_pairs", pairs.select("left", "right").to_arrow())
    sides = ", ".join(f'{side}."{name}" as "{name}_{side}"' for name in needed for side in "lr")
    try:
        found = con.sql(  # names of columns and numbers of the model only
            f"select * from (select a as left, b as right, {sql(model)} as weight from "  # noqa: S608
            f'(select p."left" as a, p."right" as b, {sides} from _batch_pairs p '
            f'join _batch_left l on l.{ROW} = p."left" join _batch_right r on r.{ROW} = p."right")) '
            f"where weight >= {least!r}"
        ).to_arrow_table()
    finally:
        con.unregister("_batch_pairs")
        con.unregister("_batch_left")
        con.unregister("_batch_right")
    weighed = pl.from_arrow(found)
    assert isinstance(weighed, pl.DataFrame)
    return weighed
