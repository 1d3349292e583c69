"""What a linkage model is: fields of a record, comparisons with their weights, blocking rules, thresholds.

Everything is frozen and goes to JSON and back, so that a trained model can be kept as a version of a scheme.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Final

from anxin.analytics.linkage import conditions
from anxin.analytics.linkage.conditions import Condition

FORMAT: Final = 1
# Splink calls a level that training never saw "not observed" and lets it weigh this.
_SMALLEST: Final = 1e-6


class Role(StrEnum):
    """What a column of a record is, and so how it is read and compared."""

    CHINESE_NAME = "chinese_name"
    FULL_NAME = "full_name"
    GIVEN_NAME = "given_name"
    SURNAME = "surname"
    SEX = "sex"
    DATE = "date"
    RESIDENT_ID = "resident_id"
    IDENTIFIER = "identifier"
    PHONE = "phone"
    EMAIL = "email"
    TOKEN = "token"  # equal or not: blind index values, account numbers  # noqa: S105
    CHINESE_ADDRESS = "chinese_address"
    STREET = "street"
    HOUSE_NUMBER = "house_number"
    PLACE = "place"
    POSTCODE = "postcode"
    CATEGORY = "category"
    TEXT = "text"
    USCC = "uscc"
    ORGANISATION_NAME = "organisation_name"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing known of a record. `columns`: where it stands in the input (a date may stand in three, an ID of several
    kinds in several); `code`: prefix of its features and name of its comparison."""

    code: str
    role: Role
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Level:
    """One grade of agreement. `when` None: whatever no level before it took. `m`, `u`: probability among pairs that
    are the same, and among pairs that are not. `tf`: the feature whose frequency replaces `u` (a rare value says
    more)."""

    code: str
    when: Condition | None
    m: float | None = None
    u: float | None = None
    tf: str | None = None

    @property
    def weight(self) -> float:
        """log2(m/u), before term frequency."""
        m, u = max(self.m or _SMALLEST, _SMALLEST), max(self.u or _SMALLEST, _SMALLEST)
        return math.log2(m / u)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Levels from the strongest to `else`. Where `null` holds, the comparison says nothing."""

    code: str
    null: Condition
    levels: tuple[Level, ...]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Pairs to look at: records equal in all of `keys`, each a feature column or a pair (left column, right column)."""

    code: str
    keys: tuple[tuple[str, str], ...]
    trains: bool = False  # EM runs over the pairs of this rule


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Match weights (log2 odds): from `certain` on linked by itself, from `review` on shown to a person."""

    certain: float
    review: float


@dataclass(frozen=True, kw_only=True)
class Frequencies:
    """How often values of a feature occur, as shares of all known values. A value not listed has the share `other`."""

    values: Mapping[str, float]
    other: float


@dataclass(frozen=True, kw_only=True)
class Model:
    """A linkage model. `guards`: rules by code that overrule a weight, see `guards.GUARDS`."""

    name: str
    fields: tuple[Field, ...]
    comparisons: tuple[Comparison, ...]
    rules: tuple[Rule, ...]
    thresholds: Thresholds
    prior: float = 1e-4  # probability that two random records are the same
    guards: tuple[str, ...] = ()
    largest_block: int = 200  # a key shared by more records than this says nothing and is not followed
    frequencies: Mapping[str, Frequencies] = field(default_factory=dict)
    trained_on: int = 0  # records

    @property
    def prior_weight(self) -> float:
        return math.log2(self.prior / (1 - self.prior))

    @property
    def tf_columns(self) -> tuple[str, ...]:
        found = {level.tf: None for comparison in self.comparisons for level in comparison.levels if level.tf}
        return tuple(found)

    def comparison(self, code: str) -> Comparison:
        return next(comparison for comparison in self.comparisons if comparison.code == code)

    def sized(self, records: int) -> Model:
        """The model for a set of `records`: the more records, the less likely two random ones are the same."""
        if not self.trained_on or records < 2:
            return self
        return replace(self, prior=min(self.prior * self.trained_on / records, 0.5))

    def with_weights(self, weights: Mapping[tuple[str, str], tuple[float | None, float | None]]) -> Model:
        """The same model with (m, u) of levels replaced, by (comparison, level)."""
        return replace(
            self,
            comparisons=tuple(
                replace(
                    comparison,
                    levels=tuple(
                        replace(level, m=found[0], u=found[1])
                        if (found := weights.get((comparison.code, level.code)))
                        else level
                        for level in comparison.levels
                    ),
                )
                for comparison in self.comparisons
            ),
        )


def probability(weight: float) -> float:
    """Match weight to match probability."""
    if weight >= 0:
        return 1 / (1 + math.exp2(-weight))
    odds = math.exp2(weight)
    return odds / (1 + odds)


def to_dict(model: Model) -> dict[str, Any]:
    """Plain values only, ready for JSON or a scheme."""
    return {"format": FORMAT, **_plain(model)}


def from_dict(values: Mapping[str, Any]) -> Model:
    """The reverse of `to_dict`. Raises ValueError for another format."""
    if values.get("format") != FORMAT:
        raise ValueError(f"This linkage model has format {values.get('format')}, not {FORMAT}.")
    return Model(
        name=values["name"],
        fields=tuple(
            Field(code=each["code"], role=Role(each["role"]), columns=tuple(each["columns"]))
            for each in values["fields"]
        ),
        comparisons=tuple(
            Comparison(
                code=each["code"],
                null=conditions.frozen(each["null"]),
                levels=tuple(
                    Level(**(level | {"when": level["when"] and conditions.frozen(level["when"])}))
                    for level in each["levels"]
                ),
            )
            for each in values["comparisons"]
        ),
        rules=tuple(
            Rule(code=each["code"], keys=tuple((a, b) for a, b in each["keys"]), trains=each["trains"])
            for each in values["rules"]
        ),
        thresholds=Thresholds(**values["thresholds"]),
        prior=values["prior"],
        guards=tuple(values["guards"]),
        largest_block=values["largest_block"],
        frequencies={name: Frequencies(**each) for name, each in values["frequencies"].items()},
        trained_on=values["trained_on"],
    )


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, StrEnum) else value


def to_json(model: Model) -> str:
    return json.dumps(to_dict(model), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Model:
    return from_dict(json.loads(text))
