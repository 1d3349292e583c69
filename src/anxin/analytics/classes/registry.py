# ruff: noqa: E501 - a table: one entry is read across
"""Every class of a customer: its values in both languages, the scheme that decides it, the figures it goes by.

`because` puts the decision into a sentence; `{figure}` is filled with the customer's own value. Values whose names a
scheme holds (premium tiers, own columns) or a model finds (clusters) are named where those are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, kw_only=True)
class ClassKind:
    code: str
    ids: str  # of the capabilities that ask for it
    zh: str
    en: str
    scheme: str
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    figures: tuple[str, ...] = ()
    because: tuple[str, str] = ("", "")
    has_history: bool = True


def _kind(
    code: str, ids: str, words: tuple[str, str], scheme: str, values: Mapping[str, tuple[str, str]],
    figures: tuple[str, ...], because: tuple[str, str], *, history: bool = True,
) -> ClassKind:  # fmt: skip
    return ClassKind(
        code=code, ids=ids, zh=words[0], en=words[1], scheme=scheme, values=values, figures=figures, because=because,
        has_history=history,
    )  # fmt: skip


STAGES: Final = {
    "single": ("单身期", "Single"), "couple": ("两人世界", "Couple"), "family": ("三口之家", "Family with child"),
    "mature": ("成熟家庭", "Mature family"), "retired": ("退休期", "Retired"),
}  # fmt: skip
LEVELS: Final = {
    "hh": ("高收入·高教育", "High income, higher education"), "hl": ("高收入·普通教育", "High income, ordinary education"),
    "ah": ("平均收入·高教育", "Average income, higher education"),
    "al": ("平均收入·普通教育", "Average income, ordinary education"),
}  # fmt: skip
CELLS: Final = {
    f"{stage}.{level}": (f"{zh}·{LEVELS[level][0]}", f"{en}, {LEVELS[level][1][:1].lower()}{LEVELS[level][1][1:]}")
    for stage, (zh, en) in STAGES.items()
    for level in LEVELS
}
ABCD: Final = {letter: (letter, letter) for letter in "ABCD"}
AGES: Final[dict[str, tuple[str, str]]] = {}

CLASSES: Final[tuple[ClassKind, ...]] = (
    _kind("tier", "B09", ("保费等级", "Premium tier"), "segments.tiers", {"standard": ("标准", "Standard")},
          ("annual_premium_fen",), ("年缴保费 {annual_premium_fen}", "Annual premium {annual_premium_fen}")),
    _kind("abc", "B22", ("ABC 分类", "ABC class"), "segments.abc", {k: ABCD[k] for k in "ABC"},
          ("annual_premium_fen", "premium_rank", "share_before_bp"),
          ("年缴保费排第 {premium_rank} 位，更大的客户合计占 {share_before_bp}",
           "Rank {premium_rank} by annual premium; larger customers carry {share_before_bp}")),
    _kind("profit_tier", "B01", ("利润分层", "Profit tier"), "segments.profit",
          {"key": ("重点客户", "Key"), "normal": ("普通客户", "Normal"), "potential": ("潜力客户", "Potential")},
          ("profit_fen", "contact_minutes_12m", "service_budget_minutes"),
          ("年度利润约 {profit_fen}；时间预算 {service_budget_minutes}，实际 {contact_minutes_12m}",
           "Profit of the year about {profit_fen}; time budget {service_budget_minutes}, actual {contact_minutes_12m}")),
    _kind("service_balance", "B29", ("服务匹配", "Service balance"), "segments.profit",
          {"over": ("服务过度", "Over-served"), "fit": ("匹配", "Fits"), "under": ("服务不足", "Under-served")},
          ("contact_minutes_12m", "service_budget_minutes"),
          ("实际接触 {contact_minutes_12m}，预算 {service_budget_minutes}",
           "Contact time {contact_minutes_12m} against a budget of {service_budget_minutes}")),
    _kind("value_tier", "B02", ("价值分层", "Value tier"), "segments.value",
          {"mvc": ("最有价值客户 MVC", "Most valuable (MVC)"), "mgc": ("最具增长性客户 MGC", "Most growable (MGC)"),
           "lvc": ("低贡献客户 LVC", "Low value (LVC)"), "bz": ("负值客户 BZ", "Below zero (BZ)")},
          ("clv_fen", "gap_fen", "profit_fen"),
          ("终身价值约 {clv_fen}（按预期续保、赔付经验与服务成本估算），本年利润 {profit_fen}，保障缺口 {gap_fen}",
           "Lifetime value about {clv_fen} (renewals, own claims and service to expect), profit of this year {profit_fen}, "
           "protection gap {gap_fen}")),
    _kind("scale_class", "B03", ("规模", "Size"), "segments.scale",
          {"large": ("大", "Large"), "medium": ("中", "Medium"), "small": ("小", "Small")},
          ("annual_premium_fen",), ("年缴保费 {annual_premium_fen}", "Annual premium {annual_premium_fen}")),
    _kind("channel_class", "B03", ("渠道分类", "Channel class"), "segments.scale",
          {"motor": ("车险", "Motor"), "other": ("非车险", "Non-motor"), "bank": ("银保", "Bancassurance"),
           "phone": ("电销", "Telephone"), "web": ("网销", "Online")},
          ("acquisition_channel", "premium_motor_fen"),
          ("首单渠道 {acquisition_channel}，车险年缴保费 {premium_motor_fen}",
           "First policy by {acquisition_channel}, motor premium {premium_motor_fen}")),
    _kind("buyer_class", "B06", ("购买者类型", "Buyer"), "",
          {"consumer": ("个人客户", "Consumer"), "business": ("团体客户", "Business")}, (),
          ("按客户类型划分", "By the kind of customer"), history=False),
    _kind("key_account", "B07", ("重点客户画像", "Key account"), "segments.key", {"key": ("符合", "Matches")},
          ("key_marks", "annual_income_fen", "annual_premium_fen"),
          ("符合 {key_marks} 项标准（职业、收入、教育、保费）", "Meets {key_marks} of the marks (occupation, income, education, premium)")),
    _kind("tenure_class", "B11", ("新老客户", "New or old"), "segments.lifecycle",
          {"new": ("新客户", "New"), "settled": ("存续客户", "Settled"), "old": ("老客户", "Old")},
          ("tenure_months",), ("合作 {tenure_months}", "With us for {tenure_months}")),
    _kind("quadrant", "B12", ("能力 × 意愿", "Ability × willingness"), "segments.quadrants",
          {"develop": ("开发（低能力·低意愿）", "Develop (low ability, low willingness)"),
           "maintain": ("维系（低能力·高意愿）", "Maintain (low ability, high willingness)"),
           "cultivate": ("耕耘（高能力·低意愿）", "Cultivate (high ability, low willingness)"),
           "indulge": ("溺爱（高能力·高意愿）", "Indulge (high ability, high willingness)")},
          ("ability_score", "willingness_score"), ("能力 {ability_score}，意愿 {willingness_score}",
                                                   "Ability {ability_score}, willingness {willingness_score}")),
    _kind("lifecycle", "B14", ("生命周期", "Lifecycle"), "segments.lifecycle",
          {"lead": ("潜在客户", "Lead"), "target": ("目标客户", "Target"), "prospect": ("准客户", "Prospect"),
           "customer": ("成交客户", "Customer"), "loyal": ("忠诚客户", "Loyal"), "at_risk": ("流失预警", "At risk"),
           "lost": ("已流失", "Lost"), "won_back": ("已挽回", "Won back"), "do_not_contact": ("请勿联系", "Do not contact")},
          ("active_policies", "tenure_months", "silent_months", "overdue_instalments", "next_expiry_date"),
          ("有效保单 {active_policies} 件，年资 {tenure_months}，静默 {silent_months}，逾期 {overdue_instalments} 期",
           "{active_policies} policies in force, tenure {tenure_months}, silent {silent_months}, {overdue_instalments} overdue")),
    _kind("age_band", "B16", ("年龄段", "Age band"), "segments.lifecycle", AGES, ("age",), ("{age}", "Aged {age}"), history=False),
    _kind("cluster", "B17", ("聚类", "Cluster"), "segments.clusters", {}, (),
          ("与该群中心最接近", "Nearest to the centre of this cluster"), history=False),
    _kind("life_stage", "B19", ("人生阶段", "Life stage"), "segments.stages", STAGES, ("age", "children"),
          ("{age}，子女 {children} 人", "Aged {age}, {children} children")),
    _kind("needs_cell", "B19", ("需求格", "Needs cell"), "segments.stages", CELLS, ("annual_income_fen",),
          ("年收入 {annual_income_fen}", "Annual income {annual_income_fen}")),
    _kind("needs_result", "B20", ("需求对比结果", "Needs compared"), "segments.needs",
          {"1": ("大致一致，但需求发生变化", "Fits, but needs have changed"), "2": ("大致一致，需求没有很大变化", "Fits, needs much as they were"),
           "3": ("所选险种尚不能满足需求", "Kinds of cover are missing"), "4": ("所投保额保费不能满足需求", "Sums insured are too small"),
           "5": ("保额保费较高，险种与需求不同", "High sums, but for other kinds than needed")},
          ("gap_fen",), ("保障缺口合计 {gap_fen}", "Protection gap {gap_fen} in all")),
    _kind("visit_state", "B23", ("回访节奏", "Visit rhythm"), "segments.visits",
          {"due": ("应回访", "Visit due"), "on_time": ("节奏内", "On time")}, ("last_service_date", "visit_due_date"),
          ("最近服务 {last_service_date}，应于 {visit_due_date} 前回访", "Last served {last_service_date}, next due {visit_due_date}"),
          history=False),
    _kind("abc_credit", "B24", ("价格 × 信用", "Price × credit"), "segments.matrices",
          {"A": ("A 高价高信用：保持维护", "A high, high: keep"), "B": ("B 低价高信用：扩大份额", "B low price, high credit: grow"),
           "C": ("C 高价低信用：控制风险", "C high price, low credit: control risk"), "D": ("D 低价低信用：逐步淘汰（仅建议）", "D low, low: phase out (advice only)")},
          ("annual_premium_fen", "on_time_bp"), ("年缴保费 {annual_premium_fen}，按时缴费 {on_time_bp}",
                                                 "Annual premium {annual_premium_fen}, paid on time {on_time_bp}")),
    _kind("abc_share", "B24", ("份额 × 总额", "Share × total"), "segments.matrices",
          {"A": ("A 高份额高总额：保持维护", "A high, high: keep"), "B": ("B 低份额高总额：提升份额", "B high total, low share: grow the share"),
           "C": ("C 双低：逐步淘汰（仅建议）", "C low, low: phase out (advice only)"), "D": ("D 高份额低总额：培养拓宽", "D high share, low total: broaden")},
          ("annual_premium_fen", "annual_income_fen"), ("年缴保费 {annual_premium_fen}，年收入 {annual_income_fen}",
                                                        "Annual premium {annual_premium_fen}, income {annual_income_fen}")),
    _kind("pyramid", "B25", ("客户金字塔", "Pyramid"), "segments.matrices",
          {"vip": ("VIP 客户", "VIP"), "main": ("主要客户", "Main"), "ordinary": ("普通客户", "Ordinary"), "small": ("小客户", "Small")},
          ("annual_premium_fen", "premium_rank"), ("年缴保费排第 {premium_rank} 位", "Rank {premium_rank} by annual premium")),
    _kind("small_action", "B25", ("小客户处理", "Small customers"), "segments.matrices",
          {"upgrade": ("有潜力：推荐高价值产品", "Potential: offer better products"), "economise": ("降低服务成本", "Serve at less cost"),
           "review": ("复核（法定服务不变）", "Review (statutory service stays)")},
          ("potential_score", "profit_fen"), ("潜力 {potential_score}，年度利润约 {profit_fen}",
                                              "Potential {potential_score}, profit of the year about {profit_fen}"), history=False),
    _kind("credit", "B26", ("缴费信用", "Credit"), "segments.matrices", ABCD, ("on_time_bp", "overdue_instalments"),
          ("近 24 个月按时缴费 {on_time_bp}，逾期 {overdue_instalments} 期",
           "Paid on time {on_time_bp} in 24 months, {overdue_instalments} overdue")),
    _kind("rfm_segment", "4.5", ("保险 RFM", "Insurance RFM"), "",
          {"core": ("核心", "Core"), "growing": ("成长", "Growing"), "sleeping": ("高值沉睡", "Valuable but asleep"), "new": ("新客", "New"),
           "costly": ("高赔付", "Costly"), "silent": ("静默", "Silent"), "ordinary": ("一般", "Ordinary")},
          ("rfm", "tenure_months", "silent_months", "active_lines", "annual_premium_fen", "loss_ratio_bp", "gap_fen"),
          ("六维 {rfm}（年资、近度、险类、保费、赔付、缺口，1–5）", "Marks {rfm} (tenure, recency, lines, premium, claims, gap; 1 to 5)")),
)  # fmt: skip
BY_CODE: Final = {kind.code: kind for kind in CLASSES}
HISTORY: Final = tuple(kind.code for kind in CLASSES if kind.has_history)
# The score of value is no class; dry runs count it in steps, because its weights move nobody else.
SCORE: Final = "value_score"
SCORE_STEP: Final = 20
