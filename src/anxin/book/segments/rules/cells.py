# ruff: noqa: E501 - a table: one entry is read across
"""Shipped contents of the needs schemes: 20 cells (domain 8.7), needed sums, products.

Own protection (自身保障) is the need `life`: life, illness and accident cover together stand against it. Grandchildren's
education is `education`, parents' medical care and old age `parents`.
"""

from __future__ import annotations

from typing import Any

_CELLS = {
    "hh": ("accident,illness,parents,pension", "illness,accident,savings,parents", "life,child,education,savings,pension",
           "medical,illness,accident,pension,savings", "medical,savings,education,accident"),
    "hl": ("accident,savings,illness", "savings,illness,accident", "education,child,savings,life,pension",
           "medical,illness,accident", "savings,medical,education"),
    "ah": ("accident,illness,parents", "illness,accident,savings", "life,child,education",
           "medical,illness,savings,accident", "savings,education,medical,accident"),
    "al": ("accident,illness", "illness,accident,savings", "education,child,life",
           "savings,medical,illness", "savings"),
}  # fmt: skip
CELL_ROWS: list[dict[str, Any]] = [
    {"stage": stage, "level": level, "needs": needs}
    for level, row in _CELLS.items()
    for stage, needs in zip(("single", "couple", "family", "mature", "retired"), row, strict=True)
]


def _amount(need: str, zh: str, en: str, times_bp: int, least_fen: int, plan_zh: str, plan_en: str) -> dict[str, Any]:
    return {
        "need": need, "zh": zh, "en": en, "times_income_bp": times_bp, "least_fen": least_fen, "plan_zh": plan_zh,
        "plan_en": plan_en,
    }  # fmt: skip


# Ten times the income for life and accident and five for critical illness are the trade's rule of thumb (双十原则).
NEED_AMOUNTS: list[dict[str, Any]] = [
    _amount("accident", "意外", "Accident", 100_000, 30_000_000, "意外伤害保险加意外医疗", "Accident cover with accident medical"),
    _amount("illness", "重疾", "Critical illness", 50_000, 20_000_000, "重大疾病保险，补足至五倍年收入", "Critical illness up to five annual incomes"),
    _amount("medical", "医疗", "Medical", 0, 100_000_000, "百万医疗加住院津贴", "Major medical with hospital allowance"),
    _amount("life", "自身保障", "Own protection", 100_000, 30_000_000, "定期或终身寿险，覆盖家庭责任", "Term or whole life for the family's living"),
    _amount("child", "子女健康意外", "Children's health", 0, 20_000_000, "少儿重疾与意外医疗", "Children's illness and accident"),
    _amount("education", "教育金", "Education", 10_000, 20_000_000, "教育年金，在入学年龄前缴清", "Education annuity paid up before school"),
    _amount("savings", "储蓄投资", "Savings", 10_000, 10_000_000, "两全或万能型产品", "Endowment or universal life"),
    _amount("pension", "养老", "Pension", 50_000, 50_000_000, "养老年金，补足至五倍年收入", "Pension annuity up to five annual incomes"),
    _amount("parents", "父母保障", "Parents", 0, 10_000_000, "父母医疗与意外保险", "Medical and accident cover for the parents"),
]  # fmt: skip
PRODUCT_WORDS: list[dict[str, Any]] = [
    {"need": "education", "words": "教育 学子 少儿年金", "lines": "*"},
    {"need": "child", "words": "少儿 儿童 学平险 学生", "lines": "*"},
    {"need": "parents", "words": "父母 老年 银发 孝", "lines": "*"},
    {"need": "illness", "words": "重大疾病 重疾 康宁 防癌", "lines": "*"},
    {"need": "medical", "words": "医疗 住院 津贴", "lines": "*"},
    {"need": "pension", "words": "养老 年金", "lines": "*"},
    {"need": "savings", "words": "两全 万能 投连 分红年金 储蓄", "lines": "*"},
    {"need": "accident", "words": "*", "lines": "accident"},
    {"need": "illness", "words": "*", "lines": "health"},
    {"need": "life", "words": "*", "lines": "life"},
    {"need": "pension", "words": "*", "lines": "annuity"},
]  # fmt: skip
