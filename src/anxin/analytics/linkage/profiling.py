"""A model for a set nobody has described beyond the roles of its columns: comparisons by role, blocking rules by what
they cost, training rules so that every comparison is trained. Nothing here looks at truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import polars as pl

from anxin.analytics.linkage import comparisons, features, guards
from anxin.analytics.linkage.model import Field, Model, Role, Rule, Thresholds

_MOST_RULES: Final = 36
_LARGEST_BLOCK: Final = 150
_PAIRS_PER_RECORD: Final = 40
_LEAST_KNOWN: Final = 0.05  # a column known for fewer records is no help in finding pairs
_THRESHOLDS: Final = Thresholds(certain=5.0, review=-2.0)

# Features that pairs may be found by, from the sharpest on, by role.
_KEYS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.CHINESE_NAME: ("_py", "_sorted_py", "_surname_py"),
    Role.GIVEN_NAME: ("", "_sound", "_start"),
    Role.SURNAME: ("", "_sound", "_start"),
    Role.FULL_NAME: ("_sorted", "_surname", "_given", "_surname_sound", "_given_sound"),
    Role.DATE: ("", "_md", "_month", "_year"),
    Role.RESIDENT_ID: ("", "_tail"),
    Role.IDENTIFIER: ("",),
    Role.PHONE: ("",),
    Role.EMAIL: ("", "_user"),
    Role.TOKEN: ("",),
    Role.CHINESE_ADDRESS: ("_door", "_house", "_road", "_area"),
    Role.STREET: ("", "_start"),
    Role.HOUSE_NUMBER: ("",),
    Role.PLACE: ("", "_start"),
    Role.POSTCODE: ("", "_area"),
    Role.TEXT: ("", "_start"),
    Role.CATEGORY: ("",),
    Role.USCC: ("", "_core"),
    Role.ORGANISATION_NAME: ("_core", "_py", "_start"),
    Role.SEX: (),
}


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    columns: tuple[str, ...]
    fields: frozenset[str]
    pairs: int  # within the largest block
    reach: int  # records that share a usable key with another


def describe(frame: pl.DataFrame, fields: Sequence[Field], *, name: str = "own") -> tuple[Model, pl.DataFrame]:
    """An untrained model for `frame` and its features (without frequencies and keys)."""
    built = features.build(frame, fields)
    fields = [each for each in fields if _says_something(built, each)]
    compared = comparisons.for_fields(fields)
    rules = choose_rules(built, fields)
    codes: tuple[str, ...] = guards.PERSON if any(each.role is Role.CHINESE_NAME for each in fields) else ()
    if any(each.role is Role.ORGANISATION_NAME for each in fields):
        codes = guards.ORGANISATION
    model = Model(
        name=name,
        fields=tuple(fields),
        comparisons=compared,
        rules=rules,
        thresholds=_THRESHOLDS,
        prior=1 / max(len(frame), 2),
        guards=codes,
        largest_block=_LARGEST_BLOCK,
    )
    return model, built


def _says_something(built: pl.DataFrame, each: Field) -> bool:
    column = f"{each.code}_surname_py" if each.role is Role.CHINESE_NAME else each.code
    if each.role is Role.CHINESE_ADDRESS:
        column = f"{each.code}_area"
    return column in built.columns and built[column].drop_nulls().n_unique() > 1


def choose_rules(built: pl.DataFrame, fields: Sequence[Field]) -> tuple[Rule, ...]:
    """Rules that together cost at most some pairs per record, the cheapest first: single columns, pairs, and triples of
    what is too common in pairs. Each rule brings records that no rule before reached, or reaches them another way."""
    budget = max(_PAIRS_PER_RECORD * len(built), 300_000)
    each_most = budget // 4
    found = list(_affordable(built, fields, each_most))
    # A cheap rule over few records is worth less than a wide one: by pairs per record reached.
    found.sort(key=lambda each: (len(each.columns), each.pairs / max(each.reach, 1)))
    chosen: list[_Candidate] = []
    spent = 0
    uses: dict[str, int] = {}
    while found and len(chosen) < _MOST_RULES:
        # The least used fields first, so that no single field's errors hide a pair.
        found.sort(key=lambda each: (sum(uses.get(field, 0) for field in each.fields) / len(each.fields), -each.reach))
        best = found.pop(0)
        if spent + best.pairs > budget:
            continue
        chosen.append(best)
        spent += best.pairs
        for field in best.fields:
            uses[field] = uses.get(field, 0) + 1
    trains = _training(chosen)
    return tuple(
        Rule(
            code="__".join(each.columns), keys=tuple((column, column) for column in each.columns), trains=each in trains
        )
        for each in chosen
    )


def _affordable(built: pl.DataFrame, fields: Sequence[Field], most: int) -> Iterator[_Candidate]:
    columns = [
        (f"{each.code}{suffix}", each.code)
        for each in fields
        for suffix in _KEYS[each.role]
        if f"{each.code}{suffix}" in built.columns
        and built[f"{each.code}{suffix}"].null_count() <= (1 - _LEAST_KNOWN) * len(built)
    ]
    codes = built.select(pl.col(column).rank("dense").cast(pl.UInt32) for column, _ in columns)
    cheap: list[set[str]] = []
    for size in (1, 2, 3):
        for group in combinations(columns, size):
            names = tuple(column for column, _ in group)
            owners = frozenset(owner for _, owner in group)
            if len(owners) < size or any(part <= set(names) for part in cheap):
                continue
            if size == 3 and any(name.endswith(("_sound", "_start")) for name in names):
                continue
            candidate = _measure(codes, names, owners)
            if candidate.reach and candidate.pairs <= most:
                cheap.append(set(names))
                yield candidate


def _measure(codes: pl.DataFrame, names: tuple[str, ...], owners: frozenset[str]) -> _Candidate:
    sizes = codes.select(names).drop_nulls().group_by(names).len()["len"].cast(pl.Int64)
    sizes = sizes.filter((sizes > 1) & (sizes <= _LARGEST_BLOCK))
    return _Candidate(columns=names, fields=owners, pairs=int((sizes * (sizes - 1) // 2).sum()), reach=int(sizes.sum()))


def _training(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Up to four rules over as different fields as can be, so that each comparison is free in at least one."""
    left = sorted(chosen, key=lambda each: -each.reach)
    taken: list[_Candidate] = []
    while left and len(taken) < 4:
        best = min(left, key=lambda each: (sum(len(each.fields & other.fields) for other in taken), -each.reach))
        left.remove(best)
        taken.append(best)
    return taken
