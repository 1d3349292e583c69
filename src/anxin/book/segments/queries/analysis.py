"""What the classes say together: who the most valuable are and how they act, why value differs, what key accounts
prefer, and what is to be done about it. Sums over profiles within the reach; estimates, no customer is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from anxin.analytics.classes import registry
from anxin.analytics.metrics.registry import BY_CODE, Unit
from anxin.book.segments.queries import boards, members
from anxin.book.segments.queries.explaining import in_english
from anxin.kernel.actor import Actor

# Figures whose means tell how a group acts. Beyond a fifth more or less than the others it is worth a word.
BEHAVIOUR: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "active_lines": (("持有险类多", "持有险类少"), ("holds more lines", "holds fewer lines")),
    "tenure_months": (("合作时间长", "合作时间短"), ("with us for longer", "with us for less long")),
    "silent_months": (("久未联系", "近期有主动联系"), ("longer silent", "in touch more recently")),
    "voluntary_12m": (("主动联系多", "主动联系少"), ("calls more often", "calls less often")),
    "contact_minutes_12m": (("占用服务时间多", "占用服务时间少"), ("takes more time", "takes less time")),
    "referrals": (("转介绍多", "转介绍少"), ("refers more", "refers fewer")),
    "claims_12m": (("出险多", "出险少"), ("more claims", "fewer claims")),
    "overdue_instalments": (("逾期多", "逾期少"), ("more overdue", "less overdue")),
    "complaints": (("投诉多", "投诉少"), ("complains more", "complains less")),
    "age": (("年长", "年轻"), ("older", "younger")),
}
NOTABLE: Final = 0.2
CAUSES: Final = (
    "age_band", "acquisition_channel", "region", "education", "tenure_class", "life_stage", "credit", "buyer_class",
    "occupation_class", "scale_class",
)  # fmt: skip
MONEY: Final = ("annual_premium_fen", "claims_paid_12m_fen", "profit_fen", "clv_fen")


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Mean of a figure among the most valuable and among the others; `words` when they differ notably."""

    code: str
    name: str
    most: float
    others: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Tier:
    """What one customer of a value tier brings on average, in fen, and where it goes."""

    code: str
    parties: int
    premium_fen: int
    expense_fen: int
    claims_fen: int
    service_fen: int
    profit_fen: int
    clv_fen: int


@dataclass(frozen=True, kw_only=True)
class Preference:
    """Share of key accounts, and of the others, that hold a line."""

    line: str
    key: float
    others: float


def behaviours(actor: Actor) -> list[Behaviour]:
    """B05: the most valuable customers (MVC) against all others in force."""
    sums = {code: code for code in BEHAVIOUR}
    found = {row["value_tier"]: row for row in boards.grouped(actor, ("value_tier",), sums)}
    most = found.get("mvc")
    rest = [row for code, row in found.items() if code not in ("mvc", "")]
    parties = sum(row["parties"] for row in rest)
    if most is None or not most["parties"] or not parties:
        return []
    side = 1 if in_english() else 0
    rows = []
    for code, words in BEHAVIOUR.items():
        one = float(most[code] or 0) / most["parties"]
        other = sum(float(row[code] or 0) for row in rest) / parties
        far = (one - other) / abs(other) if other else (1.0 if one else 0.0)
        metric = BY_CODE[code]
        # Shown to one decimal: of what looks the same nothing is said.
        is_notable = abs(far) >= NOTABLE and round(one, 1) != round(other, 1)
        rows.append(
            Behaviour(
                code=code,
                name=metric.en if side else metric.zh,
                most=one,
                others=other,
                words=words[side][0 if far > 0 else 1] if is_notable else "",
            )
        )
    return rows


def tiers(actor: Actor, *, fen_per_minute: int) -> list[Tier]:
    """P02: where the money of an average customer of each value tier comes from and goes, to the yuan. Expenses are
    what is left between premium, claims, contact time at its price, and profit."""
    sums = {code: code for code in (*MONEY, "contact_minutes_12m")}
    rows = []
    found = {row["value_tier"]: row for row in boards.grouped(actor, ("value_tier",), sums)}
    for code in registry.BY_CODE["value_tier"].values:
        row = found.get(code)
        if row is None or not row["parties"]:
            continue
        number = row["parties"]

        def mean(fen: int, parties: int = number) -> int:
            return (fen + 50 * parties) // (100 * parties) * 100

        premium, claims, profit, clv = (int(row[name] or 0) for name in MONEY)
        service = int(row["contact_minutes_12m"] or 0) * fen_per_minute
        rows.append(
            Tier(
                code=code,
                parties=number,
                premium_fen=mean(premium),
                claims_fen=mean(claims),
                service_fen=mean(service),
                expense_fen=mean(premium - claims - service - profit),
                profit_fen=mean(profit),
                clv_fen=mean(clv),
            )
        )
    return rows


def causes(actor: Actor) -> list[tuple[str, float]]:
    """P02: how much of the differences of the value score each attribute goes along with (eta squared), largest first.

    The sum of squares between the groups of the attribute over that among all customers: 0 when it tells nothing, 1
    when it tells everything. It shows what goes together, not what causes what.
    """
    scores = {int(row["value_score"]): row["parties"] for row in boards.grouped(actor, ("value_score",), {})}
    number = sum(scores.values())
    if number < 2:
        return []
    mean = sum(score * parties for score, parties in scores.items()) / number
    whole = sum(parties * (score - mean) ** 2 for score, parties in scores.items())
    if whole <= 0:
        return []
    found = []
    for code in CAUSES:
        groups = boards.grouped(actor, (code,), {"score": "value_score"})
        between = sum(row["parties"] * (int(row["score"] or 0) / row["parties"] - mean) ** 2 for row in groups)
        found.append((code, between / whole))
    return sorted(found, key=lambda pair: -pair[1])


def preferences(actor: Actor) -> list[Preference]:
    """B08: which lines key accounts hold more often than other customers in force."""
    holders = {line: f"premium_{line}_fen" for line in boards.LINES} | {"held": "active_policies"}
    found = {row["key_account"]: row for row in boards.grouped(actor, ("key_account",), {}, holders)}
    key, others = found.get("key"), found.get("")
    if key is None or others is None or not key["held"]:
        return []
    return [
        Preference(line=line, key=key[line] / key["held"], others=others[line] / max(others["held"], 1))
        for line in boards.LINES
    ]


def terms(actor: Actor, *, today: date) -> Mapping[tuple[bool, bool], int]:
    """B28: customers in force by whether they bring profit this year (short term) and over their lifetime (long)."""
    return {
        side: members.count(actor, {"all": list(conditions)}, today=today).parties for side, conditions in TERMS.items()
    }


def _at_least(code: str, *, positive: bool) -> Mapping[str, object]:
    return {"field": code, "op": "gte" if positive else "lte", "value": 1 if positive else 0}


TERMS: Final[Mapping[tuple[bool, bool], Sequence[Mapping[str, object]]]] = {
    (short, long): (
        {"field": "active_policies", "op": "gte", "value": 1},
        _at_least("profit_fen", positive=short),
        _at_least("clv_fen", positive=long),
    )
    for short in (True, False)
    for long in (True, False)
}


def text_of(code: str, value: float) -> str:
    """A mean with its unit."""
    unit = BY_CODE[code].unit
    words = {Unit.MONTHS: ("个月", " months"), Unit.MINUTES: ("分钟", " min"), Unit.YEARS: ("岁", " years")}
    return f"{value:,.1f}" + words.get(unit, ("", ""))[1 if in_english() else 0]
