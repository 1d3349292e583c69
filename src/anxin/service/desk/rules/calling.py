"""What a call may be about, what the keys of the menu mean, and by what the call centre is measured: a scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _
from anxin.service.desk.rules.call_figures import ServiceLevel
from anxin.service.desk.rules.staffing import Target

CALLS: Final = "desk.calls"
# A key under every point of the menu: `*-0`.
ANYWHERE: Final = "*-"
NO_QUEUE: Final = "none"


def _named(code: str, label: str, first: SchemeField, *more: SchemeField) -> SchemeField:
    return SchemeField(
        code=code, label=label, kind=FieldKind.ROWS,
        columns=(
            first,
            SchemeField(code="label_zh", label=_("Chinese name"), kind=FieldKind.TEXT),
            SchemeField(code="label_en", label=_("English name"), kind=FieldKind.TEXT),
            *more,
        ),
    )  # fmt: skip


CALL_FIELDS = (
    _named("wrap_codes", _("What a call was about"), SchemeField(code="code", label=_("Code"), kind=FieldKind.TEXT)),
    _named(
        "menu", _("Menu of the telephone (IVR)"),
        SchemeField(
            code="path", label=_("Keys"), kind=FieldKind.TEXT,
            hint=_("With hyphens: 2-0; *-0 is a key under every point of the menu."),
        ),
        SchemeField(code="queue", label=_("Queue"), kind=FieldKind.TEXT, hint=_("none, where it leads to no queue.")),
    ),
    SchemeField(
        code="answer_seconds", label=_("In time means, seconds"), kind=FieldKind.INTEGER,
        hint=_("From asking for a person to the answer."),
    ),
    SchemeField(code="level_share", label=_("Answered in time: target"), kind=FieldKind.SHARE),
    SchemeField(
        code="level_variant", label=_("Service level is divided by"), kind=FieldKind.TEXT,
        hint=_("without_short_abandoned, answered_and_abandoned or answered."),
    ),
    SchemeField(
        code="short_seconds", label=_("Gave up at once: seconds"), kind=FieldKind.INTEGER,
        hint=_("Who hangs up this soon is not counted as abandoned."),
    ),
    SchemeField(
        code="repeat_days", label=_("Solved at once: days without a repeat"), kind=FieldKind.INTEGER,
        hint=_("By the same customer on the same topic."),
    ),
    SchemeField(
        code="lost_minutes", label=_("Closed without an end after, minutes"), kind=FieldKind.INTEGER,
        hint=_("A call of which nothing was heard for so long; its handling time is not counted."),
    ),
    SchemeField(code="max_occupancy", label=_("Busy at most"), kind=FieldKind.SHARE),
    SchemeField(
        code="shrinkage", label=_("Off the queue"), kind=FieldKind.SHARE,
        hint=_("Share of paid time: breaks, training, leave."),
    ),
)  # fmt: skip


def _rows(first: str, *lines: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{first: code, "label_zh": zh, "label_en": en} for code, zh, en in lines]


CALL_DEFAULT: Content = {
    "wrap_codes": _rows(
        "code",
        ("advice", "产品与条款咨询", "Product and clauses"), ("report", "报案", "Claim reported"),
        ("claim", "理赔进度", "Progress of a claim"), ("query", "保单查询", "Policy query"),
        ("change", "保全变更", "Change of a policy"), ("payment", "缴费与续期", "Payment and renewal premium"),
        ("surrender", "退保咨询", "Surrender"), ("renewal", "续保", "Renewal"), ("complaint", "投诉", "Complaint made"),
        ("praise", "表扬与建议", "Praise and suggestions"), ("welcome", "新契约回访", "New-business call-back"),
        ("callback", "满意度回访", "Satisfaction call-back"), ("rescue", "道路救援", "Roadside assistance"),
        ("silent", "无声或断线", "Silent or cut off"), ("wrong", "错号", "Wrong number"),
        ("other", "其他", "Something else"),
    ),
    "menu": [
        {"path": path, "label_zh": zh, "label_en": en, "queue": queue}
        for path, zh, en, queue in (
            ("1", "报案", "Report a claim", "claims"), ("2", "咨询", "Advice", "general"),
            ("3", "保单与理赔查询", "Policies and claims", "general"), ("4", "投诉", "Complaint", "voice"),
            ("5", "道路救援", "Roadside assistance", "claims"), ("9", "英语服务", "English", "general"),
            ("0", "人工服务", "Speak to a person", "general"), ("*-0", "转人工", "Speak to a person", NO_QUEUE),
            ("*-9", "重听", "Hear it again", NO_QUEUE),
        )
    ],
    "answer_seconds": 20,
    "level_share": 8_000,
    "level_variant": ServiceLevel.WITHOUT_SHORT_ABANDONED.value,
    "short_seconds": 5,
    "repeat_days": 7,
    "lost_minutes": 240,
    "max_occupancy": 8_500,
    "shrinkage": 3_000,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A row of the scheme with its names. `code`: of a wrap-up code, or the keys of a point of the menu."""

    code: str
    label_zh: str
    label_en: str
    queue: str = ""


