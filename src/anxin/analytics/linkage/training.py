"""Finding m, u and the prior without labels, or m from labelled pairs; what the model then says of itself."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl

from anxin.analytics.linkage import engine, features, scoring
from anxin.analytics.linkage.model import Level, Model

_SEED: Final = 7
_LEAST_M: Final = 1e-4
_LEAST_U: Final = 1e-7
_UNSEEN_U: Final = 1e-5
_ROUNDS: Final = 12
_FEW_ROUNDS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How much training may cost: random pairs for u, pairs for each EM session."""

    u_pairs: float = 2e6
    em_pairs: float = 1e6


_BUDGET: Final = Budget()


def train(prepared: pl.DataFrame, model: Model, api: Any, *, budget: Budget = _BUDGET) -> Model:
    """The model with weights found in `prepared` (see `features.prepare`): u from random pairs, m by EM over the
    pairs of each rule that trains, and the prior from what the model then expects among its candidate pairs. No
    labels are used."""
    chosen = engine.settings(_untrained(model), api.sql_dialect.sql_dialect_str)
    linker = engine.linker(api, prepared, model, chosen)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        linker.training.estimate_u_using_random_sampling(max_pairs=budget.u_pairs, seed=_seed(api))
        for rule in model.rules:
            if rule.trains:
                _session(linker, engine.rule_sql(rule, by_key=False), budget)
    trained = _read(linker, model)
    return replace(trained, trained_on=len(prepared))


def _seed(api: Any) -> int | None:
    return _SEED if api.sql_dialect.sql_dialect_str == "duckdb" else None


def _untrained(model: Model) -> Model:
    return model.with_weights({(c.code, level.code): (level.m, None) for c in model.comparisons for level in c.levels})


def _session(linker: Any, sql: str, budget: Budget) -> None:
    from splink.internals.exceptions import EMTrainingException

    inner = linker._settings_obj  # Splink has no public way
    usual, whole = inner.training_settings, inner.core_model_settings
    comparisons, prior = list(whole.comparisons), whole.probability_two_random_records_match
    for rounds in (usual.max_iterations, _FEW_ROUNDS, 1):
        inner.training_settings = replace(usual, max_iterations=rounds)
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                sql, estimate_without_term_frequencies=True, max_pairs=budget.em_pairs
            )
            break
        except (EMTrainingException, ValueError) as error:
            # A session takes the comparisons it cannot train out of the linker's own settings, and leaves them out when
            # it fails.
            inner.core_model_settings = whole
            whole.comparisons, whole.probability_two_random_records_match = comparisons, prior
            if isinstance(error, EMTrainingException):
                # No pairs, or every comparison is fixed by the rule: nothing to be learned here.
                break
            # A level that no match shows sinks below what Splink allows (1e-300) after many rounds: stop earlier.
    inner.training_settings = usual


def _read(linker: Any, model: Model) -> Model:
    found: dict[tuple[str, str], tuple[float | None, float | None]] = {}
    by_name = {each.output_column_name: each for each in linker._settings_obj.comparisons}  # Splink has no public way
    for comparison in model.comparisons:
        levels = [each for each in by_name[comparison.code].comparison_levels if not each.is_null_level]
        m = _smoothed([each._trained_m_median for each in levels], comparison.levels)
        u = [each._trained_u_median for each in levels]
        if all(each is None for each in u):
            # A column without values: as rare to agree as things are that name a person.
            u = [_UNSEEN_U] * (len(levels) - 1) + [1 - _UNSEEN_U * (len(levels) - 1)]
        for level, each_m, each_u in zip(comparison.levels, m, u, strict=True):
            found[comparison.code, level.code] = (each_m, max(each_u or 0.0, _LEAST_U))
    return model.with_weights(found)


