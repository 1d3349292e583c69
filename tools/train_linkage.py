"""Train the linkage models that are shipped, on invented people and companies, and write them into the package.

python tools/train_linkage.py [records] [person organisation]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import linkage_organisations
import linkage_people
import polars as pl

from anxin.analytics.linkage import features, linking, model, standard, training

MODELS = Path(__file__).parents[1] / "src/anxin/analytics/linkage/models"
THRESHOLDS = model.Thresholds(certain=6.6, review=-3.0)


def main() -> None:
    wanted = sys.argv[2:] or ["person", "organisation"]
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 150_000
    if "person" in wanted:
        _write(*_trained(linkage_people.make(records, seed=11), standard.person(trained=False)))
    if "organisation" in wanted:
        # A book has one company to ten persons.
        frame = linkage_organisations.make(records // 5, seed=11)
        _write(*_trained(frame, standard.organisation(trained=False)))


def _trained(frame: pl.DataFrame, plain: model.Model) -> tuple[model.Model, pl.DataFrame]:
    prepared = features.prepare(frame, plain)
    with linking.duckdb() as api:
        trained = training.train(prepared, plain, api)
        pairs = linking.predict(prepared, trained, api, least=-12)
    return training.settled(trained, pairs, len(prepared)), prepared


def _write(trained: model.Model, prepared: pl.DataFrame) -> None:
    trained = replace(trained, frequencies=features.count_frequencies(prepared, trained, most=300))
    MODELS.mkdir(exist_ok=True)
    text = model.to_json(replace(trained, thresholds=THRESHOLDS))
    (MODELS / f"{trained.name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
