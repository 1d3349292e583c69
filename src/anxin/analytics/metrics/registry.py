# ruff: noqa: E501 - a table: one entry is read across
"""Every figure of a customer: what it is, its unit, where it comes from, and its words. Defined here and nowhere else.

The nightly run computes them all; lists, segments, explanations and the API call them by these codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """`fen` and `fen_per_year` are money; `bp` 1/100 of a per cent; `score` 0 to 100."""

    FEN = "fen"
    FEN_PER_YEAR = "fen_per_year"
    COUNT = "count"
    BP = "bp"
    MONTHS = "months"
    DAYS = "days"
    YEARS = "years"
    MINUTES = "minutes"
    SCORE = "score"
    DATE = "date"
    TIME = "time"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One figure. `is_available` False: nothing feeds it yet, it is 0 for everybody."""

    code: str
    unit: Unit
    zh: str
    en: str
    what: str
    source: str
    is_available: bool = True


def _metric(code: str, unit: Unit, zh: str, en: str, what: str, source: str, *, available: bool = True) -> Metric:
    return Metric(code=code, unit=unit, zh=zh, en=en, what=what, source=source, is_available=available)


LINES: Final = ("motor", "property", "accident", "health", "life", "annuity")
NEEDS: Final = ("accident", "illness", "medical", "life", "child", "education", "savings", "pension", "parents")
_NEED_WORDS: Final = {
    "accident": ("意外", "accident"), "illness": ("重疾", "critical illness"), "medical": ("医疗", "medical"),
    "life": ("寿险保障", "life"), "child": ("子女健康意外", "children"), "education": ("教育金", "education"),
    "savings": ("储蓄投资", "savings"), "pension": ("养老", "pension"), "parents": ("父母保障", "parents"),
}  # fmt: skip
_LINE_WORDS: Final = {
    "motor": ("车险", "motor"), "property": ("财产责任险", "property and liability"), "accident": ("意外险", "accident"),
    "health": ("健康险", "health"), "life": ("寿险", "life"), "annuity": ("年金险", "annuity"),
}  # fmt: skip

