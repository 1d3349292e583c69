"""What companies are offered, by the matrix of the deck (domain 8.10)."""

from __future__ import annotations

from typing import Any

from anxin.book.segments.rules import groups
from anxin.foundation.schemes.rules import shape_problems

ROWS: Any = groups.KIND.default["rows"]


def offered(**fields: Any) -> set[str]:
    return {one.en for one in groups.services_for(ROWS, **fields)}


def test_the_stage_of_a_company_follows_from_its_policies() -> None:
    assert groups.stage_of(active=0, pending=0, days_to_expiry=None) == "presale"
    assert groups.stage_of(active=0, pending=1, days_to_expiry=None) == "underwriting"
    assert groups.stage_of(active=2, pending=0, days_to_expiry=None) == "inforce"
    assert [groups.stage_of(active=2, pending=1, days_to_expiry=days) for days in (91, 90, 0)] == [
        "inforce", "renewal", "renewal",
    ]  # fmt: skip


def test_a_company_is_offered_what_fits_its_stage_products_and_importance() -> None:
    before = offered(stage="presale", products=[], is_key=False)
    assert {"Design of the plan", "Report on the contract", "Hotline"} <= before and "Health checks" not in before
    health = offered(stage="inforce", products=["health"], is_key=False)
    assert "Collection of claims on site" in health and "Design of the plan" not in health
    assert "Collection of claims on site" not in offered(stage="inforce", products=["accident"], is_key=False)
    assert {"Health checks", "Advice by experts"} <= offered(stage="renewal", products=["accident"], is_key=True)


def test_the_shipped_matrix_stands_and_unknown_words_do_not() -> None:
    assert not groups.KIND.validate(groups.KIND.default)
    wrong = {"rows": [ROWS[0] | {"stages": "presale,later"}]}
    assert [problem.path for problem in shape_problems(groups.KIND.fields, wrong)] == ["rows.1.stages"]
