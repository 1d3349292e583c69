# ruff: noqa: E501 - a table: one entry is read across
"""The other schemes of this room: fields, shipped contents, and what a content must hold to stand."""

from __future__ import annotations

from anxin.analytics.classes import registry
from anxin.analytics.metrics.registry import BY_CODE, Unit
from anxin.book.segments.rules.cells import CELL_ROWS, NEED_AMOUNTS, PRODUCT_WORDS
from anxin.book.segments.rules.fields import (
    Kind,
    anything,
    choice,
    choices_in_order,
    field,
    money,
    not_negative,
    rising,
    rows,
    share,
    sums_to_whole,
    text,
    together,
)
from anxin.foundation.schemes.data import Choice, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

OWN_METRICS = (
    "annual_premium_fen", "premium_motor_fen", "premium_life_fen", "premium_health_fen", "total_paid_fen", "policies",
    "active_policies", "active_lines", "claims", "tenure_months", "silent_months", "referrals", "children", "age",
    "clv_fen", "profit_fen", "gap_fen", "value_score", "ability_score", "willingness_score", "engagement_score",
)  # fmt: skip
MARKS = {
    "basic": _("Should experience"),
    "no": _("Not offered"),
    "case": _("Case by case"),
    "strategic": _("Strategic"),
}
# How each mark looks, in the editor of the scheme as on the page of a customer.
MARK_SIGNS = {"basic": "●", "no": "–", "case": "◐", "strategic": "★"}
MARK_LEVELS = {"basic": "ok", "no": "", "case": "warn", "strategic": "brand"}
MARK_CHOICES = tuple(
    Choice(code=code, label=word, sign=MARK_SIGNS[code], level=MARK_LEVELS[code]) for code, word in MARKS.items()
)
COMPARISONS = (Choice(code="from", label=_("At least")), Choice(code="below", label=_("Less than")))


