"""How work items move, when they are due, which kinds there are and how contacts end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.states import Transition, Workflow
from anxin.kernel.words import mark as _
from anxin.service.worklist.data import Action, ItemKind, ItemState, Outcome

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_SNOOZE = timedelta(days=366)

WORKFLOW = Workflow(
    states=ItemState,
    initial=ItemState.OPEN,
    transitions=[
        Transition(Action.COMPLETE, ItemState.OPEN, ItemState.DONE),
        Transition(Action.ATTEMPT, ItemState.OPEN, ItemState.OPEN),
        Transition(Action.SNOOZE, ItemState.OPEN, ItemState.OPEN),
        Transition(Action.HAND_OVER, ItemState.OPEN, ItemState.OPEN),
        Transition(Action.CANCEL, ItemState.OPEN, ItemState.CANCELLED),
        Transition(Action.REOPEN, [ItemState.DONE, ItemState.CANCELLED], ItemState.OPEN),
    ],
)

_kinds: dict[str, ItemKind] = {}


def register_kind(kind: ItemKind) -> None:
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"The kind of work item {kind.code!r} is registered twice.")


def kinds() -> Mapping[str, ItemKind]:
    return dict(_kinds)


def day_of(now: datetime) -> date:
    """The calendar day in Shanghai."""
    return now.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """The first moment after a day in Shanghai: what is due on a day is due before this."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


# --- outcomes ---------------------------------------------------------------------------------------------------------

OUTCOMES = "worklist.outcomes"
OUTCOME_FIELDS = (
    SchemeField(
        code="outcomes",
        label=_("Outcomes"),
        kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="code", label=_("Code"), kind=FieldKind.TEXT),
            SchemeField(code="label_zh", label=_("Chinese name"), kind=FieldKind.TEXT),
            SchemeField(code="label_en", label=_("English name"), kind=FieldKind.TEXT),
            SchemeField(code="closes", label=_("Closes the item"), kind=FieldKind.YES_NO),
        ),
    ),
)
OUTCOME_DEFAULT: Content = {
    "outcomes": [
        {"code": "completed", "label_zh": "已完成", "label_en": "Completed", "closes": True},
        {"code": "contacted", "label_zh": "已联系", "label_en": "Contacted", "closes": True},
        {"code": "reviewed", "label_zh": "近期已回访", "label_en": "Reviewed lately", "closes": True},
        {"code": "refused", "label_zh": "客户拒绝", "label_en": "Customer declined", "closes": True},
        {"code": "bad_contact", "label_zh": "联系方式有误", "label_en": "Bad contact data", "closes": True},
        {"code": "attempted", "label_zh": "未接通", "label_en": "Attempted, not reached", "closes": False},
        {"code": "call_back", "label_zh": "约定再联系", "label_en": "Call back agreed", "closes": False},
    ]
}
LONGEST_OUTCOME_CODE = 20


def outcome_problems(content: Content) -> list[Problem]:
    """Codes must be plain, short and different; at least one outcome closes an item."""
    rows: Any = content["outcomes"]
    found = []
    codes: set[str] = set()
    for number, row in enumerate(rows, 1):
        code = str(row["code"])
        is_plain = code.isascii() and code.replace("_", "").isalnum() and code == code.lower()
        if not is_plain or len(code) > LONGEST_OUTCOME_CODE:
            found.append(
                Problem(
                    path=f"outcomes.{number}.code", message=_("Use at most 20 small letters, digits and underscores.")
                )
            )
        if code in codes:
            found.append(Problem(path=f"outcomes.{number}.code", message=_("This code is used twice.")))
        codes.add(code)
    if not any(row["closes"] for row in rows):
        found.append(Problem(path="outcomes", message=_("At least one outcome must close the item.")))
    return found


def outcomes_of(content: Content) -> Sequence[Outcome]:
    rows: Any = content["outcomes"]
    return [
        Outcome(code=row["code"], label_zh=row["label_zh"], label_en=row["label_en"], closes=row["closes"], kinds=())
        for row in rows
    ]


# --- birthdays --------------------------------------------------------------------------------------------------------

CARE = "care.basics"
CARE_FIELDS = (
    SchemeField(
        code="birthday_lead_days",
        label=_("Days before a birthday"),
        kind=FieldKind.INTEGER,
        hint=_("How many days ahead the birthday appears on the manager's list."),
    ),
    SchemeField(
        code="fact_lead_days",
        label=_("Days before a fact ends"),
        kind=FieldKind.INTEGER,
        hint=_("How many days ahead the manager is asked whether it still holds; after its day it is taken out."),
    ),
)
CARE_DEFAULT: Content = {"birthday_lead_days": 7, "fact_lead_days": 14}
MOST_LEAD_DAYS = 60


def care_problems(content: Content) -> list[Problem]:
    leads: Any = {name: content.get(name, default) for name, default in CARE_DEFAULT.items()}
    return [
        Problem(path=name, message=_("Choose between 0 and %(most)s days."), values={"most": MOST_LEAD_DAYS})
        for name, lead in leads.items()
        if not 0 <= lead <= MOST_LEAD_DAYS
    ]


def birthday_in(year: int, month: int, day: int) -> date:
    """The day a birthday is kept in a year. Born on 29 February: on 28 February of common years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 2, 28)


def coming_birthdays(today: date, lead_days: int) -> dict[int, date]:
    """`month * 100 + day` of birth to the day it is kept, for today and the `lead_days` days after it."""
    found: dict[int, date] = {}
    for ahead in range(lead_days + 1):
        day = today + timedelta(days=ahead)
        found[day.month * 100 + day.day] = day
        if day.month == 2 and day.day == 28 and birthday_in(day.year, 2, 29) == day:
            found[229] = day
    return found
