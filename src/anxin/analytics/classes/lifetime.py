"""Lifetime value in the contractual setting: shifted-beta-geometric retention per line, worked out policy by policy.

Fader, Hardie: How to project customer retention, Journal of Interactive Marketing 21 (2007) 1. A contract that has been
renewed is the more likely to be renewed again, because the fickle have left: retention rises with age. BG/NBD and
Pareto/NBD are for customers who may buy at any time, which a policyholder cannot: wrong here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis
import numpy as np
import polars as pl
from scipy import optimize, special

from anxin.analytics.metrics import frame

WHOLE_BP: Final = 10_000
OLDEST: Final = 40  # renewals; what is older is treated alike
LATE_RENEWAL_DAYS: Final = 30  # domain 4.2: renewed when paid within 30 days after the end
LEFT: Final = ("lapsed", "surrendered", "cancelled")
FEWEST_LEAVERS: Final = 50
MOST_LOG: Final = 10.0  # a cohort without any spread has its maximum at infinity: stop where it changes nothing


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Beta mixing of the chance to leave at a renewal; `leavers` 0: the shipped values, too few were seen to fit."""

    alpha: float
    beta: float
    leavers: int = 0


def fit(left: Sequence[float], stayed: Sequence[float]) -> Retention:
    """Maximum likelihood. `left[t-1]`: contracts that left at their t-th renewal; `stayed[t]`: alive after t renewals.

    Raises ValueError when nobody left or nobody stayed: then there is no maximum.
    """
    gone, alive = np.asarray(left, dtype=float), np.asarray(stayed, dtype=float)
    if gone.sum() <= 0 or alive.sum() <= 0:
        raise ValueError("Retention needs contracts that left and contracts that stayed.")
    ends, ages = np.arange(1, len(gone) + 1), np.arange(len(alive))

    def unlikely(logs: Any) -> float:
        alpha, beta = np.exp(np.clip(logs, -MOST_LOG, MOST_LOG))
        base = special.betaln(alpha, beta)
        # ln P(T=t) = ln B(α+1, β+t−1) − ln B(α, β); ln S(t) = ln B(α, β+t) − ln B(α, β)
        leaving = special.betaln(alpha + 1, beta + ends - 1) - base
        staying = special.betaln(alpha, beta + ages) - base
        return float(-(gone @ leaving + alive @ staying))

    found = optimize.minimize(
        unlikely, np.log([1.0, 3.0]), method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-10, "maxiter": 4000}
    )
    alpha, beta = np.exp(np.clip(found.x, -MOST_LOG, MOST_LOG))
    return Retention(alpha=float(alpha), beta=float(beta), leavers=int(gone.sum()))


def survival(retention: Retention, renewals: int) -> list[float]:
    """S(0) … S(renewals)."""
    ages = np.arange(renewals + 1)
    logs = special.betaln(retention.alpha, retention.beta + ages) - special.betaln(retention.alpha, retention.beta)
    return [float(value) for value in np.exp(logs)]


def residual(retention: Retention, *, renewals: int, discount: float) -> float:
    """DERL: discounted expected number of renewals to come for a contract renewed `renewals` times, without horizon.

    The first of them counts whole, the next ones 1/(1+d) each (Fader, Hardie 2010, eq. 6).
    """
    alpha, beta = retention.alpha, retention.beta
    share = (beta + renewals) / (alpha + beta + renewals)
    series = special.hyp2f1(1, beta + renewals + 1, alpha + beta + renewals + 1, 1 / (1 + discount))
    return float(share * series)


def residual_within(retention: Retention, *, renewals: int, discount: float, horizon: int) -> float:
    """The same over the next `horizon` renewals only."""
    alive = survival(retention, renewals + horizon)
    now = alive[renewals]
    return sum(alive[renewals + k] / now / (1 + discount) ** (k - 1) for k in range(1, horizon + 1))


def cohorts(policies: Any, *, as_of: frame.Day) -> Any:
    """Contracts by line, age in renewals and whether they left: line, renewals, has_left, contracts."""
    rows = contracts(policies, as_of=as_of)
    return rows.group_by(["line", "renewals", "has_left"]).aggregate(contracts=rows.count().cast("int64"))