def _listed(words: dict[str, tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(code=code, label=en, zh=zh) for code, (zh, en) in words.items())


NEED_CHOICES = _listed({str(row["need"]): (str(row["zh"]), str(row["en"])) for row in NEED_AMOUNTS})
METRIC_CHOICES = _listed({code: (BY_CODE[code].zh, BY_CODE[code].en) for code in OWN_METRICS})
MONEY_METRICS = frozenset(code for code in OWN_METRICS if BY_CODE[code].unit in (Unit.FEN, Unit.FEN_PER_YEAR))
STAGE_CHOICES = _listed(dict(registry.STAGES))
LEVEL_CHOICES = _listed(dict(registry.LEVELS))
QUADRANTS = ("develop", "maintain", "cultivate", "indulge")


def _experience(zh: str, en: str, *marks: str) -> dict[str, str]:
    return {"zh": zh, "en": en, **dict(zip(QUADRANTS, marks, strict=True))}


KINDS: tuple[Kind, ...] = (
    Kind(
        code="segments.profit",
        label=_("Profit tiers and service time"),
        help=_("Shares of customers and of contact time of key, normal and potential customers; when service is too much or too little. Advice only: statutory service is never cut."),
        fields=(
            share("key_bp", _("Key customers"), _("Share of all customers, by profit of the year.")),
            share("normal_bp", _("Normal customers")),
            share("key_time_bp", _("Contact time for key customers")),
            share("normal_time_bp", _("Contact time for normal customers")),
            share("potential_time_bp", _("Contact time for potential customers")),
            field("over_percent", _("Over-served above (% of the budget)")),
            field("under_percent", _("Under-served below (% of the budget)")),
            field("least_minutes", _("Minutes below which nothing is said")),
            money("fen_per_minute", _("Price of a minute of service")),
            rows("minutes", _("Usual length of a contact"), text("channel", _("Channel (* for others)")), field("minutes", _("Minutes"))),
        ),
        default={
            "key_bp": 1000, "normal_bp": 3000, "key_time_bp": 6000, "normal_time_bp": 3000, "potential_time_bp": 1000,
            "over_percent": 200, "under_percent": 25, "least_minutes": 10, "fen_per_minute": 200,
            "minutes": [
                {"channel": "visit", "minutes": 60}, {"channel": "counter", "minutes": 15}, {"channel": "phone", "minutes": 6},
                {"channel": "wechat", "minutes": 3}, {"channel": "sms", "minutes": 0}, {"channel": "app", "minutes": 0},
                {"channel": "*", "minutes": 5},
            ],
        },
        validate=together(not_negative, sums_to_whole("key_time_bp", "normal_time_bp", "potential_time_bp")),
    ),
    Kind(
        code="segments.value",
        label=_("Value tiers and value score"),
        help=_("MVC, MGC, LVC and BZ by lifetime value and protection gap; weights of profit, influence, loyalty and potential."),
        fields=(
            share("mvc_bp", _("MVC: top share by lifetime value")),
            share("mgc_bp", _("MGC: top share by protection gap")),
            money("bz_gap_fen", _("BZ: protection gap below")),
            share("weight_profit_bp", _("Weight of profit")),
            share("weight_influence_bp", _("Weight of influence")),
            share("weight_loyalty_bp", _("Weight of loyalty")),
            share("weight_potential_bp", _("Weight of potential")),
        ),
        default={
            "mvc_bp": 2000, "mgc_bp": 3000, "bz_gap_fen": 10_000_000, "weight_profit_bp": 4000,
            "weight_influence_bp": 1500, "weight_loyalty_bp": 2500, "weight_potential_bp": 2000,
        },
        validate=together(
            not_negative,
            sums_to_whole("weight_profit_bp", "weight_influence_bp", "weight_loyalty_bp", "weight_potential_bp"),
        ),
    ),
    Kind(
        code="segments.scale",
        label=_("Size classes"),
        help=_("Large, medium and small customers by annual premium. The channel class needs no threshold."),
        fields=(money("medium_fen", _("Medium from")), money("large_fen", _("Large from"))),
        default={"medium_fen": 500_000, "large_fen": 5_000_000},
        validate=rising("medium_fen", "large_fen"),
    ),
    Kind(
        code="segments.key",
        label=_("Key account profile"),
        help=_("Who is a key account: occupation, income, education, premium. So many of these marks make one."),
        fields=(
            field("marks", _("Marks needed (1 to 4)")),
            money("income_fen", _("Annual income from")),
            money("premium_fen", _("Annual premium from")),
            money("company_premium_fen", _("Companies: annual premium from")),
            rows("occupations", _("Occupations"), text("code", _("Code")), text("zh", _("Chinese name")), text("en", _("English name")), text("words", _("Words in occupation or position, parted by spaces"))),
        ),
        default={
            "marks": 3, "income_fen": 30_000_000, "premium_fen": 2_000_000, "company_premium_fen": 10_000_000,
            "occupations": [
                {"code": "official", "zh": "政府官员", "en": "Government official", "words": "公务员 官员 局长 处长 科长 干部"},
                {"code": "owner", "zh": "中小型企业主", "en": "Business owner", "words": "企业主 董事长 老板 股东 法人 地产开发商"},
                {"code": "executive", "zh": "企业高层管理者", "en": "Senior executive", "words": "总经理 总裁 高管 总监 副总"},
                {"code": "professional", "zh": "专业人士", "en": "Professional", "words": "医生 医师 律师 会计师 工程师 程序 建筑师 演员 作家 教授"},
                {"code": "freelancer", "zh": "自由职业者", "en": "Freelancer", "words": "自由职业"},
            ],
        },
        validate=not_negative,
    ),
    Kind(
        code="segments.lifecycle",
        label=_("Lifecycle and age of the relation"),
        help=_("New and old customers, age bands, and from when a customer counts as loyal, at risk or won back."),
        fields=(
            field("new_months", _("New: fewer months than")),
            field("old_months", _("Old: months from")),
            field("loyal_months", _("Loyal: months from")),
            field("silent_months", _("At risk: months of silence before an expiry")),
            field("expiry_days", _("At risk: days to the expiry")),
            field("gap_days", _("Won back: days without cover before")),
            field("age_bands", _("Age bands"), FieldKind.INTEGERS),
        ),
        default={
            "new_months": 12, "old_months": 36, "loyal_months": 36, "silent_months": 12, "expiry_days": 30,
            "gap_days": 60, "age_bands": [18, 30, 40, 50, 60],
        },
        validate=together(not_negative, rising("new_months", "old_months")),
    ),
    Kind(
        code="segments.quadrants",
        label=_("Ability × willingness"),
        help=_("Cuts of the two scores, and the points that make willingness."),
        fields=(
            field("ability_cut", _("High ability from (0 to 100)")),
            field("willingness_cut", _("High willingness from (0 to 100)")),
            field("points_contact", _("Points per voluntary contact (three at most)")),
            field("points_purchase", _("Points per purchase in 24 months (two at most)")),
            field("points_referral", _("Points per referral (two at most)")),
            field("points_consent", _("Points for consent to marketing")),
            field("points_recent", _("Points for a contact or purchase this month, fewer with each month of silence")),
        ),
        default={
            "ability_cut": 50, "willingness_cut": 50, "points_contact": 15, "points_purchase": 15,
            "points_referral": 10, "points_consent": 15,
            "points_recent": 30,
        },
        validate=not_negative,
    ),
    Kind(
        code="segments.experience",
        label=_("Experience matrix"),
        help=_("What each quadrant is offered: should experience, not offered, case by case or strategic. After every experience the file is updated. The table of the source is lost; this one is a default."),
        fields=(
            rows(
                "items", _("Experiences"), text("zh", _("Chinese name")), text("en", _("English name")),
                choice("develop", _("Develop"), MARK_CHOICES), choice("maintain", _("Maintain"), MARK_CHOICES), choice("cultivate", _("Cultivate"), MARK_CHOICES), choice("indulge", _("Indulge"), MARK_CHOICES),
                hint=_("Choose the mark of each experience for each quadrant."),
            ),
        ),
        default={
            "items": [
                _experience("生日祝福", "Birthday wishes", "basic", "basic", "basic", "basic"),
                _experience("节日问候", "Festival greetings", "basic", "basic", "basic", "basic"),
                _experience("回访", "Call-back", "basic", "basic", "strategic", "basic"),
                _experience("体检", "Health check", "no", "case", "case", "strategic"),
                _experience("讲座", "Lecture", "case", "strategic", "case", "basic"),
                _experience("客户节", "Customer festival", "case", "basic", "case", "basic"),
                _experience("增值车务", "Car services", "no", "case", "case", "basic"),
                _experience("高端沙龙", "Salon", "no", "no", "strategic", "strategic"),
                _experience("绿色通道", "Green channel", "no", "case", "case", "strategic"),
                _experience("专人经理", "Personal manager", "no", "no", "strategic", "strategic"),
            ]
        },
        validate=anything,
    ),
    Kind(
        code="segments.own",
        label=_("Own classification columns"),
        help=_("Columns of your own: each row names a column, a class and a condition on a figure."),
        fields=(
            rows(
                "rows", _("Classes"), text("column", _("Code of the column")), text("column_zh", _("Chinese name of the column")), text("column_en", _("English name of the column")),
                text("code", _("Code")), text("zh", _("Chinese name")), text("en", _("English name")),
                choice("metric", _("Figure"), METRIC_CHOICES), choice("compare", _("Condition"), COMPARISONS),
                SchemeField(code="least", label=_("Value (money in yuan)"), kind=FieldKind.INTEGER, money_when=("metric", MONEY_METRICS)),
                hint=_("Rows of one class must all hold. Of several classes that hold, the one furthest down wins."),
            ),
        ),
        default={
            "rows": [
                {"column": "referrer", "column_zh": "转介绍", "column_en": "Referrers", "code": "one", "zh": "有转介绍", "en": "Has referred", "metric": "referrals", "compare": "from", "least": 1},
                {"column": "referrer", "column_zh": "转介绍", "column_en": "Referrers", "code": "many", "zh": "转介绍中心", "en": "Centre of influence", "metric": "referrals", "compare": "from", "least": 3},
            ]
        },
        validate=anything,
    ),
    Kind(
        code="segments.clusters",
        label=_("Clusters"),
        help=_("Between how many clusters the nightly run may choose; the silhouette decides."),
        fields=(field("least_k", _("Fewest clusters")), field("most_k", _("Most clusters"))),
        default={"least_k": 4, "most_k": 7},
        validate=lambda content: [] if 2 <= int(str(content["least_k"])) <= int(str(content["most_k"])) <= 12 else [
            Problem(path="most_k", message=_("Between 2 and 12 clusters, the fewest first."))
        ],
    ),
    Kind(
        code="segments.stages",
        label=_("Life stages and income"),
        help=_("Bounds of the 20 cells: life stage by income and education."),
        fields=(
            field("child_age", _("A child is at home below this age")),
            field("mature_age", _("Mature family from the age of")),
            field("retired_age", _("Retired from the age of")),
            money("high_income_fen", _("High income: annual income from")),
        ),
        default={"child_age": 18, "mature_age": 45, "retired_age": 60, "high_income_fen": 20_000_000},
        validate=rising("child_age", "mature_age", "retired_age"),
    ),
    Kind(
        code="segments.needs",
        label=_("Needs of the 20 cells"),
        help=_("What each cell needs, most important first. The last two columns of the source are hard to read: mature family and retired are a default."),
        fields=(
            share("heavy_bp", _("Premium is high from this share of income")),
            rows("cells", _("Cells"), choice("stage", _("Life stage"), STAGE_CHOICES), choice("level", _("Income and education"), LEVEL_CHOICES), choices_in_order("needs", _("Needs, parted by commas"), NEED_CHOICES)),
        ),
        default={"heavy_bp": 1500, "cells": CELL_ROWS},
        validate=anything,
    ),
    Kind(
        code="segments.covers",
        label=_("Cover: needed sums and products"),
        help=_("How much cover each need takes, which products serve it, and what is proposed for it."),
        fields=(
            rows(
                "amounts", _("Needed sums"), choice("need", _("Need"), NEED_CHOICES), text("zh", _("Chinese name")), text("en", _("English name")),
                share("times_income_bp", _("Per cent of annual income")), money("least_fen", _("At least")),
                text("plan_zh", _("Proposal, Chinese")), text("plan_en", _("Proposal, English")),
            ),
            rows(
                "products", _("Products to needs"), choice("need", _("Need"), NEED_CHOICES), text("words", _("Words of the product name (* any)")), text("lines", _("Lines (* any)")),
                hint=_("The first row that fits decides."),
            ),
        ),
        default={"amounts": NEED_AMOUNTS, "products": PRODUCT_WORDS},
        validate=anything,
    ),
    Kind(
        code="segments.visits",
        label=_("Visit frequency by ABC class"),
        help=_("A every month, B every two months; the source is cut off at C, a quarter is the default."),
        fields=(field("a_days", _("A: days")), field("b_days", _("B: days")), field("c_days", _("C: days"))),
        default={"a_days": 30, "b_days": 61, "c_days": 91},
        validate=rising("a_days", "b_days", "c_days"),
    ),
    Kind(
        code="segments.matrices",
        label=_("ABC matrices, pyramid and credit"),
        help=_("Price by credit, share by total, the pyramid of 1, 19, 30 and 50 %, and credit by punctuality. To phase a customer out is advice that two people approve; statutory service never ends."),
        fields=(
            share("high_price_bp", _("High price: top share by premium")),
            share("wallet_bp", _("Share of income that may go into insurance")),
            share("high_share_bp", _("High share of that from")),
            share("vip_bp", _("VIP customers")),
            share("main_bp", _("Main customers")),
            share("ordinary_bp", _("Ordinary customers")),
            field("upgrade_score", _("Small customers: upgrade from this potential")),
            share("credit_a_bp", _("Credit A: paid on time from")),
            share("credit_b_bp", _("Credit B: paid on time from")),
            share("credit_c_bp", _("Credit C: paid on time from")),
            field("d_overdue", _("Credit D: overdue instalments from")),
        ),
        default={
            "high_price_bp": 2000, "wallet_bp": 1000, "high_share_bp": 5000, "vip_bp": 100, "main_bp": 1900,
            "ordinary_bp": 3000, "upgrade_score": 60, "credit_a_bp": 9800, "credit_b_bp": 9000, "credit_c_bp": 7500,
            "d_overdue": 2,
        },
        validate=together(not_negative, rising("credit_c_bp", "credit_b_bp", "credit_a_bp")),
    ),
    Kind(
        code="segments.lifetime",
        label=_("Lifetime value"),
        help=_("Discount, horizon, margins per line, and the retention used where too few contracts have ended to measure it."),
        fields=(
            share("discount_bp", _("Discount per year")),
            field("horizon", _("Horizon in years")),
            money("service_fen_per_year", _("Service of a customer per year")),
            money("credible_fen", _("Own claims count half from this premium paid"), _("Claims of yearly contracts beyond or below the usual: the more was paid, the more they tell of the years to come.")),
            field("alpha_milli", _("Shipped retention, alpha in thousandths")),
            field("beta_milli", _("Shipped retention, beta in thousandths")),
            rows("margins", _("Margins"), text("line", _("Line (* for others)")), share("loss_bp", _("Loss ratio")), share("expense_bp", _("Expense ratio"))),
        ),
        default={
            "discount_bp": 500, "horizon": 10, "service_fen_per_year": 3_000, "credible_fen": 2_000_000, "alpha_milli": 700, "beta_milli": 4000,
            "margins": [
                {"line": "motor", "loss_bp": 6600, "expense_bp": 2700}, {"line": "property", "loss_bp": 5500, "expense_bp": 3000},
                {"line": "accident", "loss_bp": 3500, "expense_bp": 4500}, {"line": "health", "loss_bp": 6000, "expense_bp": 2500},
                {"line": "life", "loss_bp": 6500, "expense_bp": 2000}, {"line": "annuity", "loss_bp": 7500, "expense_bp": 1500},
                {"line": "*", "loss_bp": 6500, "expense_bp": 2500},
            ],
        },
        validate=together(
            not_negative,
            lambda content: [] if 1 <= int(str(content["horizon"])) <= 40 else [Problem(path="horizon", message=_("Between 1 and 40 years."))],
        ),
    ),
)  # fmt: skip
