"""Clusters in words and pictures, from the centres of the model kept with the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anxin.analytics.metrics.registry import BY_CODE
from anxin.book.segments.queries.explaining import in_english

# The order of the centres' coordinates: analytics.classes.clusters.FEATURES, which is not imported here because the
# engines come with it. A test holds the two together.
FEATURES = (
    "annual_premium_fen", "active_lines", "tenure_months", "silent_months", "loss_ratio_bp", "age", "gap_fen",
    "contacts_12m",
)  # fmt: skip
_WORDS = {  # far above the mean, far below it
    "annual_premium_fen": (("保费高", "保费低"), ("high premium", "low premium")),
    "active_lines": (("险类多", "险类少"), ("many lines", "few lines")),
    "tenure_months": (("老客户", "新客户"), ("long-standing", "new")),
    "silent_months": (("久未联系", "近期活跃"), ("long silent", "recently active")),
    "loss_ratio_bp": (("赔付高", "赔付低"), ("high claims", "low claims")),
    "age": (("年长", "年轻"), ("older", "younger")),
    "gap_fen": (("保障缺口大", "保障缺口小"), ("wide protection gap", "narrow protection gap")),
    "contacts_12m": (("接触频繁", "接触稀少"), ("often in touch", "seldom in touch")),
}
NOTABLE = 350  # thousandths of a standard deviation


def words(model: Mapping[str, Any], number: int, most: int = 3) -> str:
    """What sets cluster `number` (from 1) apart, most telling first."""
    centre = model["centres"][number - 1]
    far = sorted(zip(FEATURES, centre, strict=True), key=lambda pair: -abs(pair[1]))
    side = 1 if in_english() else 0
    said = [_WORDS[name][side][0 if value > 0 else 1] for name, value in far[:most] if abs(value) >= NOTABLE]
    ordinary = ("各项接近平均", "near the mean in everything")[side]
    return ("、", ", ")[side].join(said) if said else ordinary


def radar(model: Mapping[str, Any], number: int) -> list[tuple[str, int]]:
    """Feature names with 0 to 100, 50 the mean, 25 points a standard deviation."""
    centre = model["centres"][number - 1]
    return [
        (BY_CODE[name].en if in_english() else BY_CODE[name].zh, max(0, min(100, 50 + value // 40)))
        for name, value in zip(FEATURES, centre, strict=True)
    ]
