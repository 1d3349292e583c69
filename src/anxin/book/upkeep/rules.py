"""The scheme of completeness and truth, and what the rules say of a link."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from anxin.book.upkeep import data
from anxin.book.upkeep.data import LinkState
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

SCHEME: Final = "upkeep.quality"
_CHINA: Final = ZoneInfo("Asia/Shanghai")
LINK_DAYS: Final = 7
# Wrong or doubled sendings of one link, and openings from one address within the window.
TRIES: Final = 10
OPENINGS: Final = 30
WINDOW: Final = timedelta(minutes=10)

FIELDS = (
    SchemeField(
        code="items", label=_("What belongs in a file"), kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="kind", label=_("Person or organisation"), kind=FieldKind.TEXT),
            SchemeField(code="item", label=_("Item"), kind=FieldKind.TEXT),
            SchemeField(code="weight", label=_("Weight"), kind=FieldKind.INTEGER),
        ),
    ),
    SchemeField(
        code="problems", label=_("What makes a file doubtful"), kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="code", label=_("Finding"), kind=FieldKind.TEXT),
            SchemeField(code="minus", label=_("Points off"), kind=FieldKind.INTEGER),
        ),
    ),
    SchemeField(
        code="completeness_bp", label=_("Share of completeness in the score"), kind=FieldKind.SHARE,
        hint=_("The rest is truth."),
    ),
    SchemeField(code="shared_from", label=_("A phone is shared from so many customers"), kind=FieldKind.INTEGER),
    SchemeField(code="stale_days", label=_("Not confirmed for so many days"), kind=FieldKind.INTEGER),
    SchemeField(code="good_from", label=_("Good from so many points"), kind=FieldKind.INTEGER),
    SchemeField(code="poor_below", label=_("Poor below so many points"), kind=FieldKind.INTEGER),
)  # fmt: skip


def _items(kind: str, **weights: int) -> list[dict[str, Any]]:
    return [{"kind": kind, "item": item, "weight": weight} for item, weight in weights.items()]


# Weights after the customer-information rules for insurers (保监发〔2013〕82号): identity and reach first.
DEFAULT: Content = {
    "items": [
        *_items(
            "person", document=20, phone=20, birth_date=10, sex=5, address=12, occupation=8, employer=5, email=4,
            marital_status=4, education=3, income=3, information_source=3, manager=3,
        ),
        *_items(
            "organisation", uscc=20, phone=15, address=12, legal_representative=10, industry=8, scale=6, key_contact=10,
            overview=8, information_source=3, manager=8,
        ),
    ],
    "problems": [
        {"code": code, "minus": minus}
        for code, minus in (
            ("id_checksum", 40), ("id_birth", 30), ("id_sex", 25), ("id_disputed", 30), ("id_expired", 15),
            ("uscc_invalid", 40), ("name_unreal", 30), ("age_implausible", 30), ("phone_shared", 25), ("phone_bad", 20),
            ("address_vague", 10), ("stale", 15), ("fact_over", 5),
        )
    ],
    "completeness_bp": 5000, "shared_from": 5, "stale_days": 1095, "good_from": 85, "poor_below": 60,
}  # fmt: skip


def problems(content: Content) -> list[Problem]:
    found = []
    items: Any = content["items"]
    for number, row in enumerate(items, 1):
        if row["kind"] not in ("person", "organisation"):
            found.append(Problem(path=f"items.{number}.kind", message=_("Write person or organisation.")))
        if row["item"] not in data.ITEMS:
            found.append(Problem(path=f"items.{number}.item", message=_("There is no such item.")))
        if not 0 <= row["weight"] <= 1_000:
            found.append(Problem(path=f"items.{number}.weight", message=_("A weight lies between 0 and 1,000.")))
    for kind in ("person", "organisation"):
        if not sum(row["weight"] for row in items if row["kind"] == kind):
            found.append(Problem(path="items", message=_("Persons and organisations both need items with weight.")))
    deductions: Any = content["problems"]
    for number, row in enumerate(deductions, 1):
        if row["code"] not in data.PROBLEMS:
            found.append(Problem(path=f"problems.{number}.code", message=_("There is no such finding.")))
        if not 0 <= row["minus"] <= 100:
            found.append(Problem(path=f"problems.{number}.minus", message=_("Between 0 and 100 points.")))
    good, poor, shared, stale = (content[name] for name in ("good_from", "poor_below", "shared_from", "stale_days"))
    if not (isinstance(good, int) and isinstance(poor, int) and 0 <= poor < good <= 100):
        found.append(Problem(path="good_from", message=_("Poor lies below good, both between 0 and 100.")))
    if not isinstance(shared, int) or shared < 2:
        found.append(Problem(path="shared_from", message=_("At least 2 customers.")))
    if not isinstance(stale, int) or stale < 30:
        found.append(Problem(path="stale_days", message=_("At least 30 days.")))
    return found


def level_of(score: int, content: Content) -> str:
    """How a score is coloured."""
    good, poor = content["good_from"], content["poor_below"]
    if isinstance(good, int) and score >= good:
        return "ok"
    return "danger" if isinstance(poor, int) and score < poor else "warn"


def day_of(now: datetime) -> date:
    """The day in China at that moment."""
    return now.astimezone(_CHINA).date()


def link_state(
    *, now: datetime, expires_at: datetime, used_at: datetime | None, revoked_at: datetime | None, tries: int
) -> LinkState:
    """Revoked goes before used, used before expired; too many wrong sendings end a link as well."""
    if revoked_at is not None or tries >= TRIES:
        return LinkState.REVOKED
    if used_at is not None:
        return LinkState.USED
    return LinkState.EXPIRED if now >= expires_at else LinkState.OPEN