def contracts(policies: Any, *, as_of: frame.Day) -> Any:
    """One row per contract: party, line, renewals, has_left. The terms of one chain are one contract.

    `policies` come from `metrics.frame.policies`. What ended by itself (matured, paid out) stayed as long as it could.
    """
    rows = policies.filter(~policies.is_group_header & (policies.status != "pending"))
    day = frame.day_of(as_of)
    chained = rows.filter(rows.is_yearly & rows.chain.notnull())
    terms = chained.group_by(["line", "chain"]).aggregate(
        renewals=(chained.count() - 1).cast("int64"),
        is_alive=(chained.count(where=chained.is_active) > 0),
        last_end=chained.expiry_date.max(),
    )
    yearly = terms.select(
        "line", "renewals", has_left=~terms.is_alive & (terms.last_end + ibis.interval(days=LATE_RENEWAL_DAYS) < day)
    )
    long = rows.filter(~rows.is_yearly & (rows.pay_mode != "single"))
    until = ibis.coalesce(ibis.least(long.ended_date, day), day)
    lived = long.select(
        "line",
        renewals=frame.parted(frame.full_months(long.effective_date, until), 12),
        has_left=long.status.isin(list(LEFT)),
    )
    found = yearly.union(lived)
    return found.mutate(renewals=ibis.least(found.renewals, OLDEST).cast("int64"))


def fit_lines(counted: pl.DataFrame, default: Retention) -> dict[str, Retention]:
    """Retention of each line of `cohorts`; `default` where too few left to say."""
    fitted = {}
    for (line,), part in sorted(counted.group_by("line")):
        left, stayed = np.zeros(OLDEST + 1), np.zeros(OLDEST + 1)
        for renewals, has_left, contracts_ in part.select("renewals", "has_left", "contracts").iter_rows():
            (left if has_left else stayed)[renewals] += contracts_
        enough = left.sum() >= FEWEST_LEAVERS and stayed.sum() > 0
        fitted[str(line)] = fit(left.tolist(), stayed.tolist()) if enough else default
    return fitted


def worth(
    lines: Mapping[str, Retention], margins_bp: Mapping[str, int], *, discount_bp: int, horizon: int
) -> pl.DataFrame:
    """line, renewals, worth_bp: how many times its annual premium a policy in force is worth; years_bp: how many years
    it is expected to stay, discounted alike. Both in 1/10000."""
    rows = []
    for line, retention in sorted(lines.items()):
        margin = margins_bp.get(line, margins_bp.get("", 0)) / WHOLE_BP
        for renewals in range(OLDEST + 1):
            terms = residual_within(retention, renewals=renewals, discount=discount_bp / WHOLE_BP, horizon=horizon)
            rows.append((line, renewals, round(margin * terms * WHOLE_BP), round(terms * WHOLE_BP)))
    schema = {"line": pl.String, "renewals": pl.Int64, "worth_bp": pl.Int64, "years_bp": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def write_worth(table: pl.DataFrame, file: Path) -> None:
    table.write_parquet(file)


def of_parties(policies: Any, worths: Any, *, as_of: frame.Day) -> Any:
    """party, policy_worth_fen: what the policies in force are worth over their renewals to come; yearly_to_come_fen:
    the premiums yearly contracts are expected to bring, discounted; served_bp: the expected years of the policy that
    stays longest, in 1/10000."""
    terms = policies.filter(policies.is_yearly & policies.chain.notnull())
    counts = terms.group_by(["line", "chain"]).aggregate(terms=terms.count().cast("int64"))
    rows = policies.filter(policies.is_active & policies.is_regular & ~policies.is_group_header)
    rows = rows.left_join(counts, ["line", "chain"]).drop("line_right", "chain_right")
    years = frame.parted(frame.full_months(rows.effective_date, frame.day_of(as_of)), 12)
    age = ibis.ifelse(rows.is_yearly, rows.terms.fill_null(1) - 1, years)
    rows = rows.mutate(renewals=ibis.greatest(ibis.least(age, OLDEST), 0).cast("int64"))
    rows = rows.left_join(worths, ["line", "renewals"]).drop("line_right", "renewals_right")
    part = frame.share_of(rows.counted_fen, ibis.greatest(rows.worth_bp.fill_null(0), 0))
    to_come = frame.share_of(rows.counted_fen, rows.years_bp.fill_null(0))
    return rows.group_by("party").aggregate(
        policy_worth_fen=frame.whole(part.sum()),
        yearly_to_come_fen=frame.whole(to_come.sum(where=rows.is_yearly)),
        served_bp=rows.years_bp.max().cast("int64"),
    )
