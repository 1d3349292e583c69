"""Templates of quick notes: a digit each, in the order of the scheme."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _
from anxin.service.desk.data.contacts import CHANNELS, DIRECTIONS, RESULTS, STAGES

NOTES: Final = "desk.notes"
# A digit for each.
MOST: Final = 9
# What a site writes where a template says nothing of the kind.
NONE: Final = "none"


def _text(code: str, label: str, hint: str = "") -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.TEXT, hint=hint)


NOTE_FIELDS = (
    SchemeField(
        code="templates", label=_("Templates of quick notes"), kind=FieldKind.ROWS,
        hint=_("The first nine have the digits 1 to 9. Write none where a template leaves something open."),
        columns=(
            _text("topic_zh", _("Topic in Chinese")), _text("topic_en", _("Topic in English")),
            _text("text_zh", _("Text in Chinese")), _text("text_en", _("Text in English")),
            _text("channel", _("Channel")), _text("direction", _("Direction")), _text("stage", _("Stage of service")),
            _text("result", _("Result")),
        ),
    ),
)  # fmt: skip


def _row(zh: str, en: str, text_zh: str, text_en: str, *codes: str) -> dict[str, Any]:
    channel, direction, stage, result = codes
    return {
        "topic_zh": zh, "topic_en": en, "text_zh": text_zh, "text_en": text_en, "channel": channel,
        "direction": direction, "stage": stage, "result": result,
    }  # fmt: skip


NOTE_DEFAULT: Content = {
    "templates": [
        _row("咨询解答", "Question answered", "客户咨询", "The customer asked about ",
             "phone", "inbound", "before", "solved"),
        _row("保单查询", "Policy query", "客户查询保单信息，已告知", "Policy query; told the customer ",
             "phone", "inbound", "during", "solved"),
        _row("理赔进度", "Progress of a claim", "客户询问理赔进度，已告知", "Asked how the claim stands; told ",
             "phone", "inbound", "after", "solved"),
        _row("续期提醒", "Renewal reminder", "已提醒续期缴费，客户表示", "Reminded of the premium; the customer says ",
             "phone", "outbound", "during", "solved"),
        _row("电话回访", "Call-back", "回访客户，客户反馈", "Called back; the customer says ",
             "phone", "outbound", "callback", "solved"),
        _row("上门拜访", "Visit", "上门拜访客户，沟通内容", "Visited the customer; talked about ",
             "visit", "outbound", "callback", "follow_up"),
        _row("微信沟通", "WeChat", "微信沟通", "On WeChat about ", "wechat", "outbound", "during", "solved"),
        _row("未接通", "Not reached", "电话未接通，择时再联系", "Nobody answered; try again ",
             "phone", "outbound", "none", "not_reached"),
        _row("约定回电", "Call back wanted", "客户要求回电", "The customer wants a call back ",
             "phone", "inbound", "none", "call_back"),
    ]
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class NoteTemplate:
    """A template in both languages; codes are blank where it leaves them open."""

    topic_zh: str
    topic_en: str
    text_zh: str
    text_en: str
    channel: str
    direction: str
    stage: str
    result: str


def templates_of(content: Content) -> list[NoteTemplate]:
    """The templates with a digit, in order."""
    rows: Any = content["templates"]
    return [
        NoteTemplate(**{name: "" if value == NONE else value for name, value in row.items()}) for row in rows[:MOST]
    ]


def note_problems(content: Content) -> list[Problem]:
    rows: Any = content["templates"]
    known: dict[str, Collection[str]] = {
        "channel": CHANNELS,
        "direction": DIRECTIONS,
        "stage": STAGES,
        "result": RESULTS,
    }
    found = []
    for number, row in enumerate(rows, 1):
        for column, codes in known.items():
            if row[column] != NONE and row[column] not in codes:
                found.append(
                    Problem(
                        path=f"templates.{number}.{column}", message=_("Choose one of: %(codes)s, none."),
                        values={"codes": ", ".join(codes)},
                    )
                )  # fmt: skip
        if len(row["topic_zh"]) > 60 or len(row["topic_en"]) > 60:
            found.append(Problem(path=f"templates.{number}.topic_zh", message=_("A topic has at most 60 characters.")))
    return found
