"""What other rules would change: the last judged day judged again with them, in a process of its own.

`python -m anxin.analytics.preview` reads `{"folder", "as_of", "rules"}` from standard input and prints one JSON value a
line: the name of each step that is done, and at last, per class, `[[before, after, parties,
premium_fen], …]`. A process of its own, because the engines and what they hold must not stay in a worker.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from anxin.analytics import engines, standing
from anxin.analytics.classes import registry
from anxin.analytics.marts import EVENTS, MARTS

Moves = dict[str, list[list[Any]]]


def moves(
    folder: Path, *, as_of: date, rules: Mapping[str, Mapping[str, Any]], tell: Callable[[str], None] | None = None
) -> Moves:
    """Class → [before, after, customers, their annual premium], of a kept day and other rules; who stays, too.

    The score of value stands beside the classes, by the lower end of its step.

    `tell` hears of every step of `standing.STEPS` that is done.
    """
    centres = (standing.models(folder).get("clusters") or {}).get("centres")
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name)
        for mart in (*MARTS, *EVENTS):
            if not (folder / f"{mart}.parquet").exists():
                continue
            (trial / f"{mart}.parquet").symlink_to(folder / f"{mart}.parquet")
        with engines.duckdb(trial / "spill") as engine:
            result = standing.compute(engine, trial, as_of=as_of, rules=rules, centres=centres, tell=tell)
            now, then = _judged(folder / "standing.parquet"), _judged(result)
    both = now.join(then, on="party", suffix="_then")
    found: Moves = {}
    for code in (*registry.BY_CODE, registry.SCORE):
        grouped = (
            both.group_by(
                pl.col(code).fill_null("").alias("before"), pl.col(f"{code}_then").fill_null("").alias("after")
            )
            .agg(pl.len(), pl.col("annual_premium_fen").sum())
            .sort("len", "before", "after", descending=[True, False, False])
        )
        found[code] = [list(row) for row in grouped.iter_rows()]
    return found


def _judged(file: Path) -> pl.DataFrame:
    """Classes, and the score of value in steps: its weights move no class, but who is worth how much."""
    columns = ["party", "annual_premium_fen", *registry.BY_CODE, registry.SCORE]
    step = (pl.col(registry.SCORE).clip(0, 99) // registry.SCORE_STEP * registry.SCORE_STEP).cast(pl.String)
    return pl.read_parquet(file, columns=columns).with_columns(step.alias(registry.SCORE))


def main() -> None:
    asked = json.load(sys.stdin)

    def tell(step: str) -> None:
        print(json.dumps(step), flush=True)

    as_of = date.fromisoformat(asked["as_of"])
    print(json.dumps(moves(Path(asked["folder"]), as_of=as_of, rules=asked["rules"], tell=tell)), flush=True)


if __name__ == "__main__":
    main()
