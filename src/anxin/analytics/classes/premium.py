"""Classes of parties by their figures: premium tiers and ABC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from anxin.analytics.metrics.frame import whole

WHOLE_BP = 10_000
_EXACT = "decimal(32, 0)"  # times 10,000 it still fits the 38 digits that both engines have


def with_tiers(table: Any, thresholds: Sequence[tuple[str, int]], *, rest: str = "standard") -> Any:
    """Adds `tier` and `tier_from_fen`: the highest threshold (code, fen) that `annual_premium_fen` reaches.

    Below all of them, parties with premium are `rest`; without premium both columns are empty ("" and 0).
    """
    ladder = sorted(thresholds, key=lambda step: -step[1])
    premium = table.annual_premium_fen
    return table.mutate(
        tier=ibis.cases(*[(premium >= least, code) for code, least in ladder], (premium > 0, rest), else_=""),
        tier_from_fen=ibis.cases(*[(premium >= least, least) for _, least in ladder], else_=0).cast("int64"),
    )


def with_abc(table: Any, *, a_bp: int, b_bp: int, others: Any = None) -> Any:
    """Adds `abc`, `premium_rank` and `share_before_bp` by cumulative `annual_premium_fen` (Pareto, domain 8.8).

    `share_before_bp` is the share of all premium, in 1/100 of a per cent rounded down, that parties with *more* premium
    carry. A: below `a_bp`; B: below `b_bp`; C: the rest; "" without premium. So the largest party is always A, parties
    of equal premium are always in one class, and the order of the rows means nothing. Exact, no float decides.
    `others`: who else is judged with them, as annual_premium_fen and parties_here, once for each premium.
    """
    steps = (
        table.filter(table.annual_premium_fen > 0)
        .group_by("annual_premium_fen")
        .aggregate(parties_here=lambda t: t.count().cast("int64"))
    )
    if others is not None:
        both = steps.union(others.select("annual_premium_fen", "parties_here"))
        steps = both.group_by("annual_premium_fen").aggregate(parties_here=whole(both.parties_here.sum()))
    steps = steps.mutate(premium_here=lambda t: t.annual_premium_fen * t.parties_here)
    upwards = ibis.window(order_by=ibis.desc("annual_premium_fen"), preceding=None, following=0)
    steps = steps.mutate(
        premium_before=steps.premium_here.sum().over(upwards).cast(_EXACT) - steps.premium_here.cast(_EXACT),
        premium_total=steps.premium_here.sum().over(ibis.window()).cast(_EXACT),
        parties_before=whole(steps.parties_here.sum().over(upwards)) - steps.parties_here,
    )
    steps = steps.mutate(weighed=steps.premium_before * WHOLE_BP)
    steps = steps.select(
        step=steps.annual_premium_fen,
        premium_rank=steps.parties_before + 1,
        # `//` goes through a double, which may land just below the whole number: divide what is divisible, and round.
        share_before_bp=((steps.weighed - steps.weighed % steps.premium_total) / steps.premium_total).round(),
        abc=ibis.cases(
            (steps.weighed < steps.premium_total * a_bp, "A"),
            (steps.weighed < steps.premium_total * b_bp, "B"),
            else_="C",
        ),
    )
    joined = table.left_join(steps, table.annual_premium_fen == steps.step).drop("step")
    return joined.mutate(
        abc=joined.abc.fill_null(""),
        premium_rank=joined.premium_rank.fill_null(0).cast("int64"),
        share_before_bp=joined.share_before_bp.fill_null(0).cast("int64"),
    )
