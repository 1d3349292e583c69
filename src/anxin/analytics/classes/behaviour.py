"""Classes by how a customer acts: ability × willingness, credit, the ABC matrices, pyramid, visits due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from anxin.analytics.classes.fitting import Fitted
from anxin.analytics.metrics.frame import WHOLE_BP, Day, bounded, day_of, share_of


def with_quadrant(table: Any, rules: Mapping[str, Any]) -> Any:
    """Adds quadrant (B12): develop (low ability, low willingness), maintain (low, high), cultivate, indulge."""
    able, willing = table.ability_score >= rules["ability_cut"], table.willingness_score >= rules["willingness_cut"]
    return table.mutate(
        quadrant=ibis.cases((able & willing, "indulge"), (able, "cultivate"), (willing, "maintain"), else_="develop")
    )


def with_credit(table: Any, rules: Mapping[str, Any]) -> Any:
    """Adds credit (B26): A to D by punctuality and what is overdue; empty when nothing fell due."""
    on_time, overdue = table.on_time_bp, table.overdue_instalments
    return table.mutate(
        credit=ibis.cases(
            (on_time.isnull(), ""),
            (overdue >= rules["d_overdue"], "D"),
            ((on_time >= rules["credit_a_bp"]) & (overdue == 0), "A"),
            (on_time >= rules["credit_b_bp"], "B"),
            (on_time >= rules["credit_c_bp"], "C"),
            else_="D",
        )
    )


def with_matrices(table: Any, fitted: Fitted, rules: Mapping[str, Any]) -> Any:
    """Adds abc_credit (price × credit), abc_share (share of wallet × yearly total) (B24), pyramid, small_action (B25).

    Share of wallet: annual premium over what the income lets one spend on insurance (`wallet_bp` of it). Without income
    there is no share, without premium no place in a matrix.
    """
    top = fitted.top["annual_premium_fen"]
    pays = table.annual_premium_fen > 0
    dear = table.annual_premium_fen >= top[rules["high_price_bp"]]
    sound = table.credit.isin(["A", "B", ""])
    wallet = share_of(table.annual_income_fen.fill_null(0), rules["wallet_bp"])
    known = wallet > 0
    much = bounded(table.annual_premium_fen) * WHOLE_BP >= bounded(wallet) * rules["high_share_bp"]
    vip, main = rules["vip_bp"], rules["vip_bp"] + rules["main_bp"]
    ordinary = main + rules["ordinary_bp"]
    table = table.mutate(
        abc_credit=ibis.cases((~pays, ""), (dear & sound, "A"), (sound, "B"), (dear, "C"), else_="D"),
        abc_share=ibis.cases((~pays | ~known, ""), (dear & much, "A"), (dear, "B"), (much, "D"), else_="C"),
        pyramid=ibis.cases(
            (~pays, ""),
            (table.annual_premium_fen >= top[vip], "vip"),
            (table.annual_premium_fen >= top[main], "main"),
            (table.annual_premium_fen >= top[ordinary], "ordinary"),
            else_="small",
        ),
    )
    return table.mutate(
        small_action=ibis.cases(
            (table.pyramid != "small", ""),
            (table.potential_score >= rules["upgrade_score"], "upgrade"),
            (table.profit_fen < 0, "review"),
            else_="economise",
        )
    )


def with_visits(table: Any, rules: Mapping[str, Any], *, as_of: Day) -> Any:
    """Adds visit_due_date and visit_state (B23): so many days after the last contact by us, by ABC class.

    Who was never called is due since the first policy. Customers without a class have no rhythm of their own.
    """
    begun = ibis.coalesce(table.last_service_date, table.first_policy_date)
    # DuckDB makes a time of a date and an interval, which Ibis takes for a date still.
    due = ibis.cases(
        *[(table.abc == letter, begun + ibis.interval(days=rules[f"{letter.lower()}_days"])) for letter in "ABC"]
    )
    table = table.mutate(visit_due_date=due.cast("timestamp").cast("date"))
    return table.mutate(
        visit_state=ibis.cases(
            (table.visit_due_date.isnull(), ""), (table.visit_due_date <= day_of(as_of), "due"), else_="on_time"
        )
    )
