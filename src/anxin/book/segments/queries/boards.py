"""Classes in numbers: the dashboard's figures, cross-tabs, migration between runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Sum

from anxin.analytics.classes import registry
from anxin.book.customers import queries as customers
from anxin.book.segments import access
from anxin.book.segments.models import ClassChange, Profile
from anxin.kernel.actor import Actor

# Dimensions of the cross-tab (P01). Occupation goes by its class: the free text has as many values as customers.
DIMENSIONS: Final[Mapping[str, tuple[str, str]]] = {
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
    "buyer_class": ("购买者类型", "Buyer"),
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
LINE_MEASURES: Final = ("motor", "property", "accident", "health", "life", "annuity")
MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "parties": ("客户数", "Customers"),
    "annual_premium_fen": ("年缴保费", "Annual premium"),
    "claims_paid_12m_fen": ("近 12 个月赔款", "Claims paid in 12 months"),
    "gap_fen": ("保障缺口", "Protection gap"),
    "profit_fen": ("年度利润", "Profit of the year"),
    "premium_motor_fen": ("车险保费", "Motor premium"),
    "premium_property_fen": ("财产责任险保费", "Property premium"),
    "premium_accident_fen": ("意外险保费", "Accident premium"),
    "premium_health_fen": ("健康险保费", "Health premium"),
    "premium_life_fen": ("寿险保费", "Life premium"),
    "premium_annuity_fen": ("年金险保费", "Annuity premium"),
}


@dataclass(frozen=True, kw_only=True)
class CrossTab:
    """Values by row and column codes; totals of rows and columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    row_totals: Mapping[str, int]
    column_totals: Mapping[str, int]
    total: int


def cross_tab(actor: Actor, *, rows: str, columns: str, measure: str, most: int = 16) -> CrossTab:
    """Within the actor's reach. Of a dimension with many values the largest stay. Raises KeyError for unknown codes."""
    for code in (rows, columns):
        DIMENSIONS[code]
    MEASURES[measure]
    value = Count("pk") if measure == "parties" else Sum(measure)
    reach = customers.reach(actor, "segments.view", prefix="party__")
    found: dict[tuple[str, str], int] = {
        (one[rows], one[columns]): one["value"] or 0
        for one in Profile.objects.filter(reach).values(rows, columns).annotate(value=value)
    }
    down: dict[str, int] = {}
    across: dict[str, int] = {}
    for (row, column), number in found.items():
        down[row] = down.get(row, 0) + number
        across[column] = across.get(column, 0) + number
    keep_rows = sorted(down, key=lambda code: -down[code])[:most]
    keep_columns = sorted(across, key=lambda code: -across[code])[:most]
    return CrossTab(
        rows=tuple(keep_rows),
        columns=tuple(keep_columns),
        cells=found,
        row_totals=down,
        column_totals=across,
        total=sum(down.values()),
    )


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
    reach = customers.reach(actor, "segments.view", prefix="party__")
    return [
        {
            "code": row[code],
            "parties": row["parties"],
            "premium_fen": row["premium"] or 0,
            "minutes": row["minutes"] or 0,
        }
        for row in Profile.objects.filter(reach)
        .values(code)
        .annotate(parties=Count("pk"), premium=Sum("annual_premium_fen"), minutes=Sum("contact_minutes_12m"))
    ]


def preferences(actor: Actor) -> list[dict[str, Any]]:
    """What key accounts hold more often than others (B08): per line, the share of either with it."""
    reach = customers.reach(actor, "segments.view", prefix="party__")
    from django.db.models import Q

    held = Profile.objects.filter(reach, active_policies__gt=0)
    counts = held.aggregate(
        key=Count("pk", filter=Q(key_account="key")),
        others=Count("pk", filter=~Q(key_account="key")),
        **{
            f"{side}_{line}": Count(
                "pk",
                filter=Q(**{f"premium_{line}_fen__gt": 0})
                & (Q(key_account="key") if side == "key" else ~Q(key_account="key")),
            )
            for line in LINE_MEASURES
            for side in ("key", "others")
        },
    )
    key, others = max(counts["key"], 1), max(counts["others"], 1)
    return [
        {"line": line, "key": counts[f"key_{line}"] / key, "others": counts[f"others_{line}"] / others}
        for line in LINE_MEASURES
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