@dataclass(frozen=True, kw_only=True)
class Measures:
    """By what calls are measured. Seconds and days."""

    answer_seconds: int
    variant: ServiceLevel
    short_seconds: int
    repeat_days: int
    target: Target


def wrap_codes(content: Content) -> dict[str, Labelled]:
    """In the order of the scheme."""
    return _labelled(content, "wrap_codes", "code")


def menu_points(content: Content) -> dict[str, Labelled]:
    """By the keys that lead there."""
    return _labelled(content, "menu", "path")


def _labelled(content: Content, part: str, key: str) -> dict[str, Labelled]:
    rows: Any = content[part]
    return {
        one[key]: Labelled(
            code=one[key], label_zh=one["label_zh"], label_en=one["label_en"],
            queue="" if one.get("queue", NO_QUEUE) == NO_QUEUE else one["queue"],
        )
        for one in rows
    }  # fmt: skip


def on_the_way(keys: Sequence[str], points: dict[str, Labelled]) -> list[tuple[str, Labelled | None]]:
    """The path a caller took: each key, and what it meant there; None for what the scheme does not know."""
    found = []
    for number, key in enumerate(keys, 1):
        path = "-".join(keys[:number])
        found.append((key, points.get(path) or (points.get(ANYWHERE + key) if number > 1 else None)))
    return found


def measures(content: Content) -> Measures:
    rows: Any = content
    return Measures(
        answer_seconds=rows["answer_seconds"], variant=ServiceLevel(rows["level_variant"]),
        short_seconds=rows["short_seconds"], repeat_days=rows["repeat_days"],
        target=Target(
            share=rows["level_share"] / 10_000, seconds=rows["answer_seconds"],
            max_occupancy=rows["max_occupancy"] / 10_000, shrinkage=rows["shrinkage"] / 10_000,
        ),
    )  # fmt: skip


def call_problems(content: Content) -> list[Problem]:
    rows: Any = content
    found = []
    for part, key in (("wrap_codes", "code"), ("menu", "path")):
        seen: set[str] = set()
        for number, one in enumerate(rows[part], 1):
            if not one[key] or len(one[key]) > 20:
                found.append(Problem(path=f"{part}.{number}.{key}", message=_("A code has 1 to 20 characters.")))
            if one[key] in seen:
                found.append(Problem(path=f"{part}.{number}.{key}", message=_("This code is used twice.")))
            seen.add(one[key])
    if not rows["wrap_codes"]:
        found.append(Problem(path="wrap_codes", message=_("Name at least one.")))
    if rows["level_variant"] not in set(ServiceLevel):
        found.append(
            Problem(
                path="level_variant",
                message=_("Choose without_short_abandoned, answered_and_abandoned or answered."),
            )
        )
    for code, least, most in (
        ("answer_seconds", 1, 600), ("short_seconds", 0, 60), ("repeat_days", 1, 90), ("lost_minutes", 30, 1_440),
    ):  # fmt: skip
        if not least <= rows[code] <= most:
            found.append(
                Problem(
                    path=code, message=_("Choose between %(least)s and %(most)s."),
                    values={"least": least, "most": most},
                )
            )  # fmt: skip
    for code in ("level_share", "max_occupancy"):
        if not 0 < rows[code] < 10_000:
            found.append(Problem(path=code, message=_("Choose between 1 and 99 per cent.")))
    if not 0 <= rows["shrinkage"] <= 9_000:
        found.append(Problem(path="shrinkage", message=_("Choose between 0 and 90 per cent.")))
    return found