def _smoothed(trained: Sequence[float | None], levels: Sequence[Level]) -> list[float]:
    """Probabilities that sum to 1; a level that training never saw keeps a tenth of what common sense gives it."""
    defaults = [level.m or 0.01 for level in levels]
    if all(each is None for each in trained):
        return [each / sum(defaults) for each in defaults]
    mixed = [
        max(0.98 * each + 0.02 * default, _LEAST_M) if each is not None else 0.1 * default
        for each, default in zip(trained, defaults, strict=True)
    ]
    return [each / sum(mixed) for each in mixed]


def settle_prior(weights: np.ndarray[Any, Any], prior: float, records: int) -> float:
    """The prior at which the sum of match probabilities of the candidate pairs agrees with it.

    `weights`: match weights of the pairs under `prior`. Pairs that no rule found are taken for no matches.
    """
    pairs = max(records * (records - 1) / 2, 1)
    bare = weights - math.log2(prior / (1 - prior))
    for _ in range(_ROUNDS):
        odds = np.clip(bare + math.log2(prior / (1 - prior)), -60, 60)
        expected = float((1 / (1 + np.exp2(-odds))).sum())
        prior = min(max(expected, 1.0) / pairs, 0.5)
    return prior


def settled(model: Model, pairs: pl.DataFrame, records: int) -> Model:
    """The model with the prior that its own candidate pairs (`weight` under its present prior) agree with."""
    return replace(model, prior=settle_prior(pairs["weight"].to_numpy(), model.prior, records))


def learn_from_labels(
    prepared: pl.DataFrame, model: Model, labels: Sequence[tuple[str, str, bool]], *, trust: float = 20.0
) -> Model:
    """The model with m from pairs that people decided on: (record id, record id, same). u stays; the m known before
    counts like `trust` further pairs, so that a few decisions shift little. Labels of unknown records are left out."""
    wanted = {name for one, other, same in labels if same for name in (one, other)}
    rows = {row[features.ID]: row for row in prepared.filter(pl.col(features.ID).is_in(wanted)).iter_rows(named=True)}
    scorer = scoring.Scorer(model)
    counts: dict[tuple[str, str], float] = {}
    for one, other, same in labels:
        if same and one in rows and other in rows:
            for seen_at in scorer.levels(rows[one], rows[other]):
                counts[seen_at] = counts.get(seen_at, 0.0) + 1
    found: dict[tuple[str, str], tuple[float | None, float | None]] = {}
    for comparison in model.comparisons:
        seen = {level.code: counts.get((comparison.code, level.code), 0.0) for level in comparison.levels}
        total = sum(seen.values()) + trust
        for level in comparison.levels:
            m = max((seen[level.code] + trust * (level.m or 0.0)) / total, _LEAST_M)
            found[comparison.code, level.code] = (m, level.u)
    return model.with_weights(found)


def weights_table(model: Model) -> list[dict[str, Any]]:
    """A row for each level: comparison, level, m, u, weight (log2 m/u), whether frequency changes it. For charts."""
    return [
        {
            "comparison": comparison.code,
            "level": level.code,
            "m": level.m,
            "u": level.u,
            "weight": level.weight,
            "by_frequency": level.tf is not None,
        }
        for comparison in model.comparisons
        for level in comparison.levels
    ]


def unlinkables(prepared: pl.DataFrame, model: Model, *, sample: int = 2_000) -> list[dict[str, float]]:
    """What share of the records could not be linked even to a copy of themselves, by threshold: (weight, share),
    rising.

    A record matched with itself gets the most weight it can get. `sample`: records looked at, evenly spread.
    """
    scorer = scoring.Scorer(model)
    step = max(len(prepared) // sample, 1)
    own = sorted(scorer.weight(row, row) for row in prepared.gather_every(step).iter_rows(named=True))
    top = math.ceil(own[-1]) if own else 0
    found = np.searchsorted(np.array(own), np.arange(0, top + 1), side="left") / max(len(own), 1)
    return [{"weight": float(weight), "share": float(share)} for weight, share in enumerate(found)]
