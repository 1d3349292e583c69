"""What has to be known of all customers before one can be classed: cut points and cluster centres.

Cuts are whole numbers found by rank, so that every engine classes alike; equal values always fall on one side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

FINE: Final = 20  # steps of a score
COARSE: Final = 5  # RFM


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """`fine` and `coarse`: figure → ascending cuts (FINE − 1 and COARSE − 1 of them). `top`: figure → share in bp → the
    least value that belongs to the top share. `all_minutes`: contact time of 12 months of all customers; `tier_sizes`:
    customers of each profit tier."""

    fine: Mapping[str, Sequence[int]] = field(default_factory=dict)
    coarse: Mapping[str, Sequence[int]] = field(default_factory=dict)
    top: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    all_minutes: int = 0
    tier_sizes: Mapping[str, int] = field(default_factory=dict)


FINE_FIGURES: Final = ("profit_fen", "gap_fen", "annual_premium_fen", "annual_income_fen")
COARSE_FIGURES: Final = ("tenure_months", "silent_months", "annual_premium_fen", "loss_ratio_bp", "gap_fen")


def cuts(values: pl.Series, parts: int) -> list[int]:
    """The values at the ranks k/parts of the ascending known values; [] without any."""
    known = values.drop_nulls().sort()
    if known.is_empty():
        return []
    return [int(known[min(len(known) - 1, math.ceil(len(known) * k / parts) - 1)]) for k in range(1, parts)]


def top_value(values: pl.Series, share_bp: int) -> int:
    """The least value within the top share (rounded up to whole customers)."""
    known = values.drop_nulls().sort(descending=True)
    if known.is_empty():
        return 0
    return int(known[max(0, min(len(known) - 1, math.ceil(len(known) * share_bp / 10_000) - 1))])


def fit(figures: pl.LazyFrame, rules: Mapping[str, Mapping[str, Any]]) -> Fitted:
    """From the figures of all customers. Paying customers alone say where a premium, a loss ratio or an age stands."""
    needed = sorted({*FINE_FIGURES, *COARSE_FIGURES, "active_policies", "clv_fen", "contact_minutes_12m"})
    frame = figures.select(needed).collect()
    held = frame.filter(pl.col("active_policies") > 0)
    paying = frame.filter(pl.col("annual_premium_fen") > 0).get_column("annual_premium_fen")
    gaps = frame.filter(pl.col("gap_fen") > 0)
    columns = {
        name: (held if name not in ("annual_income_fen", "gap_fen") else gaps if name == "gap_fen" else frame)
        for name in {*FINE_FIGURES, *COARSE_FIGURES}
    }
    profit, matrices, value = rules["segments.profit"], rules["segments.matrices"], rules["segments.value"]
    profits = frame.get_column("profit_fen")
    key, both = (top_value(profits, share) for share in (profit["key_bp"], profit["key_bp"] + profit["normal_bp"]))
    in_key = int(((profits >= key) & (profits > 0)).sum())
    in_both = int((((profits >= both) | (profits >= key)) & (profits > 0)).sum())
    return Fitted(
        all_minutes=int(frame.get_column("contact_minutes_12m").sum()),
        tier_sizes={"key": in_key, "normal": in_both - in_key, "potential": frame.height - in_both},
        fine={name: cuts(columns[name].get_column(name), FINE) for name in FINE_FIGURES},
        coarse={name: cuts(columns[name].get_column(name), COARSE) for name in COARSE_FIGURES},
        top={
            "profit_fen": {profit["key_bp"]: key, profit["key_bp"] + profit["normal_bp"]: both},
            "annual_premium_fen": {
                share: top_value(paying, share)
                for share in (
                    matrices["vip_bp"],
                    matrices["vip_bp"] + matrices["main_bp"],
                    matrices["vip_bp"] + matrices["main_bp"] + matrices["ordinary_bp"],
                    matrices["high_price_bp"],
                )
            },
            "clv_fen": {value["mvc_bp"]: top_value(held.get_column("clv_fen"), value["mvc_bp"])},
            "gap_fen": {value["mgc_bp"]: top_value(gaps.get_column("gap_fen"), value["mgc_bp"])},
        },
    )
