"""What a run found, in numbers small enough for one row: sizes of classes, curves, cells, portraits, scatter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from anxin.analytics.classes import registry

WHOLE_BP: Final = 10_000
POINTS: Final = 20


def rows(result: Path) -> int:
    found: int = _scan(result).select(pl.len()).collect().item()
    return found


def of_result(result: Path, *, tiers: Sequence[str]) -> dict[str, Any]:
    """Plain values for JSON: parties, with_premium, premium_fen, `classes` (code → its groups), pareto, whale, cells,
    clusters."""
    names = [kind.code for kind in registry.CLASSES]
    figures = (
        "party",
        "annual_premium_fen",
        "profit_fen",
        "gap_fen",
        "clv_fen",
        "active_policies",
        "contact_minutes_12m",
        "service_budget_minutes",
        "ability_score",
        "willingness_score",
        "age",
        "tenure_months",
        "active_lines",
        "claims_12m",
    )
    frame = _scan(result).select(*figures, *names).collect()
    paying = frame.filter(pl.col("annual_premium_fen") > 0).get_column("annual_premium_fen").sort(descending=True)
    first = {"tier": [*tiers, "standard", ""], "abc": ["A", "B", "C", ""]}
    classes = {
        kind.code: _groups(frame, kind.code, first.get(kind.code, [*kind.values, ""])) for kind in registry.CLASSES
    }
    return {
        "parties": frame.height,
        "with_premium": len(paying),
        "premium_fen": int(paying.sum()),
        "tiers": classes["tier"],
        "abc": classes["abc"],
        "classes": classes,
        "pareto": curve(paying),
        "whale": curve(frame.filter(pl.col("active_policies") > 0).get_column("profit_fen").sort(descending=True)),
        "cells": _cells(frame),
        "clusters": _clusters(frame),
    }


def _scan(result: Path) -> pl.LazyFrame:
    return pl.scan_parquet(str(result / "*.parquet") if result.is_dir() else str(result))


def curve(falling: pl.Series) -> list[list[int]]:
    """(share of the customers, share of the sum) in 1/10000 at twentieths. Of a profit they can pass 10000 on the way:
    what the best bring, the worst take away again (the whale curve)."""
    total = int(falling.sum())
    if total <= 0 or not len(falling):
        return [[0, 0]]
    running = falling.cum_sum()
    points = [[0, 0]]
    for point in range(1, POINTS + 1):
        last = len(falling) * point // POINTS
        if last:
            here = [last * WHOLE_BP // len(falling), int(running[last - 1]) * WHOLE_BP // total]
            if here != points[-1]:
                points.append(here)
    return points


def _groups(frame: pl.DataFrame, column: str, order: Sequence[str]) -> list[dict[str, Any]]:
    found = frame.group_by(column).agg(
        pl.len().alias("parties"),
        pl.col("annual_premium_fen").sum().alias("premium"),
        pl.col("contact_minutes_12m").sum().alias("minutes"),
    )
    by_code = {code or "": (parties, premium, minutes) for code, parties, premium, minutes in found.iter_rows()}
    codes = [*order, *sorted(code for code in by_code if code not in order)]
    return [
        {
            "code": code,
            "parties": by_code.get(code, (0, 0, 0))[0],
            "premium_fen": by_code.get(code, (0, 0, 0))[1],
            "minutes": by_code.get(code, (0, 0, 0))[2],
        }
        for code in codes
    ]


def _cells(frame: pl.DataFrame) -> list[dict[str, Any]]:
    found = (
        frame.filter(pl.col("needs_cell") != "")
        .group_by("needs_cell")
        .agg(pl.len().alias("parties"), pl.col("gap_fen").sum().alias("gap_fen"))
        .sort("needs_cell")
    )
    return [{"code": code, "parties": parties, "gap_fen": gap} for code, parties, gap in found.iter_rows()]


def _clusters(frame: pl.DataFrame) -> list[dict[str, Any]]:
    found = (
        frame.filter(pl.col("cluster") != "")
        .group_by("cluster")
        .agg(
            pl.len().alias("parties"),
            pl.col("annual_premium_fen").sum().alias("premium_fen"),
            pl.col("annual_premium_fen").median().cast(pl.Int64).alias("median_premium_fen"),
            pl.col("age").median().cast(pl.Int64).alias("age"),
            pl.col("tenure_months").median().cast(pl.Int64).alias("tenure_months"),
            pl.col("active_lines").mean().round(1).alias("active_lines"),
            pl.col("claims_12m").mean().round(2).alias("claims_12m"),
        )
        .sort("cluster")
    )
    return found.to_dicts()
