"""Decisions of the knowledge base: moves of an edition, what counts as valid, categories, synonyms."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.states import Transition, Workflow
from anxin.kernel.words import mark as _
from anxin.service.knowledge.data import EditionState

WORKFLOW = Workflow(
    states=EditionState,
    initial=EditionState.DRAFT,
    transitions=[
        Transition("change", EditionState.DRAFT, EditionState.DRAFT, "knowledge.write"),
        Transition("submit", EditionState.DRAFT, EditionState.IN_REVIEW, "knowledge.write"),
        Transition("publish", EditionState.IN_REVIEW, EditionState.PUBLISHED, "knowledge.approve"),
        Transition("reject", EditionState.IN_REVIEW, EditionState.REJECTED, "knowledge.approve"),
        Transition("take_back", EditionState.IN_REVIEW, EditionState.DRAFT, "knowledge.write"),
        Transition("supersede", EditionState.PUBLISHED, EditionState.SUPERSEDED),
    ],
)

CATEGORY_FIELDS = (
    SchemeField(
        code="rows",
        label=_("Categories"),
        kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="code", label=_("Code"), kind=FieldKind.TEXT),
            SchemeField(code="label_zh", label=_("Chinese name"), kind=FieldKind.TEXT),
            SchemeField(code="label_en", label=_("English name"), kind=FieldKind.TEXT),
        ),
    ),
)
CATEGORY_DEFAULT: Content = {
    "rows": [
        {"code": "underwriting", "label_zh": "投保承保", "label_en": "Taking out insurance"},
        {"code": "servicing", "label_zh": "保全服务", "label_en": "Policy changes"},
        {"code": "claims", "label_zh": "理赔服务", "label_en": "Claims"},
        {"code": "renewal", "label_zh": "续期续保", "label_en": "Premiums and renewal"},
        {"code": "complaints", "label_zh": "投诉处理", "label_en": "Complaints"},
        {"code": "counter", "label_zh": "柜面服务", "label_en": "Counter service"},
        {"code": "call", "label_zh": "电话服务", "label_en": "Telephone service"},
        {"code": "motor", "label_zh": "车险", "label_en": "Motor"},
        {"code": "protection", "label_zh": "消费者权益与个人信息", "label_en": "Consumers and personal data"},
    ],
}
SEARCH_FIELDS = (
    SchemeField(
        code="synonyms",
        label=_("Words that mean the same"),
        kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="word", label=_("Word in the question"), kind=FieldKind.TEXT),
            SchemeField(code="others", label=_("Words in the articles, with blanks between"), kind=FieldKind.TEXT),
        ),
    ),
    SchemeField(code="gap_times", label=_("Asked so often a question is a gap"), kind=FieldKind.INTEGER),
    SchemeField(code="keep_days", label=_("Days that questions are kept"), kind=FieldKind.INTEGER),
)
# Words of customers for words of the trade; none of them is a word that clauses use as well.
SEARCH_DEFAULT: Content = {
    "synonyms": [
        {"word": "冷静期", "others": "犹豫期"},
        {"word": "反悔", "others": "犹豫期 解除合同"},
        {"word": "报销", "others": "理赔 赔付"},
        {"word": "车祸", "others": "交通事故"},
        {"word": "借钱", "others": "保单贷款"},
        {"word": "换号码", "others": "变更联系方式"},
        {"word": "打不通", "others": "接通率"},
        {"word": "人工客服", "others": "转人工 坐席"},
        {"word": "断交", "others": "宽限期 效力中止"},
        {"word": "发票", "others": "电子发票 票据"},
    ],
    "gap_times": 2,
    "keep_days": 400,
}
LARGEST_ATTACHMENT: Final = 20 * 1024 * 1024
_NUMBERS: Final = re.compile(r"[0-9０-９][0-9０-９Xx\-]{5,}")


def category_problems(content: Content) -> list[Problem]:
    rows: Any = content["rows"]
    codes = [row["code"] for row in rows]
    if len(codes) != len(set(codes)) or not all(codes):
        return [Problem(path="rows", message=_("Each category has a code of its own."))]
    return []


def search_problems(content: Content) -> list[Problem]:
    found = []
    times: Any = content["gap_times"]
    days: Any = content["keep_days"]
    if not 1 <= times <= 100:
        found.append(Problem(path="gap_times", message=_("Choose between 1 and 100.")))
    if not 30 <= days <= 1100:
        found.append(Problem(path="keep_days", message=_("Choose between 30 and 1,100 days.")))
    return found


def synonyms_of(content: Content) -> dict[str, list[str]]:
    rows: Any = content["synonyms"]
    return {row["word"]: row["others"].split() for row in rows}


def kept(question: str) -> str:
    """A question as it may be kept: without numbers of people, policies or telephones, 120 characters."""
    return _NUMBERS.sub("…", " ".join(question.split()))[:120]


def is_valid(valid_from: date | None, valid_until: date | None, today: date) -> bool:
    """Both days included."""
    return (valid_from is None or valid_from <= today) and (valid_until is None or today <= valid_until)
