"""Fitted models and ranks: retention, clusters, cuts, tiers and ABC."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import optimize, special

from anxin.analytics import engines, summaries
from anxin.analytics.classes import clusters, fitting, lifetime, premium, scores
from anxin.book.segments.queries import portraits

WAN = 1_000_000
TIERS = [("gold", 5 * WAN), ("platinum", 10 * WAN), ("diamond", 15 * WAN), ("supreme", 20 * WAN)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.DuckDB]:
    with engines.duckdb(tmp_path_factory.mktemp("spill"), memory_mb=500) as found:
        yield found


# Fader and Hardie 2007, table 1: of 1,000 customers of each segment so many are left after 0 … 7 years.
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


def fitted(alive: list[int]) -> lifetime.Retention:
    left = [before - after for before, after in pairwise(alive)]
    return lifetime.fit(left, [0] * (len(alive) - 1) + [alive[-1]])


def test_retention_of_the_textbook_cohorts() -> None:
    regular, high = fitted(REGULAR), fitted(HIGH_END)
    assert (round(regular.alpha, 4), round(regular.beta, 4)) == (0.7041, 1.1820)
    assert (round(high.alpha, 4), round(high.beta, 4)) == (0.6681, 3.8061), "0.668 and 3.806 in the paper"


def test_renewals_to_come_agree_with_their_sum_and_grow_with_age() -> None:
    retention = fitted(HIGH_END)
    long = lifetime.residual_within(retention, renewals=3, discount=0.1, horizon=400)
    assert lifetime.residual(retention, renewals=3, discount=0.1) == pytest.approx(long, rel=1e-6)
    ages = [lifetime.residual(retention, renewals=age, discount=0.1) for age in range(8)]
    assert ages == sorted(ages), "who has stayed longer stays longer"
    assert lifetime.survival(retention, 3)[0] == 1.0


def test_a_cohort_nobody_left_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="left"):
        lifetime.fit([0, 0], [5, 5])
    few = pl.DataFrame({"line": ["life"] * 2, "renewals": [1, 2], "has_left": [True, False], "contracts": [3, 9]})
    shipped = lifetime.Retention(alpha=0.7, beta=4.0)
    assert lifetime.fit_lines(few, shipped) == {"life": shipped}


def test_cdnow_shows_why_contracts_are_not_judged_by_silence() -> None:
    """BG/NBD fitted to CDNOW (Fader, Hardie, Lee 2005: r 0.243, α 4.414, a 0.793, b 2.426) doubts a policy in force."""
    file = Path(__file__).parents[3] / "shared" / "data" / "cdnow" / "cdnow_customers_summary.csv"
    if not file.exists():
        pytest.skip("shared/data/cdnow is not here")
    rows = pl.read_csv(file)
    bought, last, seen = (rows.get_column(name).to_numpy().astype(float) for name in ("frequency", "recency", "T"))

    def unlikely(logs: Any) -> float:
        r, alpha, a, b = np.exp(logs)
        common = special.gammaln(r + bought) - special.gammaln(r) + r * np.log(alpha)
        common += special.gammaln(a + b) + special.gammaln(b + bought) - special.gammaln(b)
        common -= special.gammaln(a + b + bought)
        gone = np.log(a) - np.log(b + np.maximum(bought, 1) - 1) - (r + bought) * np.log(alpha + last)
        gone = np.where(bought > 0, gone, -np.inf)
        return float(-(common + np.logaddexp(-(r + bought) * np.log(alpha + seen), gone)).sum())

    found = optimize.minimize(unlikely, np.zeros(4), method="Nelder-Mead", options={"maxiter": 2000})
    r, alpha, a, b = np.exp(found.x)
    assert [round(value, 2) for value in (r, alpha, a, b)] == [0.24, 4.41, 0.79, 2.43]

    def alive(times: int, latest: float, now: float) -> float:
        odds = a / (b + times - 1) * ((alpha + now) / (alpha + latest)) ** (r + times)
        return float(1 / (1 + odds)) if times else 1.0

    assert alive(2, 30.43, 38.86) == pytest.approx(0.7266, abs=0.001), "as published"
    yearly = [alive(5, 5 * 52, 5 * 52 + weeks) for weeks in (1, 26, 51)]
    assert [round(value, 2) for value in yearly] == [0.89, 0.83, 0.76], "in force all the time, and doubted"
    assert alive(0, 0.0, 38.86) == 1.0, "who bought once and never again is never doubted"


def planted(count: int = 900) -> tuple[pl.DataFrame, list[int]]:
    dice = np.random.default_rng(3)
    truth = [number % 3 for number in range(count)]
    centres = [
        (300_000, 1, 12, 30, 0, 30, 0, 1),
        (5_000_000, 3, 120, 3, 2_000, 45, 10**7, 8),
        (800_000, 2, 60, 12, 9_000, 62, 10**6, 3),
    ]
    rows = {
        name: [max(0, int(centres[t][place] * (1 + 0.08 * dice.standard_normal()))) for t in truth]
        for place, name in enumerate(clusters.FEATURES)
    }
    frame = pl.DataFrame(rows).with_columns(
        pl.Series("party", [n.to_bytes(16, "big") for n in range(count)]), pl.lit(1).alias("active_policies")
    )
    return frame, truth


def test_what_an_engine_is_asked_is_kept_and_answers_for_another_night(engine: engines.DuckDB, tmp_path: Path) -> None:
    built: list[int] = []

    def night(folder: Path, least: int, key: str = "rules 1") -> list[int]:
        folder.mkdir(exist_ok=True)
        pl.DataFrame({"x": [1, 5, 9, 9 + least]}).write_parquet(folder / "rows.parquet")
        cut = engine.named("cut", least)

        def build() -> None:
            built.append(least)
            rows = engine.view(engine.read(folder / "rows.parquet"))
            engine.write(engine.hold(rows.filter(rows.x >= cut), "above"), folder / "found.parquet")

        engine.planned(folder, tmp_path / "kept.plan", key, build)
        return sorted(pl.read_parquet(folder / "found.parquet").get_column("x"))

    assert night(tmp_path / "a", 5) == [5, 9, 14]
    assert night(tmp_path / "b", 9) == [9, 18] and built == [5], "another day, other numbers, nothing built again"
    assert night(tmp_path / "c", 2, key="rules 2") == [5, 9, 11] and built == [5, 2]


def test_planted_clusters_are_recovered_and_keep_their_numbers(engine: engines.DuckDB, tmp_path: Path) -> None:
    from sklearn.metrics import adjusted_rand_score

    frame, truth = planted()
    model = clusters.fit(frame.lazy(), least_k=2, most_k=6)
    assert model is not None and model.k == 3
    file = tmp_path / "figures.parquet"
    frame.write_parquet(file)
    table = clusters.assigned(engine.read(file), model, view=engine.view).select("party", "cluster").order_by("party")
    found = engine.fetch(table).get_column("cluster").to_list()
    assert adjusted_rand_score(truth, found) >= 0.95
    again = clusters.fit(frame.lazy(), least_k=2, most_k=6, previous=model.centres)
    assert again is not None and np.abs(np.array(again.centres) - np.array(model.centres)).max() <= 5
    assert clusters.fit(frame.head(20).lazy(), least_k=2, most_k=6) is None


def test_portraits_know_the_features_in_their_order() -> None:
    assert portraits.FEATURES == clusters.FEATURES and set(portraits._WORDS) == set(clusters.FEATURES)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(2, 20))
def test_cuts_rise_and_equal_values_stand_alike(values: list[int], parts: int) -> None:
    found = fitting.cuts(pl.Series(values, dtype=pl.Int64), parts)
    assert len(found) == parts - 1 and found == sorted(found)
    top = fitting.top_value(pl.Series(values, dtype=pl.Int64), 2000)
    assert sum(value >= top for value in values) >= len(values) * 0.2


def test_a_standing_is_nothing_for_the_least_and_a_hundred_for_the_most(engine: engines.DuckDB) -> None:
    values = list(range(100))
    table = ibis.memtable(pl.DataFrame({"x": [None, *values]}))
    cuts = fitting.cuts(pl.Series(values), fitting.FINE)
    found = engine.con.to_polars(table.mutate(score=scores.standing(table.x, cuts))).sort("x")
    assert found.get_column("score").to_list()[:2] == [0, 0] and found.get_column("score").max() == 100


def ranked(engine: engines.DuckDB, premiums: list[int], **cuts: int) -> list[dict[str, Any]]:
    table = ibis.memtable(pl.DataFrame({"party": list(range(len(premiums))), "annual_premium_fen": premiums}))
    table = premium.with_abc(premium.with_tiers(table, TIERS), **{"a_bp": 8000, "b_bp": 9500, **cuts})
    rows: list[dict[str, Any]] = engine.con.to_polars(table).sort("party").to_dicts()
    return rows


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(premiums=st.lists(st.integers(1, 40 * WAN), min_size=1, max_size=40), salt=st.randoms(use_true_random=False))
def test_abc_follows_premium_whatever_the_order(
    engine: engines.DuckDB, premiums: list[int], salt: random.Random
) -> None:
    rows = ranked(engine, premiums)
    by_premium = sorted(rows, key=lambda row: -row["annual_premium_fen"])
    letters = [row["abc"] for row in by_premium]
    assert letters == sorted(letters) and letters[0] == "A"
    total = sum(premiums)
    in_a = [row["annual_premium_fen"] for row in rows if row["abc"] == "A"]
    assert sum(in_a) * 10_000 >= total * 8000
    larger = sum(value for value in premiums if value > min(in_a))
    assert larger * 10_000 < total * 8000, "without its smallest members A would not reach its cut"
    equal = {(row["annual_premium_fen"], row["abc"]) for row in rows}
    assert len(equal) == len(set(premiums)), "equal premium, equal class"
    salt.shuffle(premiums)
    assert sorted((row["annual_premium_fen"], row["abc"]) for row in ranked(engine, premiums)) == sorted(
        (row["annual_premium_fen"], row["abc"]) for row in rows
    )


def test_tiers_begin_exactly_at_their_threshold(engine: engines.DuckDB) -> None:
    premiums = [0, 1, 5 * WAN - 1, 5 * WAN, 10 * WAN - 1, 10 * WAN, 15 * WAN, 20 * WAN - 1, 20 * WAN]
    assert [row["tier"] for row in ranked(engine, premiums)] == [
        "", "standard", "standard", "gold", "gold", "platinum", "diamond", "diamond", "supreme",
    ]  # fmt: skip


def test_a_whale_curve_passes_all_before_it_ends_there() -> None:
    # The deck: a fifth brings twice the profit, the middle nothing, another fifth takes it away again.
    profits = pl.Series([200] * 20 + [0] * 60 + [-100] * 20)
    points = summaries.curve(profits)
    assert points[4] == [2000, 20_000] and points[-1] == [10_000, 10_000]
    assert summaries.curve(pl.Series([], dtype=pl.Int64)) == [[0, 0]]
