"""The schemes of this room: premium tiers and ABC cuts; and the reasons of a class, put into words."""

from __future__ import annotations

from typing import Any

from anxin.book.segments.data import TierName
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

TIERS = "segments.tiers"
ABC = "segments.abc"
REST = "standard"
LONGEST_CODE = 12
WHOLE_BP = 10_000

TIER_FIELDS = (
    SchemeField(
        code="tiers",
        label=_("Tiers"),
        kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="code", label=_("Code"), kind=FieldKind.TEXT),
            SchemeField(code="name_zh", label=_("Chinese name"), kind=FieldKind.TEXT),
            SchemeField(code="name_en", label=_("English name"), kind=FieldKind.TEXT),
            SchemeField(code="from_fen", label=_("Annual premium from"), kind=FieldKind.MONEY),
        ),
    ),
    SchemeField(
        code="counts_single_premium",
        label=_("Count single-premium contracts"),
        kind=FieldKind.YES_NO,
        hint=_("With the annual premium the source gives them (usually a tenth). Contracts of a year always count."),
    ),
)
# The source names gold from 50,000, platinum from 100,000, diamond “100,000 to 200,000 and more” and supreme from
# 200,000 yuan: platinum and diamond begin at the same place. Decision A: platinum [100,000, 150,000), diamond
# [150,000, 200,000), supreme from 200,000 (domain 8.5 and 11, line 1).
TIER_DEFAULT: Content = {
    "tiers": [
        {"code": "gold", "name_zh": "金卡", "name_en": "Gold", "from_fen": 5_000_000},
        {"code": "platinum", "name_zh": "白金卡", "name_en": "Platinum", "from_fen": 10_000_000},
        {"code": "diamond", "name_zh": "钻石卡", "name_en": "Diamond", "from_fen": 15_000_000},
        {"code": "supreme", "name_zh": "至尊卡", "name_en": "Supreme", "from_fen": 20_000_000},
    ],
    "counts_single_premium": False,
}

ABC_FIELDS = (
    SchemeField(code="a_bp", label=_("A up to this share of premium"), kind=FieldKind.SHARE),
    SchemeField(code="b_bp", label=_("B up to this share of premium"), kind=FieldKind.SHARE),
)
ABC_DEFAULT: Content = {"a_bp": 8000, "b_bp": 9500}


def tiers_of(content: Content) -> list[TierName]:
    """Lowest first."""
    rows: Any = content["tiers"]
    found = [
        TierName(code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"], from_fen=row["from_fen"])
        for row in rows
    ]
    return sorted(found, key=lambda tier: tier.from_fen)


def tier_problems(content: Content) -> list[Problem]:
    found = []
    codes: set[str] = set()
    bounds: set[int] = set()
    rows: Any = content["tiers"]
    for number, row in enumerate(rows, 1):
        code = row["code"]
        if not code.isascii() or not code.replace("_", "").isalnum() or len(code) > LONGEST_CODE or code == REST:
            found.append(
                Problem(
                    path=f"tiers.{number}.code", message=_("Use at most 12 letters and digits, and not “standard”.")
                )
            )
        if code in codes:
            found.append(Problem(path=f"tiers.{number}.code", message=_("This code is used twice.")))
        if row["from_fen"] <= 0:
            found.append(Problem(path=f"tiers.{number}.from_fen", message=_("A tier begins above zero.")))
        if row["from_fen"] in bounds:
            found.append(Problem(path=f"tiers.{number}.from_fen", message=_("Two tiers cannot begin at one amount.")))
        codes.add(code)
        bounds.add(row["from_fen"])
    return found


def abc_problems(content: Content) -> list[Problem]:
    a_bp, b_bp = content["a_bp"], content["b_bp"]
    if isinstance(a_bp, int) and isinstance(b_bp, int) and 0 < a_bp < b_bp < WHOLE_BP:
        return []
    return [Problem(path="b_bp", message=_("A must end above 0 %, B after A, and both before 100 %."))]
