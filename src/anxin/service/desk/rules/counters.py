"""Counters: what is served, how long it takes, who is called next, the duties of the lobby."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

COUNTERS: Final = "desk.counters"
COUNTER_FIELDS = (
    SchemeField(
        code="services",
        label=_("What is served at a counter"),
        kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="code", label=_("Code"), kind=FieldKind.TEXT),
            SchemeField(code="label_zh", label=_("Chinese name"), kind=FieldKind.TEXT),
            SchemeField(code="label_en", label=_("English name"), kind=FieldKind.TEXT),
            SchemeField(code="series", label=_("Letter of its numbers"), kind=FieldKind.TEXT),
            SchemeField(code="minutes", label=_("Minutes it takes"), kind=FieldKind.INTEGER),
        ),
    ),
    SchemeField(code="long_wait", label=_("A wait is long after minutes"), kind=FieldKind.INTEGER),
    SchemeField(
        code="small_below", label=_("Small outlet: fewer numbers a day than"), kind=FieldKind.INTEGER,
        hint=_("Below, windows take insiders and customers apart instead of zones of their own."),
    ),
)  # fmt: skip
# The list of the universal teller (综合柜员), requirement deck S2.
COUNTER_DEFAULT: Content = {
    "services": [
        {"code": "consult", "label_zh": "咨询", "label_en": "Advice", "series": "A", "minutes": 5},
        {"code": "underwriting", "label_zh": "承保出单", "label_en": "New policy", "series": "A", "minutes": 30},
        {"code": "endorsement", "label_zh": "批改保全", "label_en": "Policy change", "series": "A", "minutes": 10},
        {"code": "surrender", "label_zh": "退保", "label_en": "Surrender", "series": "A", "minutes": 15},
        {"code": "payment", "label_zh": "收付费", "label_en": "Payments", "series": "A", "minutes": 10},
        {"code": "claim", "label_zh": "理赔单证受理", "label_en": "Claim papers", "series": "B", "minutes": 20},
        {"code": "extra", "label_zh": "增值服务", "label_en": "Extra services", "series": "A", "minutes": 5},
        {"code": "complaint", "label_zh": "投诉", "label_en": "Complaint", "series": "C", "minutes": 20},
    ],
    "long_wait": 20,
    "small_below": 40,
}
DUTIES: Final = (
    _("Guide customers and lead them to the right zone"),
    _("Recognise and receive customers"),
    _("Answer questions"),
    _("Settle complaints on the spot"),
    _("Help to fill in forms"),
    _("Keep the hall in order"),
)
STEPS: Final = (
    (_("Welcome"), _("Rise, smile: “How do you do, please take a seat. What may I do for you?”")),
    (_("Ask what is wanted"), _("Check who it is and what is wanted; name all papers and the time it takes at once.")),
    (_("Do"), _("Work without side talk; say so before leaving the counter.")),
    (_("Check"), _("Let the customer check and sign; say when the next thing happens.")),
    (_("See off"), _("“Please rate my service.” Hand papers back, rise.")),
)


class Side(StrEnum):
    """Whom a window calls. Insiders are agents and staff with business of the company (内部客户)."""

    ALL = "all"
    CUSTOMERS = "customers"
    INSIDERS = "insiders"


def counter_problems(content: Content) -> list[Problem]:
    rows: Any = content["services"]
    found = []
    codes = [row["code"] for row in rows]
    if len(codes) != len(set(codes)) or not codes:
        found.append(Problem(path="services", message=_("Each service has a code of its own.")))
    if any(not 1 <= row["minutes"] <= 240 or not 1 <= len(row["series"]) <= 2 for row in rows):
        found.append(Problem(path="services", message=_("A service takes 1 to 240 minutes; its letter is short.")))
    return found


def series_of(service_series: str, *, is_internal: bool) -> str:
    """Insiders have a series of their own, so that a called number says which zone is meant."""
    return "N" if is_internal else service_series


def expected_minutes(ahead: Iterable[int], windows: int) -> int:
    """Minutes until one's turn: the work of those before (minutes each) shared by the open windows, rounded up."""
    work = sum(ahead)
    return math.ceil(work / max(1, windows))


def side_of(code: str, sides: Mapping[str, Side], *, small: bool, wanted: Side) -> Side:
    """Whom a window calls. A small outlet takes insiders and customers apart by its windows, so the window decides
    (E06); one that has a single window calls everybody. Elsewhere zones are apart already, or nobody has said which
    windows there are, and the teller chooses."""
    if not small or not sides:
        return wanted
    return sides.get(code, Side.ALL) if len(sides) > 1 else Side.ALL


def sides_of_small(codes: Sequence[str]) -> dict[str, Side]:
    """The windows of a small outlet that nobody has set: the last one for insiders, the others for customers."""
    if len(codes) < 2:
        return dict.fromkeys(codes, Side.ALL)
    return {code: Side.INSIDERS if code == codes[-1] else Side.CUSTOMERS for code in codes}


def step_after(step: int) -> int:
    """The step of the five that follows; the last one begins with the end of the service."""
    return min(step + 1, len(STEPS) - 1)


def is_small(numbers_a_day: float, small_below: int) -> bool:
    """Whether an outlet is run in small mode (E06)."""
    return numbers_a_day < small_below
