"""Scores from 0 to 100: the four factors of value, ability and willingness, engagement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis

from anxin.analytics.classes.fitting import Fitted
from anxin.analytics.metrics.frame import parted

WHOLE_BP: Final = 10_000
RECENT_MONTHS: Final = 24


def steps(column: Any, cuts: Sequence[Any]) -> Any:
    """How many of the cuts a value passes; a value on a cut does not pass it. Unknown passes none."""
    found: Any = ibis.literal(0, "int64")
    for cut in cuts:
        found = found + (column > cut).fill_null(False).cast("int64")
    return found


def standing(column: Any, cuts: Sequence[Any]) -> Any:
    """Where a value stands among all, 0 to 100."""
    return parted(steps(column, cuts) * 100, len(cuts)) if cuts else ibis.literal(0, "int64")


def capped(value: Any, most: int) -> Any:
    return ibis.greatest(ibis.least(value, most), 0).cast("int64")


def weighted(parts: Sequence[tuple[Any, int]]) -> Any:
    """The mean of scores by their weights (any whole numbers)."""
    total = sum(weight for _, weight in parts)
    found: Any = ibis.literal(0, "int64")
    for score, weight in parts:
        found = found + score * weight
    return parted(found, max(1, total))


def with_scores(table: Any, fitted: Fitted, rules: Mapping[str, Mapping[str, Any]]) -> Any:
    """Adds the seven scores. Needs `is_key_occupation` (see classes.people)."""
    value, quadrants = rules["segments.value"], rules["segments.quadrants"]
    is_company = table.kind == "organisation"
    influence = ibis.ifelse(
        is_company,
        capped(parted(table.headcount.fill_null(0).cast("int64"), 10), 60) + capped(table.referrals * 20, 40),
        table.is_key_occupation.cast("int64") * 40 + capped(table.referrals * 20, 40) + capped(table.relations * 4, 20),
    )
    table = table.mutate(
        profit_score=standing(table.profit_fen, fitted.fine["profit_fen"]),
        influence_score=capped(influence, 100),
        loyalty_score=capped(
            capped(parted(table.tenure_months.fill_null(0) * 50, 120), 50)
            + capped(table.active_lines * 10, 30)
            + parted(table.on_time_bp.fill_null(0) * 20, WHOLE_BP),
            100,
        )
        * (table.active_policies > 0).cast("int64"),
        potential_score=standing(table.gap_fen, fitted.fine["gap_fen"]),
        engagement_score=capped(
            capped(table.voluntary_12m * 15, 60) + capped(table.contact_channels_12m * 10, 40), 100
        ),
        willingness_score=capped(
            capped(table.voluntary_12m * quadrants["points_contact"], quadrants["points_contact"] * 3)
            + capped(table.bought_24m * quadrants["points_purchase"], quadrants["points_purchase"] * 2)
            + capped(table.referrals * quadrants["points_referral"], quadrants["points_referral"] * 2)
            + ibis.ifelse(table.may_market, quadrants["points_consent"], 0)
            + parted(
                (RECENT_MONTHS - ibis.least(table.silent_months.fill_null(RECENT_MONTHS), RECENT_MONTHS))
                * quadrants["points_recent"],
                RECENT_MONTHS,
            ),
            100,
        ),
    )
    premium = standing(table.annual_premium_fen, fitted.fine["annual_premium_fen"])
    income = standing(table.annual_income_fen, fitted.fine["annual_income_fen"])
    return table.mutate(
        value_score=weighted(
            [
                (table.profit_score, value["weight_profit_bp"]),
                (table.influence_score, value["weight_influence_bp"]),
                (table.loyalty_score, value["weight_loyalty_bp"]),
                (table.potential_score, value["weight_potential_bp"]),
            ]
        ),
        ability_score=ibis.ifelse(table.annual_income_fen.notnull(), weighted([(income, 1), (premium, 1)]), premium),
    )
