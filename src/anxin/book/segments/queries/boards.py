"""Classes in numbers: the dashboard's figures, cross-tabs, migration between runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, Sum

from anxin.analytics.classes import registry
from anxin.book.customers import queries as customers
from anxin.book.segments import access
from anxin.book.segments.models import ClassChange, Profile
from anxin.book.segments.queries import choosing, last_result
from anxin.book.segments.rules.conditions import FIELDS
from anxin.kernel.actor import Actor

# Dimensions of the cross-tab (P01). Occupation goes by its class: the free text has as many values as customers.
DIMENSIONS: Final[Mapping[str, tuple[str, str]]] = {
    "line": ("险类", "Line"),
    "acquisition_channel": ("首单渠道", "Channel"),
    "channel_class": ("渠道分类", "Channel class"),
    "region": ("区域", "Region"),
    "occupation_class": ("职业类别", "Occupation class"),
    "age_band": ("年龄段", "Age band"),
    "sex": ("性别", "Sex"),
    "education": ("教育", "Education"),
    "marital_status": ("婚姻", "Marital status"),
    "kind": ("客户类型", "Kind"),
    "industry": ("行业", "Industry"),
    "buyer_class": ("业务性质（个人/团体）", "Business nature (personal or group)"),
    **{
        code: (registry.BY_CODE[code].zh, registry.BY_CODE[code].en)
        for code in (
            "tier",
            "abc",
            "value_tier",
            "profit_tier",
            "lifecycle",
            "quadrant",
            "life_stage",
            "needs_result",
            "tenure_class",
            "scale_class",
            "pyramid",
            "credit",
            "rfm_segment",
            "cluster",
        )
    },
}
LINES: Final = ("motor", "property", "accident", "health", "life", "annuity")
LINE: Final = "line"  # not a column: a customer holds several
# Name, unit (count, fen, bp), what is summed, and of what it is a share ("" of nothing).
MEASURES: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "parties": ("客户数", "Customers", "count", "", ""),
    "active_policies": ("有效保单数", "Policies in force", "count", "active_policies", ""),
    "annual_premium_fen": ("年缴保费", "Annual premium", "fen", "annual_premium_fen", ""),
    "claims_12m": ("近 12 个月赔案数", "Claims in 12 months", "count", "claims_12m", ""),
    "claims_paid_12m_fen": ("近 12 个月赔款", "Claims paid in 12 months", "fen", "claims_paid_12m_fen", ""),
    "loss_ratio": (
        "赔款占年缴保费",
        "Claims paid of annual premium",
        "bp",
        "claims_paid_12m_fen",
        "annual_premium_fen",
    ),
    "gap_fen": ("保障缺口", "Protection gap", "fen", "gap_fen", ""),
    "profit_fen": ("年度利润", "Profit of the year", "fen", "profit_fen", ""),
}
# What is known line by line; the other figures belong to the customer as a whole.
BY_LINE: Final = ("parties", "annual_premium_fen", "claims_paid_12m_fen", "loss_ratio")


@dataclass(frozen=True, kw_only=True)
class CrossTab:
    """Values by row and column codes, in the order of their scale; totals of rows and columns. Rates in 1/10000."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    row_totals: Mapping[str, int]
    column_totals: Mapping[str, int]
    total: int


def cross_tab(actor: Actor, *, rows: str, columns: str, measure: str, most: int = 24) -> CrossTab:
    """Within the actor's reach. Of a dimension with many values the largest stay. Raises KeyError for unknown codes.

    By LINE a customer counts once for every line held, so customers add up to more than there are.
    """
    for code in (rows, columns):
        DIMENSIONS[code]
    _zh, _en, unit, part, whole = MEASURES[measure]
    found = _by_line(actor, rows, columns, measure) if LINE in (rows, columns) else None
    if found is None:
        sums = {name: column for name, column in (("part", part), ("whole", whole)) if column}
        found = {
            (one[rows], one[columns]): (int(one["part"] or 0) if part else one["parties"], int(one.get("whole") or 0))
            for one in grouped(actor, tuple(dict.fromkeys((rows, columns))), sums)
        }
    down: dict[str, tuple[int, int]] = {}
    across: dict[str, tuple[int, int]] = {}
    for (row, column), pair in found.items():
        down[row] = _added(down.get(row), pair)
        across[column] = _added(across.get(column), pair)

    def value(pair: tuple[int, int]) -> int:
        return pair[0] if unit != "bp" else pair[0] * 10_000 // pair[1] if pair[1] > 0 else 0

    total = (0, 0)
    for pair in down.values():
        total = _added(total, pair)
    return CrossTab(
        rows=_in_order(rows, down, most), columns=_in_order(columns, across, most),
        cells={key: value(pair) for key, pair in found.items()},
        row_totals={key: value(pair) for key, pair in down.items()},
        column_totals={key: value(pair) for key, pair in across.items()}, total=value(total),
    )  # fmt: skip


