"""A linkage model as Splink settings, and the Splink linker over prepared records. The only file that knows Splink."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any, Final

import polars as pl
import pyarrow as pa

from anxin.analytics.linkage import conditions, features
from anxin.analytics.linkage.model import Comparison, Model, Rule

WEIGHT: Final = "match_weight"
ROW: Final = "_row"
LEFT, RIGHT = f"{features.ID}_l", f"{features.ID}_r"
_LEAST: Final = 1e-6
_SEED: Final = 1


def settings(
    model: Model, dialect: str, *, rules: Sequence[str] | None = None, retain: Sequence[str] = ()
) -> dict[str, Any]:
    """Settings for `dialect` (duckdb, spark). `rules`: SQL of blocking rules, else those of the model."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": features.ID,
        "source_dataset_column_name": "source_dataset",
        "probability_two_random_records_match": model.prior,
        "blocking_rules_to_generate_predictions": list(rules if rules is not None else rule_sqls(model)),
        "comparisons": [_comparison(each, dialect) for each in model.comparisons],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": list(retain),
        "max_iterations": 30,
    }


def _comparison(comparison: Any, dialect: str) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": conditions.sql(comparison.null, dialect), "label_for_charts": "null", "is_null_level": True}
    ]
    for level in comparison.levels:
        found: dict[str, Any] = {
            "sql_condition": conditions.sql(level.when, dialect) if level.when else "ELSE",
            "label_for_charts": level.code,
        }
        if level.m is not None:
            found["m_probability"] = max(level.m, _LEAST)
        if level.u is not None:
            found["u_probability"] = max(level.u, _LEAST)
        if level.tf:
            found |= {
                "tf_adjustment_column": level.tf,
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            }
        levels.append(found)
    return {"output_column_name": comparison.code, "comparison_levels": levels}


def rule_sqls(model: Model) -> list[str]:
    """Blocking rules as SQL, in order."""
    return [rule_sql(rule) for rule in model.rules]


def rule_sql(rule: Rule, *, by_key: bool = True) -> str:
    """Equality of the rule's key column, or of its columns where the sides differ (or EM must see which columns it
    fixes)."""
    if by_key and all(left == right for left, right in rule.keys):
        return f"l.{features.KEYS}{rule.code} = r.{features.KEYS}{rule.code}"
    return " and ".join(f"l.{left} = r.{right}" for left, right in rule.keys)


def linker(api: Any, prepared: pl.DataFrame, model: Model, chosen: dict[str, Any]) -> Any:
    """A Splink linker over prepared records, with their frequencies (not Splink's own count of them)."""
    tf_names = [f"{features.TF}{column}" for column in model.tf_columns]
    made = _linker(api, prepared.drop(tf_names, strict=False), chosen)
    for column, name in zip(model.tf_columns, tf_names, strict=True):
        table = prepared.select(column, name).drop_nulls().unique(column)
        # The backend remembers tables of earlier linkers by name: each linker must bring its own.
        made.table_management.register_term_frequency_lookup(api.register(table.to_arrow()), column)
    return made


def _linker(api: Any, prepared: pl.DataFrame, chosen: dict[str, Any]) -> Any:
    from splink import Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Linker(api.register(prepared.to_arrow()), chosen, log_level=None, validate_settings=False)


def weigh(api: Any, prepared: pl.DataFrame, pairs: pl.DataFrame, model: Model, least: float) -> pl.DataFrame:
    """Splink's weight of pairs of rows of `prepared` (`left`, `right`): those of at least `least`, with `weight`.

    On DuckDB the frequencies go along as columns, which spares joining each with all records.
    """
    dialect = api.sql_dialect.sql_dialect_str
    needed = list(dict.fromkeys(column for each in model.comparisons for column in _columns(each)))
    tf_names = [f"{features.TF}{column}" for column in model.tf_columns]
    records = prepared.select(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW), *needed, *tf_names)
    chosen = settings(model, dialect, rules=["1=0"]) | {"unique_id_column_name": ROW}
    if dialect == "duckdb":
        made = _linker(api, records, chosen)
        for column, name in zip(model.tf_columns, tf_names, strict=True):
            nothing = api.register(prepared.select(column, name).clear().to_arrow())
            made.table_management.register_term_frequency_lookup(nothing, column)
    else:
        made = linker(api, records, model, chosen)
    listed = pairs.select(
        pl.lit("0").alias("match_key"), pl.col("left").alias("join_key_l"), pl.col("right").alias("join_key_r")
    )
    registered = made.table_management.register_blocked_pairs_for_predict(api.register(listed.to_arrow()))
    found = made.inference.predict(threshold_match_weight=least, warning_mode="never")
    result = polars(found)
    # Otherwise the next linker on this backend would take these pairs for its own.
    api.remove_splinkdataframe_from_cache(registered)
    found.drop_table_from_database_and_remove_from_cache()
    return result.select(
        pl.col(f"{ROW}_l").cast(pl.Int64).alias("left"),
        pl.col(f"{ROW}_r").cast(pl.Int64).alias("right"),
        pl.col(WEIGHT).cast(pl.Float64).alias("weight"),
    )


