"""Train the linkage models that are shipped, on invented people, and write them into the package.

python tools/train_linkage.py [records]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import linkage_people
import polars as pl

from anxin.analytics.linkage import features, linking, model, standard, training

MODELS = Path(__file__).parents[1] / "src/anxin/analytics/linkage/models"
THRESHOLDS = model.Thresholds(certain=6.6, review=-3.0)


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 150_000
    frame = linkage_people.make(records, seed=11)
    plain = standard.person(trained=False)
    prepared = features.prepare(frame, plain)
    with linking.duckdb() as api:
        trained = training.train(prepared, plain, api)
        pairs = linking.predict(prepared, trained, api, least=-12)
    _write(training.settled(trained, pairs, len(prepared)), prepared)
    _write(standard.organisation(trained=False), None)


def _write(trained: model.Model, prepared: pl.DataFrame | None) -> None:
    if prepared is not None:
        trained = replace(trained, frequencies=features.count_frequencies(prepared, trained, most=300))
    else:
        trained = training.assumed(trained)
    MODELS.mkdir(exist_ok=True)
    text = model.to_json(replace(trained, thresholds=THRESHOLDS))
    (MODELS / f"{trained.name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
