"""How often a file is looked at again, by its grade of risk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

REVIEWS: Final = "diligence.reviews"
_MONTHS: Final = _("months between two reviews")
REVIEW_FIELDS: Final = (
    SchemeField(code="high", label=_("High risk"), kind=FieldKind.INTEGER, hint=_MONTHS),
    SchemeField(code="medium", label=_("Medium risk"), kind=FieldKind.INTEGER, hint=_MONTHS),
    SchemeField(code="low", label=_("Low risk"), kind=FieldKind.INTEGER, hint=_MONTHS),
    SchemeField(code="warning", label=_("Tell before"), kind=FieldKind.INTEGER, hint=_("days")),
)
REVIEW_DEFAULT: Final[Content] = {"high": 6, "medium": 24, "low": 36, "warning": 30}
_CHINA: Final = ZoneInfo("Asia/Shanghai")


def review_problems(content: Content) -> list[Problem]:
    found = [
        Problem(path=name, message=_("Enter a whole number above nought."))
        for name, value in content.items()
        if not isinstance(value, int) or value < 1
    ]
    if not found and int(str(content["high"])) > 6:
        found.append(Problem(path="high", message=_("The highest grade is reviewed at least every half year.")))
    return found


def next_review(reviewed: date, risk: str, content: Any) -> date:
    """The day of the next review: so many months later, the last day of a shorter month."""
    months = reviewed.month - 1 + int(content[risk])
    year, month = reviewed.year + months // 12, months % 12 + 1
    for day in (reviewed.day, 30, 29, 28):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError("A month has at least 28 days.")


def day_of(now: datetime) -> date:
    return now.astimezone(_CHINA).date()
