"""Identity resolution end to end against bare Splink with the same model, and a batch against a base.

Invented people in three sources (`tools/linkage_people.py`). On the one side the library: read Parquet, make
features, weigh, judge by guards, cluster, write. On the other Splink alone over features that are already there:
predict and cluster. Each in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RECORDS = int(os.environ.get("BENCH_CUSTOMERS", "100000"))
BATCH = 10_000
HOME = Path(os.environ.get("BENCH_LINKAGE_HOME", "var/bench-linkage")).resolve()
MEMORY_MB = 4_000


def main() -> dict[str, Any]:
    """BENCH_CUSTOMERS records (100,000 unless told otherwise)."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    try:
        runs = {step: _in_own_process(step) for step in STEPS}
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    ours, bare, batch = runs["ours"], runs["bare"], runs["batch"]
    return {
        "records": RECORDS,
        "runs": runs,
        "promises": {
            "linkage end to end ÷ bare Splink": _figure(ours["seconds"] / bare["seconds"], 1.5),
            "memory of linkage, MB": _figure(ours["rss_mb"], 6_000),
            f"batch of {batch['batch']:,} ÷ full run": _figure(batch["seconds"] / ours["seconds"], 0.05),
        },
    }


def _figure(measured: float, promised: float) -> dict[str, Any]:
    return {"measured": round(measured, 3), "promised": f"≤ {promised}", "kept": measured <= promised}


def _in_own_process(step: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.linkage_bench", step], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def make() -> dict[str, Any]:
    """Records, a batch taken out of them, the base without the batch."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
    import linkage_people

    from anxin.analytics.linkage import features, incremental, standard

    frame = linkage_people.make(RECORDS, seed=5)
    size = min(BATCH, RECORDS // 10)
    frame.write_parquet(HOME / "records.parquet")
    frame.head(size).write_parquet(HOME / "batch.parquet")
    model = standard.person()
    features.prepare(frame, model).write_parquet(HOME / "prepared.parquet")
    incremental.write_base(frame.slice(size), model, HOME / "base")
    return {"persons": frame["person"].n_unique()}


def ours() -> dict[str, Any]:
    import polars as pl

    from anxin.analytics.linkage import evaluation, features, linking, standard

    began = time.perf_counter()
    parts = {}
    frame = pl.read_parquet(HOME / "records.parquet")
    model = standard.person().sized(len(frame))
    prepared = features.prepare(frame, model)
    parts["prepare"] = time.perf_counter() - began
    with linking.duckdb(memory_mb=MEMORY_MB, spill=HOME / "spill") as api:
        pairs = linking.predict(prepared, model, api)
    parts["predict"] = time.perf_counter() - began - parts["prepare"]
    found = linking.decide(prepared, pairs, model)
    found.pairs.write_parquet(HOME / "pairs.parquet")
    found.clusters.write_parquet(HOME / "clusters.parquet")
    seconds = time.perf_counter() - began
    score = evaluation.score_clusters(found.clusters["cluster_id"], frame["person"])
    return {
        "seconds": round(seconds, 2), "parts": {name: round(value, 2) for name, value in parts.items()},
        "pairs": len(found.pairs), "f1": round(score.f1, 4), "precision": round(score.precision, 4),
    }  # fmt: skip


def bare() -> dict[str, Any]:
    import polars as pl
    import pyarrow.parquet as pq

    from anxin.analytics.linkage import engine, linking, standard

    began = time.perf_counter()
    prepared = pl.read_parquet(HOME / "prepared.parquet")
    model = standard.person().sized(len(prepared))
    with linking.duckdb(memory_mb=MEMORY_MB, spill=HOME / "spill") as api:
        linker = engine.linker(api, prepared, model, engine.settings(model, "duckdb"))
        predicted = linker.inference.predict(threshold_match_weight=model.thresholds.review, warning_mode="never")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_weight=model.thresholds.certain
        )
        pq.write_table(engine.arrow(predicted), HOME / "bare-pairs.parquet")
        pq.write_table(engine.arrow(clusters), HOME / "bare-clusters.parquet")
    return {"seconds": round(time.perf_counter() - began, 2)}


def batch() -> dict[str, Any]:
    import polars as pl

    from anxin.analytics.linkage import incremental, linking, standard

    began = time.perf_counter()
    frame = pl.read_parquet(HOME / "batch.parquet")
    base = incremental.open_base(HOME / "base")
    with linking.connection(memory_mb=MEMORY_MB, spill=HOME / "spill") as con:
        found = incremental.link_batch(frame, base, standard.person(), con)
    return {"seconds": round(time.perf_counter() - began, 2), "batch": len(frame), "pairs": len(found.pairs)}


STEPS: dict[str, Callable[[], dict[str, Any]]] = {"make": make, "ours": ours, "bare": bare, "batch": batch}


if __name__ == "__main__":
    result = STEPS[sys.argv[1]]()
    result["rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(result))
