"""The scheme of allocation: what stands in it, what is shipped, when it cannot stand. And how a run moves on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from anxin.foundation.schemes.data import Choice as Option
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.states import Transition, Workflow
from anxin.kernel.words import mark as _
from anxin.service.managers.data import LINES, Choice, RunState
from anxin.service.managers.rules.allocating import ANY, WHOLE, Rule, Settings

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
ALLOCATION: Final = "managers.allocation"
MOST_LEVELS: Final = 6
LONGEST_DAYS: Final = 3_650


def _text(code: str, label: str) -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.TEXT)


def _whole(code: str, label: str, hint: str = "") -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.INTEGER, hint=hint)


def _options(words: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(code=code, label=word) for code, word in words.items())


def _several(code: str, label: str, words: Mapping[str, str]) -> SchemeField:
    return SchemeField(
        code=code, label=label, kind=FieldKind.CHOICES, choices=_options({ANY: _("No limit"), **words})
    )  # fmt: skip


TIER_WORDS: Final[Mapping[str, str]] = {
    "none": _("Without a tier"), "standard": _("Standard"), "gold": _("Gold"), "platinum": _("Platinum"),
    "diamond": _("Diamond"), "supreme": _("Supreme"),
}  # fmt: skip
KIND_WORDS: Final[Mapping[str, str]] = {"person": _("Private customers"), "organisation": _("Company customers")}
WAYS: Final[Mapping[str, str]] = {
    Choice.OWNER: _("Who made the business"), Choice.DIVISION: _("The branch of the place of residence"),
    Choice.NEAREST: _("The nearest unit"), Choice.UNIT: _("The target unit"), Choice.POOL: _("Nobody: the pool"),
}  # fmt: skip


ALLOCATION_FIELDS: Final = (
    SchemeField(
        code="rules", label=_("Rules, tried from the top"), kind=FieldKind.ROWS,
        hint=_("* means any; several values are parted by commas. The first rule with a manager who has room decides."),
        columns=(
            _text("name_zh", _("Chinese name")), _text("name_en", _("English name")), _text("unit", _("Unit code")),
            _text("channel", _("Channel")), _text("language", _("Language")), _several("tier", _("Tier"), TIER_WORDS),
            _several("line", _("Line"), LINES), _several("kind", _("Kind"), KIND_WORDS),
            SchemeField(code="choose", label=_("Choose"), kind=FieldKind.CHOICE, choices=_options(WAYS)),
            _text("target", _("Target unit")),
            SchemeField(code="most", label=_("Load at most"), kind=FieldKind.SHARE),
        ),
    ),
    SchemeField(
        code="weights", label=_("Weight of a customer"), kind=FieldKind.ROWS,
        hint=_("100 % is one average customer; none stands for customers without a tier."),
        columns=(
            SchemeField(code="tier", label=_("Tier"), kind=FieldKind.CHOICE, choices=_options(TIER_WORDS)),
            SchemeField(code="weight", label=_("Weighs"), kind=FieldKind.SHARE),
        ),
    ),
    SchemeField(
        code="capacities", label=_("Capacity by role"), kind=FieldKind.ROWS,
        hint=_("Average customers one person can look after. Only roles listed here manage customers."),
        columns=(_text("role", _("Role")), _whole("customers", _("Customers"))),
    ),
    _whole("levels_up", _("Levels up"), _("How far above the customer's unit a manager is looked for.")),
    SchemeField(
        code="distance", label=_("Price of a level"), kind=FieldKind.SHARE,
        hint=_("A manager one level further away must be less loaded by this share of capacity to be preferred."),
    ),
    _whole("recycle_prospect_days", _("Prospects back to the pool after days"), _("Without contact. 0: never.")),
    _whole("recycle_customer_days", _("Policyholders back to the pool after days"), _("Without contact. 0: never.")),
    _whole("claims_per_day", _("Customers one may take from the pool per day")),
    _whole("tell_days", _("Days to tell customers that their manager left")),
    SchemeField(code="nightly", label=_("Allocate every night"), kind=FieldKind.YES_NO),
    SchemeField(code="on_import", label=_("Allocate when policies come in"), kind=FieldKind.YES_NO),
)  # fmt: skip


def _rule(zh: str, en: str, choose: Choice, **other: object) -> dict[str, Any]:
    return {
        "name_zh": zh, "name_en": en, "unit": ANY, "channel": ANY, "language": ANY, "tier": ANY, "line": ANY,
        "kind": ANY, "choose": choose.value, "target": ANY, "most": WHOLE, **other,
    }  # fmt: skip


ALLOCATION_DEFAULT: Final[Content] = {
    "rules": [
        _rule("谁做的业务归谁所有", "Who made the business owns it", Choice.OWNER),
        _rule("网销客户归属地机构", "Net sales to the local branch", Choice.DIVISION, channel="online"),
        _rule("就近分配", "Nearest unit, lowest load", Choice.NEAREST),
        _rule("按居住地分配", "By place of residence", Choice.DIVISION),
    ],
    "weights": [
        {"tier": "none", "weight": 5_000}, {"tier": "standard", "weight": WHOLE}, {"tier": "gold", "weight": 15_000},
        {"tier": "platinum", "weight": 20_000}, {"tier": "diamond", "weight": 30_000},
        {"tier": "supreme", "weight": 50_000},
    ],
    "capacities": [{"role": "customer_manager", "customers": 400}],
    "levels_up": 2,
    "distance": 3_000,
    "recycle_prospect_days": 180,
    "recycle_customer_days": 0,
    "claims_per_day": 10,
    "tell_days": 30,
    "nightly": True,
    "on_import": True,
}  # fmt: skip


def allocation_problems(content: Content) -> list[Problem]:
    """What a content of the right shape may still get wrong."""
    plain: Any = content
    found = []
    for number, row in enumerate(plain["rules"], 1):
        if row["choose"] == Choice.UNIT and row["target"] == ANY:
            found.append(Problem(path=f"rules.{number}.target", message=_("Name the unit that gets these customers.")))
        if not 0 < row["most"] <= WHOLE:
            found.append(Problem(path=f"rules.{number}.most", message=_("Choose between 1 and 100 %.")))
    for number, row in enumerate(plain["weights"], 1):
        if not 0 <= row["weight"] <= 100 * WHOLE:
            found.append(Problem(path=f"weights.{number}.weight", message=_("Choose between 0 and 10,000 %.")))
    for number, row in enumerate(plain["capacities"], 1):
        if not 0 < row["customers"] <= 100_000:
            found.append(
                Problem(path=f"capacities.{number}.customers", message=_("Choose between 1 and 100,000 customers."))
            )
    if not 0 <= plain["levels_up"] <= MOST_LEVELS:
        found.append(Problem(path="levels_up", message=_("Choose between 0 and 6 levels.")))
    if not 0 <= plain["distance"] <= WHOLE:
        found.append(Problem(path="distance", message=_("Choose between 0 and 100 %.")))
    for name in ("recycle_prospect_days", "recycle_customer_days", "claims_per_day"):
        if not 0 <= plain[name] <= LONGEST_DAYS:
            found.append(Problem(path=name, message=_("Choose between 0 and 3,650.")))
    if not 1 <= plain["tell_days"] <= 365:
        found.append(Problem(path="tell_days", message=_("Choose between 1 and 365 days.")))
    return found


def settings_of(content: Content) -> Settings:
    """The content as the rules use it."""
    plain: Any = content
    return Settings(
        rules=tuple(
            Rule(
                units=_values(row["unit"]), channels=_values(row["channel"]), languages=_values(row["language"]),
                tiers=tuple("" if one == "none" else one for one in _values(row["tier"])), lines=_values(row["line"]),
                kinds=_values(row["kind"]), choose=Choice(row["choose"]),
                target="" if row["target"] == ANY else row["target"].strip(), most_bp=row["most"],
            )
            for row in plain["rules"]
        ),
        weights={row["tier"]: row["weight"] for row in plain["weights"]},
        capacities={row["role"].strip(): row["customers"] * WHOLE for row in plain["capacities"]},
        levels_up=plain["levels_up"], distance_bp=plain["distance"],
        recycle_prospect_days=plain["recycle_prospect_days"], recycle_customer_days=plain["recycle_customer_days"],
        claims_per_day=plain["claims_per_day"], tell_days=plain["tell_days"], is_nightly=plain["nightly"],
        is_on_import=plain["on_import"],
    )  # fmt: skip


def _values(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())
    return () if ANY in found else found


# --- runs -------------------------------------------------------------------------------------------------------------

WORKFLOW: Final = Workflow(
    states=RunState,
    initial=RunState.PLANNING,
    transitions=[
        Transition("plan", RunState.PLANNING, RunState.PLANNED),
        Transition("drop", [RunState.PLANNING, RunState.PLANNED], RunState.DROPPED),
        Transition("confirm", RunState.PLANNED, RunState.APPLYING),
        Transition("finish", RunState.APPLYING, RunState.DONE),
        Transition("undo", RunState.DONE, RunState.UNDOING),
        Transition("return", RunState.UNDOING, RunState.UNDONE),
    ],
)


def day_of(now: datetime) -> date:
    """The calendar day in Shanghai."""
    return now.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """The first moment after a day in Shanghai."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def tell_by(now: datetime, days: int) -> datetime:
    """Until when a customer is to be told of a new manager; the day of the change does not count."""
    return end_of(day_of(now) + timedelta(days=days))
