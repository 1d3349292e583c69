"""What customers of a class get: the catalogue of service items, and how often a year per tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from anxin.analytics.classes import registry
from anxin.foundation.schemes.data import Choice, Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _
from anxin.service.managers.data import CLASSES, ITEM_CHANNELS, TIERS

PACKAGES: Final = "managers.packages"
MOST_TIMES: Final = 366


@dataclass(frozen=True, kw_only=True)
class Item:
    """One service item: `times` a year per tier; 0 means the tier does not get it."""

    code: str
    zh: str
    en: str
    channel: str
    cost_fen: int
    minutes: int
    times: Mapping[str, int]


def _text(code: str, label: str) -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.TEXT)


def _whole(code: str, label: str) -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.INTEGER)


PACKAGES_FIELDS: Final = (
    SchemeField(
        code="items", label=_("Service items"), kind=FieldKind.ROWS,
        hint=_("Times a year each tier gets the item; 0: not at all. Statutory service is never an item here."),
        columns=(
            _text("code", _("Code")), _text("name_zh", _("Chinese name")), _text("name_en", _("English name")),
            SchemeField(
                code="channel", label=_("Channel"), kind=FieldKind.CHOICE,
                choices=tuple(Choice(code=code, label=word) for code, word in ITEM_CHANNELS.items()),
            ),
            SchemeField(code="cost", label=_("Cost"), kind=FieldKind.MONEY),
            _whole("minutes", _("Minutes")), _whole("standard", _("Standard")), _whole("gold", _("Gold")),
            _whole("platinum", _("Platinum")), _whole("diamond", _("Diamond")), _whole("supreme", _("Supreme")),
        ),
    ),
    SchemeField(
        code="extras", label=_("Extra for other classes"), kind=FieldKind.ROWS,
        hint=_("Times a year for customers of a class, if that is more than their tier gives."),
        columns=(
            SchemeField(
                code="class", label=_("Class"), kind=FieldKind.CHOICE,
                choices=tuple(
                    Choice(code=code, label=registry.BY_CODE[code].en, zh=registry.BY_CODE[code].zh) for code in CLASSES
                ),
            ),
            _text("value", _("Class value")), _text("item", _("Service item")),
            _whole("times", _("Times a year")),
        ),
    ),
)  # fmt: skip


def _item(
    code: str, zh: str, en: str, channel: str, cost: int, minutes: int, times: tuple[int, int, int, int, int]
) -> dict[str, Any]:
    return {
        "code": code, "name_zh": zh, "name_en": en, "channel": channel, "cost": cost, "minutes": minutes,
        **dict(zip(TIERS, times, strict=True)),
    }  # fmt: skip


PACKAGES_DEFAULT: Final[Content] = {
    "items": [
        _item("birthday", "生日问候", "Birthday greeting", "phone", 0, 5, (1, 1, 1, 1, 1)),
        _item("festival", "节日问候", "Festival greeting", "message", 10, 0, (2, 4, 4, 6, 6)),
        _item("review", "保单年度检视", "Yearly policy review", "phone", 0, 30, (1, 1, 2, 2, 4)),
        _item("visit", "专人上门拜访", "Personal visit", "visit", 5_000, 60, (0, 1, 2, 4, 6)),
        _item("renewal_call", "续保专人提醒", "Personal renewal call", "phone", 0, 6, (1, 1, 1, 1, 1)),
        _item("priority_claim", "理赔绿色通道", "Priority claims", "counter", 0, 0, (0, 1, 2, 4, 12)),
        _item("collect_papers", "上门收取单证", "Papers collected at home", "visit", 3_000, 30, (0, 1, 2, 4, 12)),
        _item("roadside", "道路救援", "Roadside assistance", "partner", 18_000, 0, (1, 2, 3, 4, 6)),
        _item("car_inspection", "代办车辆年检", "Vehicle inspection by us", "partner", 15_000, 0, (0, 1, 1, 1, 2)),
        _item("driver", "酒后代驾", "Substitute driver", "partner", 9_000, 0, (0, 1, 2, 4, 6)),
        _item("checkup", "年度体检", "Yearly health check", "partner", 60_000, 0, (0, 0, 1, 1, 2)),
        _item("doctor", "专家门诊预约", "Specialist appointment", "partner", 30_000, 15, (0, 0, 1, 2, 4)),
        _item("airport", "机场贵宾厅", "Airport lounge", "partner", 15_000, 0, (0, 0, 2, 4, 8)),
        _item("salon", "客户答谢活动", "Invitation to customer events", "event", 20_000, 90, (0, 1, 1, 2, 3)),
        _item("planner", "家庭保障规划师", "Family cover planner", "visit", 10_000, 90, (0, 0, 1, 1, 2)),
    ],
    "extras": [
        {"class": "profit_tier", "value": "key", "item": "review", "times": 2},
        {"class": "abc", "value": "A", "item": "visit", "times": 2},
    ],
}


def package_problems(content: Content) -> list[Problem]:
    """What a content of the right shape may still get wrong."""
    plain: Any = content
    found = []
    codes: set[str] = set()
    for number, row in enumerate(plain["items"], 1):
        code = row["code"]
        if not (code.isascii() and code.replace("_", "").isalnum() and code == code.lower() and len(code) <= 20):
            found.append(
                Problem(path=f"items.{number}.code", message=_("Use at most 20 small letters, digits and underscores."))
            )
        if code in codes:
            found.append(Problem(path=f"items.{number}.code", message=_("This code is used twice.")))
        codes.add(code)
        for name in ("cost", "minutes"):
            if row[name] < 0:
                found.append(Problem(path=f"items.{number}.{name}", message=_("Enter a number from 0 on.")))
        for tier in TIERS:
            if not 0 <= row[tier] <= MOST_TIMES:
                found.append(Problem(path=f"items.{number}.{tier}", message=_("Choose between 0 and 366 times.")))
    for number, row in enumerate(plain["extras"], 1):
        if row["item"] not in codes:
            found.append(Problem(path=f"extras.{number}.item", message=_("There is no such service item.")))
        if not 0 < row["times"] <= MOST_TIMES:
            found.append(Problem(path=f"extras.{number}.times", message=_("Choose between 1 and 366 times.")))
    return found


def items_of(content: Content) -> tuple[Item, ...]:
    plain: Any = content
    return tuple(
        Item(
            code=row["code"], zh=row["name_zh"], en=row["name_en"], channel=row["channel"], cost_fen=row["cost"],
            minutes=row["minutes"], times={tier: row[tier] for tier in TIERS},
        )
        for row in plain["items"]
    )  # fmt: skip


def entitled(content: Content, *, tier: str, classes: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Item → times a year, and the class that gives them ("tier", or a class of the extras). Items of 0 are left out.

    A customer without a tier is served as a standard one.
    """
    plain: Any = content
    level = tier if tier in TIERS else TIERS[0]
    found = {item.code: (item.times[level], "tier") for item in items_of(content) if item.times[level]}
    for row in plain["extras"]:
        if classes.get(row["class"]) == row["value"] and row["times"] > found.get(row["item"], (0, ""))[0]:
            found[row["item"]] = (row["times"], row["class"])
    return found
