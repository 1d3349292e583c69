"""Weighing single pairs with a model's weights, without an engine: the live check, and the words of an explanation."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias

import polars as pl

from anxin.analytics.linkage import conditions, features, guards
from anxin.analytics.linkage.conditions import Condition, Record
from anxin.analytics.linkage.model import Comparison, Frequencies, Model, Role, probability

_Test: TypeAlias = Callable[[Record, Record], bool | None]
_LEAST: Final = 1e-6
# Fields that tell nothing of others.
_ALONE: Final = frozenset({Role.EMAIL, Role.TOKEN, Role.CHINESE_ADDRESS, Role.PHONE})


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One field of a pair. `level`: code of the level, "unknown" where a side knows nothing. `weight`: log2 odds it
    adds, frequency included. `values`: what the two records have, as compared."""

    field: str
    level: str
    weight: float
    values: tuple[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A weighed pair. `weight` includes the model's prior; `reason`: the guard that keeps it from being linked by
    itself."""

    weight: float
    probability: float
    outcome: str
    reason: str | None
    evidence: tuple[Evidence, ...]


class Scorer:
    """Weighs records that `features.prepare` made ready with the same model, given as mappings
    (`DataFrame.iter_rows(named=True)`)."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._comparisons = [_compiled(each) for each in model.comparisons]
        self._guards = [(guard, _guard_test(guard.when)) for guard in guards.for_fields(model.fields, model.guards)]
        self._prior = model.prior_weight

    def weight(self, left: Record, right: Record) -> float:
        """Match weight of a pair, as Splink counts it."""
        total = self._prior
        for each in self._comparisons:
            total += each.grade(left, right)[1]
        return total

    def levels(self, left: Record, right: Record) -> list[tuple[str, str]]:
        """(comparison, level) of a pair, "unknown" where a side knows nothing."""
        return [(each.code, each.grade(left, right)[0]) for each in self._comparisons]

    def score(self, left: Record, right: Record) -> Scored:
        """Weight, outcome and evidence of a pair."""
        evidence = []
        for each in self._comparisons:
            level, weight = each.grade(left, right)
            evidence.append(
                Evidence(
                    field=each.code, level=level, weight=weight, values=(left.get(each.code), right.get(each.code))
                )
            )
        weight = self._prior + sum(each.weight for each in evidence)
        outcome, reason = self._judge(weight, left, right)
        return Scored(
            weight=weight, probability=probability(weight), outcome=outcome, reason=reason, evidence=tuple(evidence)
        )

    def _judge(self, weight: float, left: Record, right: Record) -> tuple[str, str | None]:
        thresholds = self.model.thresholds
        reason = None
        for guard, test in self._guards:
            if test(left, right):
                if guard.is_two:
                    return "no", guard.code
                reason = reason or guard.code
        if weight < thresholds.review:
            return "no", None
        if reason is None and weight < thresholds.certain:
            reason = "weight"
        return ("review", reason) if reason else ("certain", None)


class _Compiled:
    """A comparison ready to run many times."""

    def __init__(self, comparison: Comparison) -> None:
        self.code = comparison.code
        self._null = _test(comparison.null)
        self._levels = [
            (
                level.code,
                _test(level.when) if level.when else None,
                level.weight,
                f"{features.TF}{level.tf}" if level.tf and level.when else None,
                math.log2(max(level.u or _LEAST, _LEAST)),
            )
            for level in comparison.levels
        ]

    def grade(self, left: Record, right: Record) -> tuple[str, float]:
        if self._null(left, right):
            return "unknown", 0.0
        for code, test, weight, tf, log_u in self._levels:
            if test is None or test(left, right):
                if tf:
                    one, other = left.get(tf), right.get(tf)
                    if one is not None or other is not None:
                        share = max(one or 0.0, other or 0.0)
                        return code, weight + log_u - math.log2(share)
                return code, weight
        raise AssertionError("A comparison ends with a level for everything else.")


@lru_cache(maxsize=256)
def _compiled(comparison: Comparison) -> _Compiled:
    return _Compiled(comparison)


@lru_cache(maxsize=256)
def _guard_test(condition: Condition) -> _Test:
    return _test(condition)


def _test(condition: Condition) -> _Test:
    """The condition as one function; the words that occur most are written out, as they run thousands of times a
    second."""
    word, *rest = condition
    match word:
        case "eq":
            name = rest[0]

            def equal(left: Record, right: Record) -> bool | None:
                one, other = left.get(name), right.get(name)
                return None if one is None or other is None else one == other

            return equal
        case "lev":
            column, most = rest

            def close(left: Record, right: Record) -> bool | None:
                one, other = left.get(column), right.get(column)
                return None if one is None or other is None else conditions.within(one, other, most)

            return close
        case "missing":
            name = rest[0]
            return lambda left, right: left.get(name) is None or right.get(name) is None
        case "and":
            tests = [_test(part) for part in rest]

            def both(left: Record, right: Record) -> bool | None:
                answer: bool | None = True
                for test in tests:
                    found = test(left, right)
                    if found is False:
                        return False
                    if found is None:
                        answer = None
                return answer

            return both
        case "or":
            tests = [_test(part) for part in rest]

            def either(left: Record, right: Record) -> bool | None:
                answer: bool | None = False
                for test in tests:
                    found = test(left, right)
                    if found:
                        return True
                    if found is None:
                        answer = None
                return answer

            return either
        case "not":
            inner = _test(rest[0])

            def negated(left: Record, right: Record) -> bool | None:
                found = inner(left, right)
                return None if found is None else not found

            return negated
    return lambda left, right: conditions.holds(condition, left, right)


def score_one(
    record: Mapping[str, Any],
    candidates: Sequence[Mapping[str, Any]],
    model: Model,
    *,
    records: int = 0,
    shares: Mapping[str, Mapping[str, float]] | None = None,
) -> list[tuple[str, Scored]]:
    """A record being typed against candidates, all with the model's input columns (`record_id`, `name`, …), best first.

    Candidates are what the caller's indexes found (same phone, ID number, name …), at most some hundred; `records`: how
    many records there are in all. Frequencies are the model's; `shares` knows better for some values, by feature and
    value as normalised (`{"phone": {"13800001111": 0.002}}` for a phone that 0.2 % of the records carry). Pairs with
    the outcome "no" are left out.
    """
    if not candidates:
        return []
    model = model.sized(records)
    # A field that is not typed says nothing, and what only it needs is not read; ID numbers tell birth and sex as well.
    fields = [
        each
        for each in model.fields
        if each.role not in _ALONE or any(record.get(column) not in (None, "") for column in each.columns)
    ]
    columns = ["record_id", *dict.fromkeys(column for each in fields for column in each.columns)]
    rows = ({**record, "record_id": "\0"}, *candidates)
    frame = pl.DataFrame(
        {name: [_text(row.get(name)) for row in rows] for name in columns},
        schema_overrides=dict.fromkeys(columns, pl.String),
    )
    known = dict(model.frequencies)
    for column, values in (shares or {}).items():
        table = known.get(column) or Frequencies(values={}, other=1 / max(records, 1))
        known[column] = replace(table, values={**table.values, **values})
    built = features.build(frame, fields)
    prepared = features.add_frequencies(built, [name for name in model.tf_columns if name in built.columns], known)
    first, *others = prepared.iter_rows(named=True)
    scorer = Scorer(model)
    found = [(str(other[features.ID]), scorer.score(first, other)) for other in others]
    return sorted(
        ((name, scored) for name, scored in found if scored.outcome != "no"),
        key=lambda each: (-each[1].weight, each[0]),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
