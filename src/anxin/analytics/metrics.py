"""Figures of one party, each one Ibis aggregate over the policies (claims, contacts) whose holder the party is.

| Figure | Unit | What it is | Source |
|---|---|---|---|
| annual_premium_fen | fen per year | annualised premium of regular policies in force | domain 8.5: 承保年交 |
| total_paid_fen | fen | premium received so far, all policies | portfolio |
| claims_paid_fen | fen | paid on claims, recoveries subtracted | portfolio |
| active_policies, policies | count | policies in force; all | portfolio |
| active_lines | count | different lines with a policy in force | domain 4.5: F counts lines |
| open_claims | count | claims that are not paid, closed or cancelled | portfolio |
| next_expiry_date | date | earliest end among the policies in force | portfolio |
| last_contact_at | time | latest contact on any channel | desk |

*In force* on a day: status in force, begun, and not ended (`expiry_date` is exclusive; none means for life). *Regular*:
not paid by a single premium. A contract of at most one year counts as regular however it is paid, because its premium
falls due again every year.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import ibis

LONGEST_YEARLY_TERM_DAYS: Final = 366
CLAIM_ENDS: Final = ("paid", "closed", "cancelled")


def whole(total: Any) -> Any:
    """A sum of int64 as int64. DuckDB sums into HUGEINT, which Parquet can only hold as DOUBLE: 2⁵³ + 1 would be lost.

    Through a decimal, because Ibis takes the sum for an int64 already and leaves a direct cast out.
    """
    return total.cast("decimal(38, 0)").cast("int64")


def per_party(
    *, parties: Any, policies: Any, claims: Any, contacts: Any, as_of: date, counts_single_premium: bool = False
) -> Any:
    """One row per party with every figure; 0 or null where there is nothing.

    With `counts_single_premium` the annual premium of single-premium contracts counts too (insurers put a tenth of the
    premium there: APE).
    """
    figures = (
        parties.left_join(_of_policies(policies, as_of, counts_single_premium), "party")
        .drop("party_right")
        .left_join(_of_claims(claims), "party")
        .drop("party_right")
        .left_join(contacts.group_by("party").aggregate(last_contact_at=contacts.at.max()), "party")
        .drop("party_right")
    )
    counts = (
        "annual_premium_fen",
        "total_paid_fen",
        "claims_paid_fen",
        "active_policies",
        "policies",
        "active_lines",
        "open_claims",
    )
    return figures.mutate(**{name: figures[name].fill_null(0) for name in counts})


def _of_policies(policies: Any, as_of: date, counts_single_premium: bool) -> Any:
    day = ibis.date(as_of.isoformat())
    rows = policies.mutate(
        is_active=(policies.status == "in_force")
        & (policies.effective_date <= day)
        & (policies.expiry_date.isnull() | (policies.expiry_date > day)),
    )
    if counts_single_premium:
        is_regular = ibis.literal(True)
    else:
        # Whole-life contracts have no end: a null term is never a yearly one.
        yearly = (rows.expiry_date.delta(rows.effective_date, unit="day") <= LONGEST_YEARLY_TERM_DAYS).fill_null(False)
        is_regular = (rows.pay_mode != "single") | yearly
    return rows.group_by("party").aggregate(
        annual_premium_fen=whole(rows.annual_premium_fen.sum(where=rows.is_active & is_regular)),
        total_paid_fen=whole(rows.total_paid_fen.sum()),
        active_policies=rows.count(where=rows.is_active).cast("int64"),
        policies=rows.count().cast("int64"),
        active_lines=rows.line.nunique(where=rows.is_active).cast("int64"),
        next_expiry_date=rows.expiry_date.min(where=rows.is_active),
    )


def _of_claims(claims: Any) -> Any:
    return claims.group_by("party").aggregate(
        claims_paid_fen=whole(claims.paid_fen.sum()),
        open_claims=claims.count(where=claims.state.notin(CLAIM_ENDS)).cast("int64"),
    )