def _added(one: tuple[int, int] | None, other: tuple[int, int]) -> tuple[int, int]:
    return other if one is None else (one[0] + other[0], one[1] + other[1])


def _by_line(actor: Actor, rows: str, columns: str, measure: str) -> dict[tuple[str, str], tuple[int, int]]:
    measure = measure if measure in BY_LINE else "annual_premium_fen"
    other = columns if rows == LINE else rows
    keys = () if other == LINE else (other,)
    sums = {f"premium_{line}": f"premium_{line}_fen" for line in LINES}
    sums |= {f"claims_{line}": f"claims_{line}_12m_fen" for line in LINES}
    holders = {f"holders_{line}": f"premium_{line}_fen" for line in LINES}
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for one in grouped(actor, keys, sums, holders):
        for line in LINES:
            premium, claims = int(one[f"premium_{line}"] or 0), int(one[f"claims_{line}"] or 0)
            part = {"parties": one[f"holders_{line}"], "annual_premium_fen": premium}.get(measure, claims)
            key = (line, one[other] if keys else line)
            found[key if rows == LINE else key[::-1]] = (int(part or 0), premium)
    return found


def grouped(
    actor: Actor, keys: Sequence[str], sums: Mapping[str, str], holders: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Profiles within the reach by `keys`: for those who see all from the columns of the last run, else counted."""
    holders = holders or {}
    file = last_result.file_for(actor)
    found = last_result.grouped(file, keys, sums, holders) if file is not None and keys else None
    if found is not None:
        return found
    reach = customers.reach(actor, "segments.view", prefix="party__")
    wanted: dict[str, Any] = {"parties": Count("pk")}
    wanted |= {name: Sum(column) for name, column in sums.items()}
    wanted |= {name: Count("pk", filter=Q(**{f"{column}__gt": 0})) for name, column in holders.items()}
    profiles = Profile.objects.filter(reach)
    return list(profiles.values(*keys).annotate(**wanted)) if keys else [profiles.aggregate(**wanted)]


def _in_order(code: str, totals: Mapping[str, tuple[int, int]], most: int) -> tuple[str, ...]:
    """The largest, in the order of their scale where there is one (ages, education, classes), else by size; nothing
    known comes last."""
    kept = sorted(totals, key=lambda value: -totals[value][0])[:most]
    if code == "age_band":
        return tuple(sorted(kept, key=lambda band: (not band, not band.startswith("under"), _bound(band))))
    choices = choosing.choices(FIELDS[code]) if code in FIELDS else {}
    scale = {value: place for place, value in enumerate(LINES if code == LINE else (*choices, ""))}
    return tuple(sorted(kept, key=lambda value: (not value, scale.get(value, len(scale) if scale else 0))))


def _bound(band: str) -> int:
    number = band.rpartition("_")[2]
    return int(number) if number.isdecimal() else 0


def migration(actor: Actor, run_id: UUID, scheme: str) -> list[tuple[str, str, int]]:
    """How many moved from which class to which in a run: (before, after, customers), largest first."""
    access.visible_runs(actor).get(pk=run_id)
    rows = (
        ClassChange.objects.filter(run_id=run_id, scheme=scheme)
        .values("before", "after")
        .annotate(parties=Count("pk"))
        .order_by("-parties")
    )
    return [(row["before"], row["after"], row["parties"]) for row in rows]


def group_counts(actor: Actor, code: str) -> list[dict[str, Any]]:
    """Sizes of a class within the reach: code, parties, premium_fen, minutes."""
    return [
        {
            "code": row[code],
            "parties": row["parties"],
            "premium_fen": int(row["premium"] or 0),
            "minutes": int(row["minutes"] or 0),
        }
        for row in grouped(actor, (code,), {"premium": "annual_premium_fen", "minutes": "contact_minutes_12m"})
    ]


def dots(actor: Actor, limit: int = 400) -> list[dict[str, Any]]:
    """Customers in force for the scatter of ability and willingness; by number, which is as good as drawn by lot."""
    reach = customers.reach(actor, "segments.view", prefix="party__")
    rows = Profile.objects.filter(reach, active_policies__gt=0, party__state="active").order_by("party__ref")
    return [
        {"ref": ref, "ability": ability, "willingness": willingness, "quadrant": quadrant}
        for ref, ability, willingness, quadrant in rows.values_list(
            "party__ref", "ability_score", "willingness_score", "quadrant"
        )[:limit]
    ]
