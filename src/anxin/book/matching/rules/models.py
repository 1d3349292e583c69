"""The linkage model as a scheme: thresholds, prior and weights that a site may change or train; the rest is shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from anxin.analytics.linkage import guards, standard
from anxin.analytics.linkage.model import Model, Thresholds
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

PERSON: Final = "matching.person"
ORGANISATION: Final = "matching.organisation"
SCHEMES: Final = {"person": PERSON, "organisation": ORGANISATION}
_HUNDREDTHS: Final = 100

FIELDS: Final = (
    SchemeField(
        code="certain", label=_("Merged without asking from this weight (hundredths)"), kind=FieldKind.INTEGER,
        hint=_("Match weight in hundredths of a bit: 700 is a probability of 99.2 %."),
    ),
    SchemeField(
        code="review", label=_("Shown for review from this weight (hundredths)"), kind=FieldKind.INTEGER,
        hint=_("Pairs below are not shown at all."),
    ),
    SchemeField(
        code="is_automatic", label=_("Merge certain pairs by itself"), kind=FieldKind.YES_NO,
        hint=_("Off: certain pairs go to review as well."),
    ),
    SchemeField(
        code="needs_number", label=_("A number or the door must agree"), kind=FieldKind.YES_NO,
        hint=_("Persons of whom only name, sex and birth date agree go to review, however rare the name is."),
    ),
    SchemeField(
        code="prior", label=_("Probability that two files taken at random are one customer"), kind=FieldKind.TEXT
    ),
    SchemeField(
        code="weights", label=_("How often fields agree, among the same (m) and among different customers (u)"),
        kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="comparison", label=_("Field"), kind=FieldKind.TEXT),
            SchemeField(code="level", label=_("Agreement"), kind=FieldKind.TEXT),
            SchemeField(code="m", label=_("m"), kind=FieldKind.TEXT),
            SchemeField(code="u", label=_("u"), kind=FieldKind.TEXT),
        ),
    ),
)  # fmt: skip


def shipped(kind: str) -> Model:
    return standard.person() if kind == "person" else standard.organisation()


def content_of(model: Model, *, is_automatic: bool = True, needs_number: bool = True) -> Content:
    """A model as the content of its scheme."""
    return {
        "certain": round(model.thresholds.certain * _HUNDREDTHS),
        "review": round(model.thresholds.review * _HUNDREDTHS),
        "is_automatic": is_automatic,
        "needs_number": needs_number,
        "prior": f"{model.prior:.6g}",
        "weights": [
            {"comparison": one.code, "level": level.code, "m": f"{level.m or 0:.6g}", "u": f"{level.u or 0:.6g}"}
            for one in model.comparisons
            for level in one.levels
        ],
    }


def model_of(kind: str, content: Content) -> Model:
    """The shipped model with the weights, prior and thresholds of a content."""
    rows: Any = content["weights"]
    weights: Mapping[tuple[str, str], tuple[float, float]] = {
        (row["comparison"], row["level"]): (float(row["m"]), float(row["u"])) for row in rows
    }
    certain, review = content["certain"], content["review"]
    if not isinstance(certain, int) or not isinstance(review, int):
        raise TypeError("Thresholds are whole numbers.")
    model = shipped(kind).with_weights(weights)
    cautious = kind == "person" and content["needs_number"]
    return replace(
        model,
        guards=(*model.guards, guards.CAUTIOUS) if cautious else model.guards,
        prior=float(str(content["prior"])),
        thresholds=Thresholds(certain=certain / _HUNDREDTHS, review=review / _HUNDREDTHS),
    )


class Kept:
    """The models made last, so that asking for one all day does not make it anew: (kind, version) → model."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[tuple[int, object], Model]] = {}

    def get(self, kind: str, version: int, content: Content) -> Model:
        known = self._made.get(kind)
        # A draft keeps its number while it is changed; what is in force is never changed.
        if known is None or known[0] != (version, content):
            known = self._made[kind] = (version, content), model_of(kind, content)
        return known[1]


def problems(content: Content) -> list[Problem]:
    found = []
    certain, review = content["certain"], content["review"]
    if not (isinstance(certain, int) and isinstance(review, int) and review < certain):
        found.append(Problem(path="review", message=_("Review must begin below what is merged without asking.")))
    if not 0 < _number(content["prior"]) < 1:
        found.append(Problem(path="prior", message=_("Enter a probability between 0 and 1.")))
    rows: Any = content["weights"]
    for number, row in enumerate(rows, 1):
        for name in ("m", "u"):
            if not 0 <= _number(row[name]) <= 1:
                found.append(
                    Problem(path=f"weights.{number}.{name}", message=_("Enter a probability between 0 and 1."))
                )
    return found


def _number(text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        return -1.0