def _columns(comparison: Comparison) -> list[str]:
    found = list(conditions.columns(comparison.null))
    for level in comparison.levels:
        found += conditions.columns(level.when) if level.when else ()
        found += [level.tf] if level.tf else ()
    return found


def candidates(con: Any, prepared: pl.DataFrame, model: Model, *, newcomers: str = "") -> pl.DataFrame:
    """Pairs of rows (`left` < `right`) that share a key of some rule, each once. `newcomers`: a Boolean column; only
    pairs with at least one row where it is true. `con`: DuckDB. Joins keys alone, where Splink's own blocking drags
    every key of both records along to tell which rule found a pair first."""
    names = {features.KEYS + rule.code for rule in model.rules} | {
        column for rule in model.rules for key in rule.keys if key[0] != key[1] for column in key
    }
    present = [name for name in sorted(names) if name in prepared.columns]
    # As numbers, which join at half the cost; should two values have one, a pair too many is weighed.
    hashed = [
        pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash(_SEED)).alias(name)
        for name in present
    ]  # fmt: skip
    table = prepared.select(
        pl.int_range(pl.len(), dtype=pl.Int32).alias(ROW), *hashed, *([newcomers] if newcomers else [])
    )
    con.register("_linkage_keys", table.to_arrow())
    try:
        parts = []
        for rule in model.rules:
            key = features.KEYS + rule.code
            same = key in present
            on = f"l.{key} = r.{key}" if same else " and ".join(f"l.{left} = r.{right}" for left, right in rule.keys)
            order = f"l.{ROW} < r.{ROW}" if same and not newcomers else f"l.{ROW} <> r.{ROW}"
            for side in ("l", "r") if newcomers and not same else ("l",):
                new = f" and {side}.{newcomers}" if newcomers else ""
                parts.append(  # names of columns only, none from outside
                    f"select least(l.{ROW}, r.{ROW}) as a, greatest(l.{ROW}, r.{ROW}) as b "  # noqa: S608
                    f"from _linkage_keys l join _linkage_keys r on {on} and {order}{new}"
                )
        union = " union ".join(parts)
        sql = f"select cast(a as bigint), cast(b as bigint) from ({union}) t(a, b)"  # noqa: S608
        found = con.sql(sql).to_arrow_table().rename_columns(["left", "right"])
    finally:
        con.unregister("_linkage_keys")
    pairs = pl.from_arrow(found)
    assert isinstance(pairs, pl.DataFrame)
    return pairs


def duckdb_api(*, memory_mb: int, threads: int, spill: str | None) -> Any:
    """A Splink backend on DuckDB in memory, within limits."""
    from splink import DuckDBAPI

    return DuckDBAPI(connection=connect(memory_mb=memory_mb, threads=threads, spill=spill))


def connect(*, memory_mb: int, threads: int, spill: str | None) -> Any:
    """DuckDB in memory, within limits."""
    import duckdb

    con = duckdb.connect()
    con.execute(f"set memory_limit = '{memory_mb}MB'")
    con.execute(f"set threads = {threads}")
    con.execute("set preserve_insertion_order = false")
    if spill:
        con.execute("set temp_directory = ?", [spill])
    return con


def arrow(table: Any) -> pa.Table:
    """A Splink table as Arrow."""
    return (
        table.as_pyarrow_table()
        if hasattr(table, "as_pyarrow_table")
        else pa.Table.from_pandas(table.as_pandas_dataframe())
    )


def polars(table: Any) -> pl.DataFrame:
    found = pl.from_arrow(arrow(table))
    assert isinstance(found, pl.DataFrame)
    return found
