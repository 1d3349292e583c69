"""Clustering (B17): k-means over standardised figures; k by silhouette; assignment in whole numbers on any engine.

The model is fitted on a sample and written down as centres. Tomorrow's model starts from today's centres, so that a
cluster keeps its number and its name while its customers stay alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis
import numpy as np
import polars as pl

from anxin.analytics.metrics.frame import View, parted

SAMPLE: Final = 10_000
SILHOUETTE_SAMPLE: Final = 1_000
SCALE: Final = 1_000  # standardised figures as whole thousandths
FAR: Final = 4 * SCALE  # an outlier counts as 4 standard deviations: one rich customer is no cluster
# The logarithm of money is what differs: a step from 1,000 to 10,000 yuan weighs as one from 10,000 to 100,000.
FEATURES: Final = (
    "annual_premium_fen", "active_lines", "tenure_months", "silent_months", "loss_ratio_bp", "age", "gap_fen",
    "contacts_12m",
)  # fmt: skip
MONEY: Final = ("annual_premium_fen", "gap_fen")


@dataclass(frozen=True, kw_only=True)
class Model:
    """`means`, `spreads`: per feature, in thousandths of the (logarithmic, for money) figure. `centres`: k rows of
    whole thousandths of a standard deviation. `silhouette`: k tried → score."""

    means: Sequence[int]
    spreads: Sequence[int]
    centres: Sequence[Sequence[int]]
    silhouette: Mapping[int, float]

    @property
    def k(self) -> int:
        return len(self.centres)


def shaped(frame: pl.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Features as a matrix in thousandths; the same arithmetic as `assigned`."""
    columns = [
        (_digits(pl.col(name)) if name in MONEY else pl.col(name).fill_null(0) * SCALE).cast(pl.Int64).alias(name)
        for name in FEATURES
    ]
    return frame.select(columns).to_numpy().astype(np.float64)


# Powers of two as whole numbers: the same on every engine, which a logarithm is not in its last digit.
_POWERS: Final = [1 << power for power in range(7, 40)]


def _digits(column: pl.Expr) -> pl.Expr:
    return pl.sum_horizontal([(column >= power).cast(pl.Int64) for power in _POWERS]) * SCALE


def fit(
    figures: pl.LazyFrame, *, least_k: int, most_k: int, previous: Sequence[Sequence[int]] | None = None
) -> Model | None:
    """None with fewer than 10 × most_k customers in force. Deterministic: the sample goes by the hash of the key."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    held = figures.filter(pl.col("active_policies") > 0).select("party", *FEATURES).collect()
    if held.height < 10 * most_k:
        return None
    order = (
        [hashlib.blake2b(key, digest_size=8).digest() for key in held.get_column("party")]
        if held.height <= SAMPLE
        else None
    )
    if order is not None:
        sample = held.with_columns(pl.Series("order", order)).sort("order")
    else:
        sample = held.with_columns(pl.col("party").hash(seed=7).alias("order")).sort("order").head(SAMPLE)
    matrix = shaped(sample)
    means = np.rint(matrix.mean(axis=0)).astype(np.int64)
    spreads = np.maximum(np.rint(matrix.std(axis=0)), 1).astype(np.int64)
    points = np.clip((matrix - means) * SCALE // spreads, -FAR, FAR)
    scores: dict[int, float] = {}
    best: tuple[float, Any] = (-2.0, None)
    judged = points[:SILHOUETTE_SAMPLE]
    # Small matrices: threads that wait for one another cost more than they bring.
    with threadpool_limits(limits=1):
        for k in range(least_k, most_k + 1):
            is_continued = previous is not None and len(previous) == k
            start: Any = np.array(previous, dtype=float) if is_continued else "k-means++"
            found = KMeans(n_clusters=k, init=start, n_init=1 if is_continued else 2, random_state=7).fit(points)
            labels = found.predict(judged)
            scores[k] = round(float(silhouette_score(judged, labels)), 4) if len(set(labels)) > 1 else -1.0
            # Last night's k keeps a small lead: a segment should not dissolve for a thousandth.
            merit = scores[k] + (0.02 if is_continued else 0.0)
            if merit > best[0]:
                best = (merit, found.cluster_centers_)
    centres = np.rint(best[1]).astype(np.int64)
    if previous is None or len(previous) != len(centres):
        centres = centres[np.lexsort((centres[:, 1], -centres[:, 0]))]  # cluster 1 pays most
    return Model(
        means=means.tolist(), spreads=spreads.tolist(), centres=centres.tolist(), silhouette=scores
    )  # fmt: skip


def assigned(table: Any, model: Model | None, *, view: View) -> Any:
    """Adds cluster ("1" … "k"; empty for who holds nothing): the nearest centre, in whole numbers."""
    if model is None:
        return table.mutate(cluster=ibis.literal(""))
    shifted: dict[str, Any] = {}
    for place, name in enumerate(FEATURES):
        column = table[name].fill_null(0).cast("int64")
        value = _count_powers(column) * SCALE if name in MONEY else column * SCALE
        # Shifted by FAR, so that the division sees no negative number: engines round those differently.
        spread, mean = int(model.spreads[place]), int(model.means[place])
        moved = (value - mean) * SCALE + FAR * spread
        low, high = 0, 2 * FAR * spread
        inside = ibis.least(ibis.greatest(moved, low), high)
        shifted[f"z{place}"] = parted(inside, spread) - FAR
    names = list(shifted)
    table = view(table.mutate(**shifted))
    distances = {}
    for number, centre in enumerate(model.centres, 1):
        total: Any = ibis.literal(0, "int64")
        for place, name in enumerate(names):
            gap = table[name] - int(centre[place])
            total = total + gap * gap
        distances[f"d{number}"] = total.cast("int64")
    table = view(table.mutate(**distances))
    nearest = ibis.least(*[table[name] for name in distances])
    label = ibis.cases(*[(table[name] == nearest, name[1:]) for name in distances], else_="")
    return table.mutate(cluster=ibis.ifelse(table.active_policies > 0, label, "")).drop(*names, *distances)


def _count_powers(column: Any) -> Any:
    found: Any = ibis.literal(0, "int64")
    for power in _POWERS:
        found = found + (column >= power).cast("int64")
    return found


def portrait(model: Model, number: int, most: int = 3) -> list[tuple[str, int]]:
    """What sets cluster `number` (from 1) apart: the figures furthest from the mean, in thousandths of a deviation."""
    centre = model.centres[number - 1]
    far = sorted(zip(FEATURES, centre, strict=True), key=lambda pair: -abs(pair[1]))
    return [(name, int(value)) for name, value in far[:most]]
