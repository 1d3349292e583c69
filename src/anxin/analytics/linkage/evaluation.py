"""Linking a labelled set and saying how well: the default procedure without labels, and the figures."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from anxin.analytics.linkage import clusters, features, labelled, linking, profiling, thresholds, training
from anxin.analytics.linkage.labelled import Spec
from anxin.analytics.linkage.model import Field, Model

_LEAST_WEIGHT: Final = -12.0  # candidate pairs below this do not matter to prior or threshold


@dataclass(frozen=True, kw_only=True)
class Score:
    precision: float
    recall: float
    f1: float

    @staticmethod
    def of(hits: int, found: int, true: int) -> Score:
        precision, recall = hits / max(found, 1), hits / max(true, 1)
        return Score(
            precision=precision, recall=recall, f1=2 * precision * recall / (precision + recall) if hits else 0.0
        )


def score_pairs(left: Any, right: Any, truth: pl.Series) -> Score:
    """Pairs (row numbers) against true clusters; records without a label do not count."""
    codes = clusters.codes(truth)
    labelled = (codes[left] >= 0) & (codes[right] >= 0)
    hits = int(((codes[left] == codes[right]) & labelled).sum())
    return Score.of(hits, int(labelled.sum()), _inside(truth.drop_nulls()))


def score_clusters(found: pl.Series, truth: pl.Series) -> Score:
    """All pairs inside found clusters against all pairs inside true ones."""
    both = pl.DataFrame({"found": found, "truth": truth}).drop_nulls("truth")
    sizes = both.group_by("found", "truth").len()["len"].cast(pl.Int64)
    return Score.of(int((sizes * (sizes - 1) // 2).sum()), _inside(both["found"]), _inside(both["truth"]))


def _inside(values: pl.Series) -> int:
    sizes = values.value_counts()["count"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A set linked by the default procedure."""

    model: Model
    prepared: pl.DataFrame
    pairs: pl.DataFrame  # left, right, weight: every candidate pair worth a look


def fit(
    frame: pl.DataFrame, fields: Sequence[Field], api: Any, *, name: str = "own", link_only: bool = False
) -> Trained:
    """The default procedure: describe, train without labels, weigh the candidate pairs, settle prior and threshold."""
    model, built = profiling.describe(frame, fields, name=name)
    prepared = features.add_keys(features.add_frequencies(built, model.tf_columns), model.rules, model.largest_block)
    model = training.train(prepared, model, api)
    pairs = linking.predict(prepared, model, api, least=_LEAST_WEIGHT)
    if link_only:
        source = prepared[features.SOURCE]
        pairs = pairs.filter(source.gather(pairs["left"]) != source.gather(pairs["right"]))
    settled = training.settled(model, pairs, len(prepared))
    pairs = pairs.with_columns(pl.col("weight") + (settled.prior_weight - model.prior_weight))
    return Trained(model=settled, prepared=prepared, pairs=pairs)


def evaluate(spec: Spec, *, spill: Path | None = None, session: Callable[[], Any] | None = None) -> dict[str, Any]:
    """Link the set of a specification without looking at its truth, then compare.

    Gives plain values: `pairwise` and `clustered` (precision, recall, f1), `seconds`, `peak_memory_mb` (of this
    process),
    `records`, `threshold`, and what was decided on the way. `session`: makes a Spark session, for the engine spark.
    """
    began = time.perf_counter()
    frame = labelled.read_frame(spec)
    fields = labelled.fields_of(frame, spec)
    # Read now, so that a truth that cannot be read costs no run; used only behind it.
    truth = labelled.truth_of(frame, spec)
    with _engine(spec.engine or "duckdb", spill, session) as api:
        fitted = fit(frame, fields, api, name=spec.name, link_only=spec.mode == "link")
        model, expected = thresholds.choose(fitted.prepared, fitted.pairs, fitted.model, api)
        whole = tuple(fitted.prepared[features.SOURCE].unique()) if spec.mode == "link" else ()
        found = linking.decide(fitted.prepared, fitted.pairs, model, whole_sources=whole)
    seconds = time.perf_counter() - began
    certain = found.pairs.filter(pl.col("outcome") == linking.Outcome.CERTAIN)
    cluster_ids = found.clusters["cluster_id"]
    if isinstance(truth, pl.DataFrame):
        pairwise, clustered = _score_labels(frame, certain, cluster_ids, truth)
    else:
        rows = {name: at for at, name in enumerate(fitted.prepared[features.ID])}
        left, right = (
            certain[side].replace_strict(rows, return_dtype=pl.Int64).to_numpy() for side in ("left_id", "right_id")
        )
        pairwise, clustered = score_pairs(left, right, truth), score_clusters(cluster_ids, truth)
    return {
        "name": spec.name,
        "engine": spec.engine or "duckdb",
        "records": len(frame),
        "pairwise": _rounded(pairwise),
        "clustered": _rounded(clustered),
        "seconds": round(seconds, 2),
        "peak_memory_mb": round(_peak_mb()),
        "clusters": cluster_ids.n_unique(),
        "candidate_pairs": len(fitted.pairs),
        "certain_pairs": len(certain),
        "review_pairs": len(found.pairs) - len(certain),
        "threshold": model.thresholds.certain,
        "prior": model.prior,
        "fields": {each.code: str(each.role) for each in model.fields},
        "rules": [rule.code for rule in model.rules],
        "expected": [asdict(each) for each in expected],
    }


def _score_labels(
    frame: pl.DataFrame, certain: pl.DataFrame, cluster_ids: pl.Series, labels: pl.DataFrame
) -> tuple[Score, Score]:
    """Against labelled pairs only: other pairs are not known to be right or wrong."""
    ids = frame["record_id"]
    one, other = ids.gather(labels["left"]), ids.gather(labels["right"])
    turned = one > other
    named = pl.DataFrame({"left_id": one.zip_with(~turned, other), "right_id": other.zip_with(~turned, one)})
    linked = named.join(
        certain.select("left_id", "right_id", pl.lit(True).alias("linked")),
        on=["left_id", "right_id"],
        how="left",
        maintain_order="left",
    )
    same = labels["same"]
    scores = []
    for found in (
        linked["linked"].fill_null(False),
        cluster_ids.gather(labels["left"]) == cluster_ids.gather(labels["right"]),
    ):
        scores.append(Score.of(int((found & same).sum()), int(found.sum()), int(same.sum())))
    return scores[0], scores[1]


def _rounded(score: Score) -> dict[str, float]:
    return {name: round(value, 5) for name, value in asdict(score).items()}


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


@contextmanager
def _engine(name: str, spill: Path | None, session: Callable[[], Any] | None) -> Iterator[Any]:
    if name == "duckdb":
        with linking.duckdb(spill=spill) as api:
            yield api
    elif name == "spark" and session is not None:
        with linking.spark(session()) as api:
            yield api
    else:
        raise labelled.SpecError(f"There is no engine {name}: duckdb or spark.")
