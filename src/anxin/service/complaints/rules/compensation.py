"""Compensation of important customers for faults of the house, and the assessment of units: versioned schemes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

COMPENSATION: Final = "complaints.compensation"
TIERS: Final = ("supreme", "diamond", "platinum", "gold", "standard")
COMPENSATION_FIELDS: Final = (
    SchemeField(
        code="tiers", label=_("Compensation by tier"), kind=FieldKind.ROWS,
        hint=_("for well-founded complaints, beside what the contract gives"),
        columns=(
            SchemeField(code="tier", label=_("Tier of the customer"), kind=FieldKind.TEXT),
            SchemeField(code="share", label=_("Share of the amount asked for"), kind=FieldKind.SHARE),
            SchemeField(code="least", label=_("No less than"), kind=FieldKind.MONEY),
            SchemeField(code="most", label=_("No more than"), kind=FieldKind.MONEY),
            SchemeField(code="words", label=_("Beside the money"), kind=FieldKind.TEXT),
        ),
    ),
)  # fmt: skip
COMPENSATION_DEFAULT: Final[Content] = cast(Content, {
    "tiers": [
        {"tier": "supreme", "share": 1_000, "least": 50_000, "most": 500_000, "words": "分公司负责人登门致歉"},
        {"tier": "diamond", "share": 800, "least": 30_000, "most": 300_000, "words": "客户服务部负责人致歉"},
        {"tier": "platinum", "share": 500, "least": 20_000, "most": 200_000, "words": "客户经理登门致歉"},
        {"tier": "gold", "share": 300, "least": 10_000, "most": 100_000, "words": "客户经理致电致歉"},
    ],
})  # fmt: skip

ASSESSMENT: Final = "complaints.assessment"
# Dimension → its figures, each a share of one, higher is better.
DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "quality": ("upheld", "first_plan", "once"),
    "efficiency": ("in_time", "dispatched", "fed_back"),
    "effect": ("satisfied", "met", "mended"),
}
DIMENSION_WORDS: Final[Mapping[str, str]] = {
    "quality": _("Quality of handling"), "efficiency": _("Efficiency of handling"), "effect": _("Effect of handling"),
}  # fmt: skip
FIGURE_WORDS: Final[Mapping[str, str]] = {
    "upheld": _("Decisions that stood"), "first_plan": _("Plans approved at once"),
    "once": _("Not complained of again"), "in_time": _("Told within the statutory term"),
    "dispatched": _("Dispatched the same day"), "fed_back": _("Findings within the target"),
    "satisfied": _("Satisfaction at the call-back"), "met": _("Well-founded requests met"),
    "mended": _("Rectifications verified in time"),
}  # fmt: skip
ASSESSMENT_FIELDS: Final = tuple(
    SchemeField(code=code, label=label, kind=FieldKind.INTEGER, hint=_("weight; what is not known is left out"))
    for code, label in FIGURE_WORDS.items()
)
ASSESSMENT_DEFAULT: Final[Content] = {
    "upheld": 15, "first_plan": 10, "once": 10, "in_time": 20, "dispatched": 5, "fed_back": 10, "satisfied": 15,
    "met": 10, "mended": 5,
}  # fmt: skip


def offer(content: Mapping[str, Any], *, tier: str, asked_fen: int) -> tuple[int, str] | None:
    """(amount in fen, what goes with it) for a customer of this tier; None when the rules do not name it."""
    for row in cast(Sequence[Mapping[str, Any]], content.get("tiers", ())):
        if row.get("tier") == tier:
            share = asked_fen * int(row["share"]) // 10_000
            return min(max(share, int(row["least"])), int(row["most"])), str(row.get("words", ""))
    return None


def score(figures: Mapping[str, float | None], weights: Mapping[str, Any], names: Sequence[str] = ()) -> float | None:
    """The weighted mean of the figures that are known, of 100; None when none is."""
    known = [(int(weights.get(name, 0)), value) for name, value in figures.items()
             if value is not None and (not names or name in names)]  # fmt: skip
    whole = sum(weight for weight, _value in known)
    return sum(weight * value for weight, value in known) / whole * 100 if whole else None


def compensation_problems(content: Content) -> list[Problem]:
    found = []
    for place, row in enumerate(cast(Sequence[Mapping[str, Any]], content.get("tiers", ()))):
        if row.get("tier") not in TIERS:
            found.append(Problem(path=f"tiers.{place}.tier", message=_("There is no such tier.")))
        if not 0 <= int(row.get("least") or 0) <= int(row.get("most") or 0):
            found.append(Problem(path=f"tiers.{place}.most", message=_("The most is not below the least.")))
    return found


def assessment_problems(content: Content) -> list[Problem]:
    found = [
        Problem(path=name, message=_("Enter a number that is not below zero."))
        for name in ASSESSMENT_DEFAULT
        if not isinstance(content.get(name), int) or int(str(content[name])) < 0
    ]
    if not found and not sum(int(str(content[name])) for name in ASSESSMENT_DEFAULT):
        found.append(Problem(path="upheld", message=_("Something must weigh.")))
    return found
