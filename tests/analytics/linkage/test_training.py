"""Planted probabilities are found again without labels."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from anxin.analytics.linkage import comparisons, features, linking, training
from anxin.analytics.linkage.model import Field, Model, Role, Rule, Thresholds

M = {"a": 0.95, "b": 0.85, "c": 0.7, "d": 0.9}
VALUES = {"a": 60, "b": 200, "c": 30, "d": 500}


@pytest.fixture(scope="module")
def planted() -> pl.DataFrame:
    """1,500 persons, two records each; a copy agrees with probability m, else takes any value."""
    rng = np.random.default_rng(3)
    people = 1500
    columns: dict[str, list[str]] = {"record_id": [f"{at}" for at in range(2 * people)]}
    for name, count in VALUES.items():
        first = rng.integers(0, count, people)
        agrees = rng.random(people) < M[name]
        second = np.where(agrees, first, (first + rng.integers(1, count, people)) % count)
        columns[name] = [f"{name}{value}" for value in np.concatenate([first, second])]
    return pl.DataFrame(columns)


@pytest.fixture(scope="module")
def trained(planted: pl.DataFrame) -> tuple[Model, pl.DataFrame]:
    fields = tuple(Field(code=name, role=Role.TOKEN, columns=(name,)) for name in M)
    rules = tuple(
        Rule(code=f"{one}{other}", keys=((one, one), (other, other)), trains=True)
        for one, other in (("a", "b"), ("c", "d"), ("b", "d"), ("a", "c"))
    )
    plain = Model(
        name="planted", fields=fields, comparisons=comparisons.for_fields(fields), rules=rules,
        thresholds=Thresholds(certain=5, review=0), prior=1e-3, largest_block=2000,
    )  # fmt: skip
    prepared = features.prepare(planted, plain)
    with linking.duckdb(memory_mb=500) as api:
        found = training.train(prepared, plain, api)
        pairs = linking.predict(prepared, found, api, least=-40)
    return training.settled(found, pairs, len(planted)), pairs


def test_planted_m_and_u_are_recovered(trained: tuple[Model, pl.DataFrame]) -> None:
    for name in M:
        level = trained[0].comparison(name).levels[0]
        assert level.m == pytest.approx(M[name], abs=0.03), name
        # Random pairs hold the few true ones too.
        chance = 1 / VALUES[name] + trained[0].prior * M[name]
        assert level.u == pytest.approx(chance, rel=0.08), name
        assert sum(each.m or 0 for each in trained[0].comparison(name).levels) == pytest.approx(1)


def test_the_prior_agrees_with_the_pairs_there_are(trained: tuple[Model, pl.DataFrame], planted: pl.DataFrame) -> None:
    true = (len(planted) / 2) / (len(planted) * (len(planted) - 1) / 2)
    assert trained[0].prior == pytest.approx(true, rel=0.1)


def test_a_model_knows_that_chance_grows_with_the_records(trained: tuple[Model, pl.DataFrame]) -> None:
    assert trained[0].sized(30_000).prior == pytest.approx(trained[0].prior / 10)


def test_labels_of_review_give_m(planted: pl.DataFrame, trained: tuple[Model, pl.DataFrame]) -> None:
    prepared = features.prepare(planted, trained[0])
    half = len(planted) // 2
    labels = [(str(at), str(at + half), True) for at in range(0, half, 2)]
    found = training.learn_from_labels(prepared, trained[0], labels)
    for name in M:
        assert found.comparison(name).levels[0].m == pytest.approx(M[name], abs=0.04)
        assert found.comparison(name).levels[0].u == trained[0].comparison(name).levels[0].u


def test_diagnostics_show_each_level_and_who_cannot_be_linked(
    planted: pl.DataFrame, trained: tuple[Model, pl.DataFrame]
) -> None:
    rows = training.weights_table(trained[0])
    assert {row["comparison"] for row in rows} == set(M)
    assert all(row["weight"] == pytest.approx(np.log2(row["m"] / row["u"])) for row in rows)
    hidden = planted.with_columns(
        pl.when(pl.int_range(pl.len()) < 30).then(None).otherwise(pl.col(name)).alias(name) for name in M
    )
    share = training.unlinkables(features.prepare(hidden, trained[0]), trained[0])
    assert share[0]["share"] == pytest.approx(30 / len(planted), abs=0.001)
    assert [row["share"] for row in share] == sorted(row["share"] for row in share)
