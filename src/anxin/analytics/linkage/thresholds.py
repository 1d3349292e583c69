"""Choosing the weight from which pairs are linked, without truth: where the model itself expects the best clusters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl

from anxin.analytics.linkage import engine, linking
from anxin.analytics.linkage.model import Model, Thresholds

_TRIED: Final = tuple(range(-3, 16))
_PAIRS_PER_RECORD: Final = 60
_AS_GOOD: Final = 0.002
_USUAL: Final = 6.0  # a probability of 0.985
_LOW: Final = -60.0


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the model expects of clusters cut at `weight`: figures between 0 and 1."""

    weight: float
    precision: float
    recall: float
    f1: float


def choose(prepared: pl.DataFrame, pairs: pl.DataFrame, model: Model, api: Any) -> tuple[Model, tuple[Expected, ...]]:
    """The model with the threshold whose clusters it expects to be best, and what it expected of each threshold tried.

    `pairs`: `left`, `right`, `weight` of the candidate pairs under the model's prior. Clusters hold pairs that no
    blocking rule found; those are weighed too, so that a chain of strong links through different people shows as what
    it is."""
    at = {weight: _clusters(prepared, pairs, model, weight) for weight in _TRIED}
    most = max(_PAIRS_PER_RECORD * len(prepared), 200_000)
    fitting = [weight for weight in _TRIED if _inside(at[weight]) <= most]
    if not fitting:
        return model, ()
    inner = _weigh_inside(prepared, at[fitting[0]], model, api)
    one, other = inner["left"].to_numpy(), inner["right"].to_numpy()
    chances = 1 / (1 + np.exp2(-np.clip(inner["weight"].to_numpy(), -60, 60)))
    listed = pairs["weight"].to_numpy()
    true = float((1 / (1 + np.exp2(-np.clip(listed, -60, 60)))).sum())
    # Pairs that no rule found but that clusters hold are true pairs too, as far as the model believes in them.
    found_already = _inside_of(at[fitting[0]], pairs)
    true += max(float(chances.sum()) - float((1 / (1 + np.exp2(-np.clip(listed[found_already], -60, 60)))).sum()), 0.0)
    expected = []
    for weight in fitting:
        clusters = at[weight].to_numpy()
        together = clusters[one] == clusters[other]
        count, hits = int(together.sum()), float(chances[together].sum())
        precision, recall = hits / max(count, 1), hits / max(true, 1e-9)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        expected.append(Expected(weight=float(weight), precision=precision, recall=recall, f1=f1))
    best = max(each.f1 for each in expected)
    good = [each.weight for each in expected if each.f1 >= best - _AS_GOOD]
    # Of thresholds about as good, the one nearest to what is usual; never a link the model itself believes less than
    # not.
    chosen = max(min(good, key=lambda weight: (abs(weight - _USUAL), -weight)), 0.0)
    thresholds = Thresholds(certain=chosen, review=min(model.thresholds.review, chosen - 4))
    return replace(model, thresholds=thresholds), tuple(expected)


def _clusters(prepared: pl.DataFrame, pairs: pl.DataFrame, model: Model, weight: float) -> pl.Series:
    cut = replace(model, thresholds=Thresholds(certain=weight, review=weight))
    found = linking.decide(prepared, pairs.filter(pl.col("weight") >= weight), cut)
    return found.clusters["cluster_id"].rank("dense").cast(pl.Int64)


def _inside(clusters: pl.Series) -> int:
    sizes = clusters.value_counts()["count"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _inside_of(clusters: pl.Series, pairs: pl.DataFrame) -> Any:
    return (clusters.gather(pairs["left"]) == clusters.gather(pairs["right"])).to_numpy()


def _weigh_inside(prepared: pl.DataFrame, clusters: pl.Series, model: Model, api: Any) -> pl.DataFrame:
    """Weights of all pairs inside the clusters."""
    members = pl.DataFrame({"cluster": clusters}).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    members = members.filter(pl.len().over("cluster") > 1)
    both = members.join(members, on="cluster", suffix="_other").filter(pl.col("row") < pl.col("row_other"))
    pairs = both.select(pl.col("row").alias("left"), pl.col("row_other").alias("right"))
    return engine.weigh(api, prepared, pairs, model, _LOW * 10)
