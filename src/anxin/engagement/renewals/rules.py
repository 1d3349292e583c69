"""Which policies are to be renewed (应续), when staff are reminded, what an intention needs.

By the renewal rules of a motor insurer (domain 4.2): to be renewed is a policy whose cover ends in the window;
cancelled, surrendered and short-term ones (under 360 days) are not, nor motorcycles and farm vehicles; renewed is one
whose contract goes on within 30 days after its end.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from anxin.engagement.renewals.data import Intention, Period, RenewalState
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.states import Transition, Workflow
from anxin.kernel.words import mark as _

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Contracts that mature or run for life: their end is no renewal.
LINES_WITHOUT_RENEWAL: Final = ("life", "annuity")
USES_WITHOUT_RENEWAL: Final = ("motorcycle", "farm", "tractor")
ENDED_BEFORE_TIME: Final = ("cancelled", "surrendered", "terminated", "pending")
# A renewal found late (a file came late) still turns what counted as lost.
LOST_MAY_TURN_DAYS: Final = 90

WORKFLOW = Workflow(
    states=RenewalState,
    initial=RenewalState.OPEN,
    transitions=[
        Transition("record", RenewalState.OPEN, RenewalState.OPEN, "renewals.work"),
        Transition("renew", [RenewalState.OPEN, RenewalState.LOST], RenewalState.RENEWED),
        Transition("lose", RenewalState.OPEN, RenewalState.LOST),
        Transition("exclude", [RenewalState.OPEN, RenewalState.LOST], RenewalState.EXCLUDED),
    ],
)

WINDOWS = "renewals.windows"
WINDOW_FIELDS = (
    SchemeField(
        code="days_before",
        label=_("Reminders, days before the end"),
        kind=FieldKind.INTEGERS,
        hint=_("0 is the day cover ends."),
    ),
    SchemeField(code="renewed_within_days", label=_("Counts as renewed within days after"), kind=FieldKind.INTEGER),
    SchemeField(code="shortest_term_days", label=_("Shortest term to be renewed, days"), kind=FieldKind.INTEGER),
    SchemeField(
        code="told_anyway_days",
        label=_("While a complaint is open: reminded only within days before the end"),
        kind=FieldKind.INTEGER,
        hint=_("Offers wait for the end of the complaint; that cover ends is told all the same."),
    ),
    SchemeField(
        code="reasons",
        label=_("Reasons against renewing"),
        kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="code", label=_("Code"), kind=FieldKind.TEXT),
            SchemeField(code="label_zh", label=_("Chinese name"), kind=FieldKind.TEXT),
            SchemeField(code="label_en", label=_("English name"), kind=FieldKind.TEXT),
        ),
    ),
)
WINDOW_DEFAULT: Content = {
    "days_before": [90, 60, 30, 15, 7, 0],
    "renewed_within_days": 30,
    "shortest_term_days": 360,
    "told_anyway_days": 7,
    "reasons": [
        {"code": "price", "label_zh": "价格偏高", "label_en": "Price"},
        {"code": "service", "label_zh": "服务不满意", "label_en": "Service"},
        {"code": "claim", "label_zh": "理赔不满意", "label_en": "Claim handling"},
        {"code": "competitor", "label_zh": "转投其他公司", "label_en": "Moved to another insurer"},
        {"code": "sold", "label_zh": "车辆或标的已转让", "label_en": "Vehicle or property sold"},
        {"code": "no_need", "label_zh": "不再需要", "label_en": "No longer needed"},
        {"code": "other", "label_zh": "其他", "label_en": "Other"},
    ],
}


def window_problems(content: Content) -> list[Problem]:
    days: Any = content["days_before"]
    within: Any = content["renewed_within_days"]
    shortest: Any = content["shortest_term_days"]
    reasons: Any = content["reasons"]
    found = []
    if list(days) != sorted(set(days), reverse=True) or not all(0 <= one <= 180 for one in days):
        found.append(Problem(path="days_before", message=_("Give falling days between 180 and 0.")))
    if not 0 <= within <= 90:
        found.append(Problem(path="renewed_within_days", message=_("Choose between 0 and 90 days.")))
    if not 1 <= shortest <= 366:
        found.append(Problem(path="shortest_term_days", message=_("Choose between 1 and 366 days.")))
    told_anyway: Any = content.get("told_anyway_days", 7)
    if not 0 <= told_anyway <= 90:
        found.append(Problem(path="told_anyway_days", message=_("Choose between 0 and 90 days.")))
    codes = [row["code"] for row in reasons]
    if len(codes) != len(set(codes)):
        found.append(Problem(path="reasons", message=_("Two reasons have the same code.")))
    return found


def today_of(now: datetime) -> date:
    """The calendar day in Shanghai, by which policies end."""
    return now.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def last_lost(today: date, renewed_within_days: int) -> date:
    """Cover that ended on this day or before is lost: no term that begins now could count as its renewal."""
    return today - timedelta(days=renewed_within_days + 1)


def window_of(expiry_date: date, today: date, days_before: list[int]) -> int | None:
    """The reminder that is due now: the latest one reached. None before the first and after the end."""
    left = (expiry_date - today).days
    if left < 0:
        return None
    return min((days for days in days_before if left <= days), default=None)


def reminder_due(expiry_date: date, window: int, days_before: list[int]) -> datetime:
    """A reminder is due when the next one takes over; the last one at the end of the day cover ends."""
    following = max((days for days in days_before if days < window), default=0)
    return end_of(expiry_date - timedelta(days=max(following, 0)))


def period_of(period: Period, today: date, renewed_within_days: int) -> tuple[date, date]:
    """First and last expiry date of a period, both included."""
    if period is Period.EXPIRED:
        return today - timedelta(days=renewed_within_days), today - timedelta(days=1)
    if period is Period.ALL:
        return today - timedelta(days=renewed_within_days), today + timedelta(days=180)
    ahead = {Period.TODAY: 0, Period.WEEK: 6, Period.MONTH: 30, Period.TWO_MONTHS: 60, Period.QUARTER: 90}[period]
    return today, today + timedelta(days=ahead)


def intention_problem(
    intention: Intention, *, reason: str, reasons: frozenset[str], next_date: date | None, today: date
) -> str:
    """Why an intention cannot be recorded like this; "" when it can."""
    if intention is Intention.NOT_RENEW and reason not in reasons:
        return _("Choose why the customer will not renew.")
    if intention is Intention.CONSIDERING and next_date is None:
        return _("Say when to ask again.")
    if next_date is not None and not today <= next_date <= today + timedelta(days=366):
        return _("The next date lies between today and a year ahead.")
    if reason and reason not in reasons:
        return _("This reason is not in use.")
    return ""
