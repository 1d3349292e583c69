"""Classes by what a customer brings: profit tiers with their time budget, value tiers, service balance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from anxin.analytics.classes.fitting import Fitted
from anxin.analytics.classes.scores import steps
from anxin.analytics.metrics.frame import WHOLE_BP, bounded, parted, share_of

CUSTOMER_TIERS: Final = ("key", "normal", "potential")
# Of the premium: however bad a year was, the next ones are not taken to cost more than thrice the premium more.
WORST_BP: Final = 30_000
CREDIBLE_FEN: Final = 2_000_000  # for contents of segments.lifetime from before the house could say it


def with_money(table: Any, worths_of_parties: Any, rules: Mapping[str, Mapping[str, Any]]) -> Any:
    """Adds profit_fen (this year) and clv_fen (over the renewals to come), both estimates.

    Profit = annual premium − expenses of its lines − claims of 12 months − contact minutes at their price. Lifetime
    value = worth of the policies in force − claims beyond the usual − the yearly price of serving the customer, over
    the years they are expected to stay: who is worth little for a year does not cost ten.
    """
    lifetime_rules, profit = rules["segments.lifetime"], rules["segments.profit"]
    table = table.left_join(worths_of_parties, "party").drop("party_right")
    minutes_fen = table.contact_minutes_12m * profit["fen_per_minute"]
    service_fen = share_of(ibis.literal(lifetime_rules["service_fen_per_year"], "int64"), table.served_bp.fill_null(0))
    credible = int(lifetime_rules.get("credible_fen", CREDIBLE_FEN))
    return table.mutate(
        profit_fen=table.annual_premium_fen - table.expense_fen - table.claims_paid_12m_fen - minutes_fen,
        clv_fen=table.policy_worth_fen.fill_null(0) - beyond_usual(table, credible) - service_fen,
    )


def beyond_usual(table: Any, credible_fen: int) -> Any:
    """Claims to expect of yearly contracts beyond what their lines usually pay, in fen; below zero for who claims less.

    Own experience counts by its credibility Z = paid ÷ (paid + credible_fen), as in Bühlmann's model (Bühlmann,
    Gisler: A Course in Credibility Theory, 2005, ch. 3). Of every premium to come that is
    Z × (claims − usual) ÷ paid = (claims − usual) ÷ (paid + credible_fen). Contracts for life are left out: one death
    says nothing of the next.
    """
    claims, usual = ibis.greatest(table.yearly_claims_fen, 0), table.yearly_usual_fen
    base = ibis.greatest(table.yearly_paid_fen + credible_fen, 1)
    more = parted(bounded(ibis.greatest(claims - usual, 0)) * WHOLE_BP, base)
    less = parted(bounded(ibis.greatest(usual - claims, 0)) * WHOLE_BP, base)
    to_come = table.yearly_to_come_fen.fill_null(0)
    return share_of(to_come, ibis.least(more, WORST_BP)) - share_of(to_come, less)


def with_profit_tier(table: Any, fitted: Fitted, rules: Mapping[str, Any]) -> Any:
    """Adds profit_tier (B01), service_budget_minutes and service_balance (B29).

    The customers of most profit are `key`, the next ones `normal`, all others `potential`; each tier is to take its
    share of all contact time. Who took much more than the share of one customer is over-served, much less under-served.
    """
    top = fitted.top["profit_fen"]
    key, normal = top[rules["key_bp"]], top[rules["key_bp"] + rules["normal_bp"]]
    profit = table.profit_fen
    table = table.mutate(
        profit_tier=ibis.cases(
            ((profit >= key) & (profit > 0), "key"), ((profit >= normal) & (profit > 0), "normal"), else_="potential"
        )
    )
    table = table.mutate(
        service_budget_minutes=ibis.cases(
            *[(table.profit_tier == tier, minutes) for tier, minutes in fitted.minutes.items()], else_=0
        ).cast("int64")
    )
    actual, budget = table.contact_minutes_12m * 100, table.service_budget_minutes
    balance = ibis.cases(
        ((table.active_policies == 0) & (table.contact_minutes_12m == 0), ""),
        ((actual > budget * rules["over_percent"]) & (table.contact_minutes_12m >= rules["least_minutes"]), "over"),
        ((actual < budget * rules["under_percent"]) & (budget >= rules["least_minutes"]), "under"),
        else_="fit",
    )
    return table.mutate(service_balance=balance)


def with_value_tier(table: Any, fitted: Fitted, rules: Mapping[str, Any]) -> Any:
    """Adds value_tier (B02): MVC most valuable, MGC most growable, LVC low, BZ below zero (domain 8.2).

    BZ needs both: a lifetime value below zero and a gap too small to hope for. Who holds nothing has no tier; who has
    paid up costs a little service and has brought what was asked, so nobody without premium is below zero.
    """
    mvc, mgc = fitted.top["clv_fen"][rules["mvc_bp"]], fitted.top["gap_fen"][rules["mgc_bp"]]
    value, potential = table.clv_fen, table.gap_fen
    return table.mutate(
        value_tier=ibis.cases(
            (table.active_policies == 0, ""),
            ((value >= mvc) & (value > 0), "mvc"),
            ((potential >= mgc) & (potential > 0), "mgc"),
            ((value < 0) & (potential < rules["bz_gap_fen"]) & (table.annual_premium_fen > 0), "bz"),
            else_="lvc",
        )
    )


def with_rfm(table: Any, fitted: Fitted) -> Any:
    """Adds rfm, six digits from 1 (poor) to 5: L tenure, R recency, F lines, M premium, C claims (reverse), P gap; and
    rfm_segment. Domain 4.5: contracts renew themselves, so frequency counts lines and recency voluntary contacts."""

    def five(name: str) -> Any:
        return steps(table[name], fitted.coarse[name]) + 1

    silent = table.silent_months.fill_null(10_000)
    marks = {
        "l": five("tenure_months"),
        "r": 5 - steps(silent, fitted.coarse["silent_months"]),
        "f": ibis.greatest(ibis.least(table.active_lines, 5), 1).cast("int64"),
        "m": five("annual_premium_fen"),
        "c": 5 - steps(table.loss_ratio_bp, fitted.coarse["loss_ratio_bp"]),
        "p": five("gap_fen"),
    }
    vector: Any = ibis.literal("")
    for mark in marks.values():
        vector = vector + mark.cast("string")
    is_held = table.active_policies > 0
    segment = ibis.cases(
        (~is_held, ""),
        (marks["c"] <= 1, "costly"),
        ((marks["m"] >= 4) & (marks["r"] >= 3) & (marks["l"] >= 3), "core"),
        ((marks["m"] >= 4) & (marks["r"] <= 2), "sleeping"),
        (marks["l"] <= 1, "new"),
        ((marks["p"] >= 4) & (marks["r"] >= 3), "growing"),
        (marks["r"] <= 1, "silent"),
        else_="ordinary",
    )
    return table.mutate(rfm=ibis.ifelse(is_held, vector, ""), rfm_segment=segment)