METRICS: Final[tuple[Metric, ...]] = (
    _metric("annual_premium_fen", Unit.FEN_PER_YEAR, "年缴保费", "Annual premium",
            "Annualised premium of regular policies in force of which the customer is the holder", "portfolio; deck 承保年交"),
    *(
        _metric(f"premium_{line}_fen", Unit.FEN_PER_YEAR, f"{_LINE_WORDS[line][0]}年缴保费",
                f"Annual premium, {_LINE_WORDS[line][1]}", f"The part of the annual premium in {_LINE_WORDS[line][1]}",
                "portfolio")
        for line in LINES
    ),
    _metric("total_paid_fen", Unit.FEN, "累计已缴保费", "Premium paid so far", "Premium received so far, all policies", "portfolio"),
    _metric("claims_paid_fen", Unit.FEN, "累计赔款", "Claims paid", "Paid on claims of own policies, recoveries subtracted", "portfolio"),
    _metric("claims_paid_12m_fen", Unit.FEN, "近 12 个月赔款", "Claims paid in 12 months", "The same, settled in the last 365 days", "portfolio"),
    *(
        _metric(f"claims_{line}_12m_fen", Unit.FEN, f"{_LINE_WORDS[line][0]}近 12 个月赔款",
                f"Claims paid in 12 months, {_LINE_WORDS[line][1]}", f"The part of them in {_LINE_WORDS[line][1]}", "portfolio")
        for line in LINES
    ),
    _metric("policies", Unit.COUNT, "保单数", "Policies", "All policies held, group headers included", "portfolio"),
    _metric("active_policies", Unit.COUNT, "有效保单数", "Policies in force", "Policies in force on the day", "portfolio"),
    _metric("active_lines", Unit.COUNT, "有效险类数", "Lines in force", "Different lines with a policy in force", "portfolio; domain 4.5"),
    _metric("claims", Unit.COUNT, "赔案数", "Claims", "Claims reported on own policies, cancelled ones not counted", "portfolio"),
    _metric("claims_12m", Unit.COUNT, "近 12 个月赔案数", "Claims in 12 months", "The same, reported in the last 365 days", "portfolio"),
    _metric("open_claims", Unit.COUNT, "未决赔案数", "Open claims", "Claims that are not paid, closed or cancelled", "portfolio"),
    _metric("loss_ratio_bp", Unit.BP, "简单赔付率", "Loss ratio", "Claims paid over premium paid so far; empty without premium", "domain 4.3 简单赔付率"),
    _metric("tenure_months", Unit.MONTHS, "客户年资", "Tenure", "Full months since the first policy, or since the file says", "customers, portfolio"),
    _metric("first_policy_date", Unit.DATE, "首张保单生效日", "First policy from", "Earliest beginning of a policy", "portfolio"),
    _metric("last_policy_date", Unit.DATE, "最近投保日", "Latest policy from", "Latest beginning of a policy", "portfolio"),
    _metric("next_expiry_date", Unit.DATE, "最近到期日", "Next expiry", "Earliest end among the policies in force", "portfolio"),
    _metric("last_contact_at", Unit.TIME, "最近接触", "Last contact", "Latest contact on any channel", "desk"),
    _metric("last_service_date", Unit.DATE, "最近主动服务日", "Last contact by us", "Latest outbound contact", "desk"),
    _metric("last_voluntary_date", Unit.DATE, "最近主动联系日", "Last voluntary contact", "Latest inbound contact or beginning of a policy", "desk, portfolio; domain 4.5"),
    _metric("silent_months", Unit.MONTHS, "静默月数", "Months of silence", "Full months since the last voluntary contact or purchase", "domain 4.5: R"),
    _metric("contacts_12m", Unit.COUNT, "近 12 个月接触次数", "Contacts in 12 months", "Contacts both ways in the last 365 days", "desk"),
    _metric("voluntary_12m", Unit.COUNT, "近 12 个月主动联系次数", "Voluntary contacts in 12 months", "Inbound contacts in the last 365 days", "desk"),
    _metric("contact_minutes_12m", Unit.MINUTES, "近 12 个月接触时长", "Contact time in 12 months", "Length of contacts; where none was written down, the usual one of the channel", "desk, scheme segments.profit"),
    _metric("contact_channels_12m", Unit.COUNT, "近 12 个月使用渠道数", "Channels used in 12 months", "Different channels of contacts", "desk"),
    _metric("complaints", Unit.COUNT, "投诉次数", "Complaints", "Complaints received so far, merged ones not counted", "complaints"),
    _metric("on_time_bp", Unit.BP, "按时缴费率", "Paid on time", "Instalments of the last 24 months paid by the end of grace, of those due; empty when none was", "portfolio"),
    _metric("overdue_instalments", Unit.COUNT, "逾期期数", "Overdue instalments", "Unpaid after the end of grace", "portfolio"),
    _metric("referrals", Unit.COUNT, "转介绍人数", "Referrals", "Customers whom this one introduced", "customers: relations"),
    _metric("relations", Unit.COUNT, "关系人数", "Relations", "People and companies tied to this one in the file", "customers: relations"),
    _metric("children", Unit.COUNT, "子女数", "Children", "Children known to the file", "customers: relations"),
    _metric("youngest_child_birth", Unit.DATE, "最小子女出生日", "Birth of the youngest child", "Latest birth date among the children", "customers: relations"),
    _metric("household_size", Unit.COUNT, "家庭成员数", "People in the household", "Who belongs to the same household now; 0 when none is known", "households"),
    _metric("household_premium_fen", Unit.FEN_PER_YEAR, "家庭年缴保费", "Annual premium of the household", "Annual premium of all members of the household; 0 when none is known", "households, portfolio"),
    _metric("age", Unit.YEARS, "年龄", "Age", "Full years on the day", "customers"),
    _metric("acquisition_channel", Unit.TEXT, "首单渠道", "Acquisition channel", "Sales channel of the first policy", "portfolio"),
    _metric("region", Unit.TEXT, "区域", "Region", "The unit below head office that serves the customer", "org"),
    *(
        _metric(f"cover_{need}_fen", Unit.FEN, f"{_NEED_WORDS[need][0]}保额", f"Cover: {_NEED_WORDS[need][1]}",
                f"Sum insured in force for the need {need}; a policy counts by its product name and line",
                "portfolio, scheme segments.covers")
        for need in NEEDS
    ),
    _metric("profit_fen", Unit.FEN_PER_YEAR, "年度利润", "Profit of the year",
            "Annual premium less expenses of its lines, less claims of 12 months, less the cost of contact time; an estimate",
            "schemes segments.lifetime, segments.profit"),
    _metric("clv_fen", Unit.FEN, "客户终身价值", "Lifetime value",
            "Margins of the policies in force over their expected renewals, discounted, less claims beyond the usual and service; an estimate",
            "domain 4.4, scheme segments.lifetime"),
    _metric("gap_fen", Unit.FEN, "保障缺口", "Protection gap", "Needed sums of the customer's cell less the cover held", "domain 8.7, schemes segments.needs, segments.covers"),
    _metric("service_budget_minutes", Unit.MINUTES, "时间预算", "Time budget", "The share of all contact time meant for the profit tier, per customer", "domain 8.1, scheme segments.profit"),
    _metric("profit_score", Unit.SCORE, "利润分", "Profit", "Where the profit of the year stands among all customers", "domain 4.4: first factor"),
    _metric("influence_score", Unit.SCORE, "影响力分", "Influence", "Key occupation, referrals, relations; of companies their size", "domain 4.4: second factor"),
    _metric("loyalty_score", Unit.SCORE, "忠诚度分", "Loyalty", "Tenure, lines held, punctuality", "domain 4.4: third factor"),
    _metric("potential_score", Unit.SCORE, "潜力分", "Potential", "Where the protection gap stands among all customers", "domain 4.4: fourth factor"),
    _metric("value_score", Unit.SCORE, "综合价值分", "Value", "The four factors by their weights", "deck 客户价值区分, scheme segments.value"),
    _metric("ability_score", Unit.SCORE, "能力分", "Ability", "Income and annual premium among all customers", "domain 8.6, scheme segments.quadrants"),
    _metric("willingness_score", Unit.SCORE, "意愿分", "Willingness", "Voluntary contacts, purchases, referrals, consent to marketing", "domain 8.6, scheme segments.quadrants"),
    _metric("engagement_score", Unit.SCORE, "活跃度分", "Engagement", "Voluntary contacts and channels of 12 months", "desk"),
)  # fmt: skip
BY_CODE: Final = {metric.code: metric for metric in METRICS}
