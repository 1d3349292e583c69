"""A linkage model as Splink settings, and the Splink linker over prepared records. The only file that knows Splink."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any, Final

import polars as pl
import pyarrow as pa

from anxin.analytics.linkage import conditions, features
from anxin.analytics.linkage.model import Model, Rule

WEIGHT: Final = "match_weight"
LEFT, RIGHT = f"{features.ID}_l", f"{features.ID}_r"
_LEAST: Final = 1e-6


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


def linker(api: Any, records: Any, chosen: dict[str, Any]) -> Any:
    """A Splink linker over a registered table of prepared records."""
    from splink import Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Linker(records, chosen, log_level=None, validate_settings=False)


def duckdb_api(*, memory_mb: int, threads: int, spill: str | None) -> Any:
    """A Splink backend on DuckDB in memory, within limits."""
    import duckdb
    from splink import DuckDBAPI

    con = duckdb.connect()
    con.execute(f"set memory_limit = '{memory_mb}MB'")
    con.execute(f"set threads = {threads}")
    con.execute("set preserve_insertion_order = false")
    if spill:
        con.execute("set temp_directory = ?", [spill])
    return DuckDBAPI(connection=con)


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
