"""A model's match weight as one SQL expression: what Splink computes, without its set-up.

For the batch, which must not pay seconds of preparation for a moment of work; and to leave out, before Splink looks at
them, the many pairs that share a key and nothing else. Tests hold it against Splink."""

from __future__ import annotations

import math
from typing import Any, Final

import polars as pl

from anxin.analytics.linkage import conditions, features
from anxin.analytics.linkage.model import Comparison, Level, Model

_AT_ONCE: Final = 500_000
_NUMBERS: Final = pl.col("left", "right").cast(pl.Int64)
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
    `weight`."""
    records = prepared.select(columns(model))
    schema = {"left": pl.Int64(), "right": pl.Int64(), "weight": pl.Float64()}
    parts = [pl.DataFrame(schema=schema)]
    for start in range(0, len(pairs), _AT_ONCE):
        part = pairs.slice(start, _AT_ONCE)
        # Rows are fetched by their numbers here: as a join it costs the engine eight times as much.
        sides = [records[part[side]].rename({name: f"{name}_{side[0]}" for name in records.columns})
                 for side in ("left", "right")]  # fmt: skip
        con.register("_weigh_pairs", pl.concat([part.select(_NUMBERS), *sides], how="horizontal").to_arrow())
        try:
            found = con.sql(  # names of columns and numbers of the model only
                f'select * from (select "left", "right", {sql(model)} as weight from _weigh_pairs) '  # noqa: S608
                f"where weight >= {least!r}"
            ).to_arrow_table()
        finally:
            con.unregister("_weigh_pairs")
        parts.append(pl.DataFrame(pl.from_arrow(found)))
    return pl.concat(parts)
