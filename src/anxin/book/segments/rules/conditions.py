# ruff: noqa: E501 - a table: one entry is read across
"""Conditions of saved segments: a tree of and, or and comparisons over figures, classes and facts.

`{"all": […]}`, `{"any": […]}` and `{"field": …, "op": …, "value": …}`, nested up to DEEPEST. Days are counted from the
day the segment is read, so a segment stays true: `within_days` 30 means the coming thirty days, `days_ago` 90 means
ninety days ago or longer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from anxin.analytics.classes import registry
from anxin.analytics.metrics.registry import METRICS, Unit

DEEPEST: Final = 5
MOST_CONDITIONS: Final = 60


class Sort(StrEnum):
    """What a field holds, and so how it can be asked."""

    NUMBER = "number"
    MONEY = "money"
    RATE = "rate"
    DATE = "date"
    CHOICE = "choice"
    TEXT = "text"


OPERATORS: Final[Mapping[Sort, Mapping[str, tuple[str, str]]]] = {
    Sort.NUMBER: {"gte": ("至少", "at least"), "lte": ("至多", "at most"), "eq": ("等于", "equals")},
    Sort.MONEY: {"gte": ("至少", "at least"), "lte": ("至多", "at most")},
    Sort.RATE: {"gte": ("至少", "at least"), "lte": ("至多", "at most")},
    Sort.DATE: {
        "within_days": ("在未来天数内", "within the next days"), "last_days": ("在过去天数内", "within the last days"),
        "days_ago": ("早于天数前", "longer ago than days"), "before": ("早于", "before"), "from": ("不早于", "from"),
        "unknown": ("为空", "is empty"),
    },
    Sort.CHOICE: {"in": ("属于", "is one of"), "not_in": ("不属于", "is none of")},
    Sort.TEXT: {"contains": ("包含", "contains"), "eq": ("等于", "equals"), "unknown": ("为空", "is empty")},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Field:
    """Something a segment can ask for. `column` is a path of the ORM from Profile."""

    code: str
    zh: str
    en: str
    sort: Sort
    group: str  # figure, class, fact, own
    column: str
    choices: Mapping[str, tuple[str, str]]


_SORTS: Final = {
    Unit.FEN: Sort.MONEY, Unit.FEN_PER_YEAR: Sort.MONEY, Unit.BP: Sort.RATE, Unit.DATE: Sort.DATE, Unit.TIME: Sort.DATE,
    Unit.TEXT: Sort.TEXT,
}  # fmt: skip
_FACTS: Final[tuple[tuple[str, str, str, Sort, str, Mapping[str, tuple[str, str]]], ...]] = (
    ("kind", "客户类型", "Kind", Sort.CHOICE, "kind", {"person": ("自然人", "Person"), "organisation": ("机构", "Organisation")}),
    ("sex", "性别", "Sex", Sort.CHOICE, "sex", {"M": ("男", "Male"), "F": ("女", "Female"), "": ("未知", "Unknown")}),
    ("marital_status", "婚姻", "Marital status", Sort.CHOICE, "marital_status",
     {"single": ("未婚", "Single"), "married": ("已婚", "Married"), "divorced": ("离异", "Divorced"), "widowed": ("丧偶", "Widowed")}),
    ("education", "教育", "Education", Sort.CHOICE, "education",
     {"primary": ("小学", "Primary"), "junior_high": ("初中", "Junior high"), "senior_high": ("高中", "Senior high"),
      "vocational": ("职业学校", "Vocational"), "college": ("大专", "College"), "bachelor": ("本科", "Bachelor"),
      "master": ("硕士", "Master"), "doctor": ("博士", "Doctor")}),
    ("annual_income_fen", "年收入", "Annual income", Sort.MONEY, "annual_income_fen", {}),
    ("industry", "行业", "Industry", Sort.TEXT, "industry", {}),
    ("occupation", "职业", "Occupation", Sort.TEXT, "party__occupation", {}),
    ("position", "职务", "Position", Sort.TEXT, "party__position", {}),
    ("employer", "工作单位", "Employer", Sort.TEXT, "party__employer", {}),
    ("customer_since", "建档日", "Customer since", Sort.DATE, "party__customer_since", {}),
    ("visit_due_date", "应回访日", "Visit due", Sort.DATE, "visit_due_date", {}),
    ("own_classes", "自定义分类", "Own class", Sort.TEXT, "own_classes", {}),
)  # fmt: skip
FIELDS: Final[Mapping[str, Field]] = {
    field.code: field
    for field in (
        *(
            Field(code=m.code, zh=m.zh, en=m.en, sort=_SORTS.get(m.unit, Sort.NUMBER), group="figure", column=m.code, choices={})
            for m in METRICS
            if m.is_available
        ),
        *(
            Field(code=k.code, zh=k.zh, en=k.en, sort=Sort.CHOICE, group="class", column=k.code, choices=k.values)
            for k in registry.CLASSES
        ),
        *(
            Field(code=code, zh=zh, en=en, sort=sort, group="fact", column=column, choices=choices)
            for code, zh, en, sort, column, choices in _FACTS
        ),
    )
}  # fmt: skip

Tree = Mapping[str, object]


def children(tree: Tree) -> Sequence[Tree]:
    found = tree.get("all", tree.get("any", ()))
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, Sequence) else []


def is_group(tree: Tree) -> bool:
    return "all" in tree or "any" in tree


def problems(tree: Tree, depth: int = 1, *, known: Mapping[str, Field] = FIELDS) -> list[str]:
    """Codes of what is wrong with a condition: too_deep, too_many, unknown_field, unknown_operator, bad_value.

    `known`: every field that can be named; a site may have added some.
    """
    if depth > DEEPEST:
        return ["too_deep"]
    if depth == 1 and count(tree) > MOST_CONDITIONS:
        return ["too_many"]
    if is_group(tree):
        return [one for child in children(tree) for one in problems(child, depth + 1, known=known)]
    field = known.get(str(tree.get("field", "")))
    if field is None:
        return ["unknown_field"]
    operator = str(tree.get("op", ""))
    if operator not in OPERATORS[field.sort]:
        return ["unknown_operator"]
    return [] if is_value(field, operator, tree.get("value")) else ["bad_value"]


def count(tree: Tree) -> int:
    return sum(count(child) for child in children(tree)) if is_group(tree) else 1


def is_value(field: Field, operator: str, value: object) -> bool:
    """Whether a value fits. Money in fen, rates in 1/10000, dates as ISO text, choices as a list of codes."""
    if operator == "unknown":
        return True
    if field.sort is Sort.CHOICE:
        return (
            isinstance(value, list) and bool(value) and all(isinstance(one, str) and len(one) <= 100 for one in value)
        )
    if field.sort is Sort.TEXT:
        return isinstance(value, str) and 0 < len(value) <= 60
    if field.sort is Sort.DATE and operator in ("before", "from"):
        try:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        except ValueError:
            return False
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return (
        is_number and abs(int(str(value))) < 10**15 and (field.sort is not Sort.DATE or 0 <= int(str(value)) <= 36_600)
    )
