"""What has to be known of all customers before one can be classed: cut points and cluster centres.

Cuts are whole numbers found by rank, so that every engine classes alike; equal values always fall on one side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

FINE: Final = 20  # steps of a score
COARSE: Final = 5  # RFM


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """`fine` and `coarse`: figure → ascending cuts (FINE − 1 and COARSE − 1 of them). `top`: figure → share in bp → the
    least value that belongs to the top share. `minutes`: what one customer of a profit tier may take of all
    contact time of 12 months. Whole numbers, or what an engine knows them by (`named`)."""

    fine: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    coarse: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    top: Mapping[str, Mapping[int, Any]] = field(default_factory=dict)
    minutes: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Fitted:
        """As JSON gives it back: its keys are texts."""
        top = {name: {int(share): least for share, least in shares.items()} for name, shares in kept["top"].items()}
        return cls(fine=kept["fine"], coarse=kept["coarse"], top=top, minutes=kept["minutes"])

    def named(self, name: Callable[[str, int], Any]) -> Fitted:
        """The same with every number under a name of its own."""
        return Fitted(
            fine={figure: _named(name, f"fine_{figure}", cuts) for figure, cuts in self.fine.items()},
            coarse={figure: _named(name, f"coarse_{figure}", cuts) for figure, cuts in self.coarse.items()},
            top={
                figure: {share: name(f"top_{figure}_{share}", least) for share, least in shares.items()}
                for figure, shares in self.top.items()
            },
            minutes={tier: name(f"minutes_{tier}", minutes) for tier, minutes in self.minutes.items()},
        )

    def shape(self) -> list[Any]:
        """What of it the expressions depend on besides the numbers."""
        return [sorted((figure, len(cuts)) for figure, cuts in found.items()) for found in (self.fine, self.coarse)]


def _named(name: Callable[[str, int], Any], stem: str, numbers: Sequence[int]) -> list[Any]:
    return [name(f"{stem}_{place}", number) for place, number in enumerate(numbers)]


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
    sizes = {"key": in_key, "normal": in_both - in_key, "potential": frame.height - in_both}
    minutes = int(frame.get_column("contact_minutes_12m").sum())
    return Fitted(
        minutes={tier: minutes * profit[f"{tier}_time_bp"] // (max(1, size) * 10_000) for tier, size in sizes.items()},
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
