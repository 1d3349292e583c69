"""Clustering (B17): k-means over standardised figures; k by silhouette; assignment in whole numbers on any engine.

The model is fitted on a sample and written down as centres. Tomorrow's model starts from today's centres, so that a
cluster keeps its number and its name while its customers stay alike.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis
import numpy as np
import polars as pl
from scipy.cluster import vq
from scipy.spatial import distance

from anxin.analytics.metrics.frame import View, parted

Matrix = np.ndarray[Any, np.dtype[np.float64]]

SAMPLE: Final = 10_000
CHOICE_SAMPLE: Final = 2_500  # for choosing k; the chosen clusters settle in the whole sample
SILHOUETTE_SAMPLE: Final = 1_000
TRIES: Final = 3  # starts of which the best is kept
STEPS: Final = 40  # of Lloyd's; the next night goes on from where these end
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
    whole thousandths of a standard deviation. `silhouette`: k tried → score. Whole numbers, or what an engine knows
    them by (`named`)."""

    means: Sequence[Any]
    spreads: Sequence[Any]
    centres: Sequence[Sequence[Any]]
    silhouette: Mapping[int, float]

    @property
    def k(self) -> int:
        return len(self.centres)

    def named(self, name: Callable[[str, int], Any]) -> Model:
        """The same with every number under a name of its own."""
        return Model(
            means=[name(f"mean_{place}", value) for place, value in enumerate(self.means)],
            spreads=[name(f"spread_{place}", value) for place, value in enumerate(self.spreads)],
            centres=[
                [name(f"centre_{number}_{place}", value) for place, value in enumerate(centre)]
                for number, centre in enumerate(self.centres)
            ],
            silhouette=self.silhouette,
        )


def shaped(frame: pl.DataFrame) -> Matrix:
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
    apart = distance.cdist(judged, judged)
    for k in range(least_k, most_k + 1):
        is_continued = previous is not None and len(previous) == k
        start = np.array(previous, dtype=float) if is_continued else None
        found = _k_means(points[:CHOICE_SAMPLE], k, start)
        scores[k] = round(_silhouette(apart, _nearest(judged, found)), 4)
        # Last night's k keeps a small lead: a segment should not dissolve for a thousandth.
        merit = scores[k] + (0.02 if is_continued else 0.0)
        if merit > best[0]:
            best = (merit, found)
    centres = np.rint(_settled(points, best[1])[1]).astype(np.int64)
    if previous is None or len(previous) != len(centres):
        centres = centres[np.lexsort((centres[:, 1], -centres[:, 0]))]  # cluster 1 pays most
    return Model(
        means=means.tolist(), spreads=spreads.tolist(), centres=centres.tolist(), silhouette=scores
    )  # fmt: skip


def _k_means(points: Matrix, k: int, start: Matrix | None) -> Matrix:
    """Centres of `k` clusters by Lloyd's steps: from `start`, or the best of TRIES starts by k-means++."""
    if start is not None:
        return _settled(points, start)[1]
    found = []
    for seed in range(TRIES):
        with warnings.catch_warnings():  # a centre that nobody is nearest to stays where it is
            warnings.simplefilter("ignore", UserWarning)
            first, _labels = vq.kmeans2(points, k, iter=1, minit="++", rng=np.random.default_rng(7 + seed))
        found.append(_settled(points, first))
    return min(found, key=lambda pair: pair[0])[1]


def _settled(points: Matrix, centres: Matrix) -> tuple[float, Matrix]:
    """Lloyd's steps until no centre moves by a thousandth of a deviation, at most STEPS: what is apart, and centres."""
    centres = np.array(centres, dtype=float)
    for _step in range(STEPS):
        labels, _apart = vq.vq(points, centres, check_finite=False)
        sizes = np.bincount(labels, minlength=len(centres))
        held = sizes > 0
        sums = [np.bincount(labels, weights=column, minlength=len(centres)) for column in points.T]
        moved = np.where(held, np.stack(sums) / np.maximum(sizes, 1), centres.T).T
        is_still = np.abs(moved - centres).max() < 1
        centres = moved
        if is_still:
            break
    return float((vq.vq(points, centres, check_finite=False)[1] ** 2).sum()), centres


def _nearest(points: Matrix, centres: Matrix) -> Any:
    return distance.cdist(points, centres).argmin(axis=1)


def _silhouette(apart: Matrix, labels: Any) -> float:
    """Rousseeuw's mean silhouette from the distances between points; −1 when all are in one cluster."""
    known = np.unique(labels)
    if len(known) < 2:
        return -1.0
    members = (labels[:, None] == known[None, :]).astype(float)
    sizes = members.sum(axis=0)
    sums = apart @ members
    own = members.astype(bool)
    mine = sizes[np.searchsorted(known, labels)]
    within = sums[own] / np.maximum(mine - 1, 1)
    others = np.where(own, np.inf, sums / sizes).min(axis=1)
    scores = np.where(mine > 1, (others - within) / np.maximum(np.maximum(others, within), 1e-12), 0.0)
    return float(scores.mean())


def assigned(table: Any, model: Model | None, *, view: View) -> Any:
    """Adds cluster ("1" … "k"; empty for who holds nothing): the nearest centre, in whole numbers."""
    if model is None:
        return table.mutate(cluster=ibis.literal(""))
    shifted: dict[str, Any] = {}
    for place, name in enumerate(FEATURES):
        column = table[name].fill_null(0).cast("int64")
        value = _count_powers(column) * SCALE if name in MONEY else column * SCALE
        # Shifted by FAR, so that the division sees no negative number: engines round those differently.
        spread, mean = model.spreads[place], model.means[place]
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
            gap = table[name] - centre[place]
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
