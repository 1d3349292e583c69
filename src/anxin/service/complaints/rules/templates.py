"""Texts that a step of a complaint begins with, so that nothing the procedure asks for is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

TEMPLATES: Final = "complaints.templates"
# The steps with long texts, and which fields a template may fill.
FIELDS: Final = {
    "feed_back": ("findings", "root_cause", "reason"), "propose_plan": ("measures",),
    "notify": ("finding", "basis", "remedies"),
}  # fmt: skip
TEMPLATE_FIELDS: Final = (
    SchemeField(
        code="texts", label=_("Texts by template and field"), kind=FieldKind.ROWS,
        hint=_(
            "Rows with the same code are one template. Steps: feed_back, propose_plan, notify. Texts that go to the "
            "customer are offered in the customer's language."
        ),
        columns=(
            SchemeField(code="code", label=_("Code"), kind=FieldKind.TEXT),
            SchemeField(code="step", label=_("Step"), kind=FieldKind.TEXT),
            SchemeField(code="label_zh", label=_("Chinese name"), kind=FieldKind.TEXT),
            SchemeField(code="label_en", label=_("English name"), kind=FieldKind.TEXT),
            SchemeField(code="field", label=_("Field"), kind=FieldKind.TEXT),
            SchemeField(code="text", label=_("Text in Chinese"), kind=FieldKind.TEXT),
            SchemeField(code="text_en", label=_("Text in English"), kind=FieldKind.TEXT),
        ),
    ),
)  # fmt: skip


def _rows(code: str, step: str, zh: str, en: str, **texts: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {
            "code": code, "step": step, "label_zh": zh, "label_en": en, "field": field, "text": text,
            "text_en": text_en,
        }
        for field, (text, text_en) in texts.items()
    ]  # fmt: skip


TEMPLATE_DEFAULT: Final[Content] = {
    "texts": [
        *_rows(
            "delay", "feed_back", "时效类：五问法", "Delay: five whys",
            findings=(
                "经查，该件于  月  日受理，  月  日进入  环节，在该环节停留  个工作日；期间对客户的告知情况：。",
                "We found that the case was received on  , reached the step   on   and stayed there for   working "
                "days; what the customer was told meanwhile: .",
            ),
            root_cause=(
                "该环节为何停留：\n为何未及时发现：\n为何未告知客户：\n制度或系统上为何允许：\n根本原因：",
                "Why it stayed at this step:\nWhy nobody noticed in time:\nWhy the customer was not told:\n"
                "Why rules or systems allowed it:\nRoot cause:",
            ),
        ),
        *_rows(
            "sale", "feed_back", "销售类：核对留痕", "Sale: what is on record",
            findings=(
                "已调取投保单、双录及回访录音。双录关键环节：；回访问题答复：；与客户陈述不一致之处：。",
                "We took the application, the recording of the sale and that of the call-back. Key moments of the "
                "recording: ; answers at the call-back: ; where they differ from what the customer says: .",
            ),
            root_cause=(
                "销售人员如何告知：\n客户如何理解：\n质检为何未发现：\n根本原因：",
                "What the seller told:\nWhat the customer understood:\nWhy the quality check did not find it:\n"
                "Root cause:",
            ),
        ),
        *_rows(
            "claim", "feed_back", "理赔类：责任与金额", "Claim: cover and amount",
            findings=(
                "已复核理赔卷宗。争议条款：；核定依据：；金额计算：；与客户诉求的差异：。",
                "We went through the claim file again. Disputed clause: ; basis of the decision: ; calculation of the "
                "amount: ; difference from what the customer asks for: .",
            ),
            root_cause=(
                "争议由何引起：\n条款解释是否一致：\n告知是否充分：\n根本原因：",
                "What led to the dispute:\nWhether the clause was always read the same way:\n"
                "Whether the customer was told enough:\nRoot cause:",
            ),
        ),
        *_rows(
            "plan_pay", "propose_plan", "补充给付", "Additional payment",
            measures=(
                "一、就  事项向客户说明并致歉；二、补充给付  元，依据：；三、  个工作日内到账；四、由  跟进回访。",
                "1. Explain   to the customer and apologise; 2. pay another CNY  , because: ; 3. within   working "
                "days; 4.   calls back.",
            ),
        ),
        *_rows(
            "plan_explain", "propose_plan", "解释说明", "Explanation",
            measures=(
                "一、逐条说明条款约定及核定依据；二、提供书面材料：；三、告知异议途径；四、由  跟进回访。",
                "1. Explain each clause and the basis of the decision; 2. hand over in writing: ; 3. tell how to "
                "object; 4.   calls back.",
            ),
        ),
        *_rows(
            "valid", "notify", "投诉成立", "Well-founded",
            finding=(
                "经核查，您反映的  情况属实。",
                "We have looked into your complaint: what you told us about   is true.",
            ),
            basis=(
                "依据保险合同第  条及  规定，我公司决定：。",
                "Under clause   of the insurance contract and  , we have decided: .",
            ),
        ),
        *_rows(
            "invalid", "notify", "投诉不成立", "Not founded",
            finding=(
                "经核查，未发现您反映的  情况。",
                "We have looked into your complaint and found nothing of what you told us about  .",
            ),
            basis=(
                "核查材料包括：；依据保险合同第  条及  规定，理由如下：。",
                "We examined: . Under clause   of the insurance contract and  , our reasons are: .",
            ),
        ),
    ]
}  # fmt: skip


def offered(content: Content, step: str) -> dict[str, Mapping[str, Any]]:
    """Code → a row of it, of the templates of a step in their order."""
    rows: Any = content["texts"]
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row["step"] == step:
            found.setdefault(row["code"], row)
    return found


def texts(content: Content, step: str, code: str, language: str = "zh") -> dict[str, str]:
    """Field → text of one template; nothing for one that is not of this step. In Chinese where there is no other."""
    rows: Any = content["texts"]
    found = {}
    for row in rows:
        if (row["step"], row["code"]) == (step, code):
            # Versions of the scheme from before there were two languages have no such column.
            said = row.get("text_en", "") if language == "en" else ""
            found[row["field"]] = (said or row["text"]).replace("\\n", "\n")
    return found


def template_problems(content: Content) -> list[Problem]:
    rows: Any = content["texts"]
    found = []
    for number, row in enumerate(rows, 1):
        if row["step"] not in FIELDS:
            found.append(Problem(path=f"texts.{number}.step", message=_("There is no such step with texts.")))
        elif row["field"] not in FIELDS[row["step"]]:
            found.append(Problem(path=f"texts.{number}.field", message=_("This step has no such field.")))
    return found
