"""Classes by what a customer is: size, channel, kind of buyer, key account, new or old, age, lifecycle, own columns."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis

from anxin.analytics.metrics.frame import Day, day_of

SMALL_LETTERS: Final = 40
BANKS: Final = ("bancassurance", "bank")
PHONES: Final = ("telesales", "phone")
WEBS: Final = ("online", "web", "app")


def with_key_occupation(table: Any, occupations: Sequence[Mapping[str, Any]]) -> Any:
    """Adds key_group (code of the first row of the occupation list that fits) and is_key_occupation (B07).

    A row: code, words (parted by spaces, any of them in occupation or position).
    """
    branches = []
    text = table.occupation + " " + table.position
    for row in occupations:
        words = [word for word in str(row["words"]).split() if word]
        fits = [text.contains(word) for word in words]
        if fits:
            found = fits[0]
            for one in fits[1:]:
                found = found | one
            branches.append((found, str(row["code"])))
    group = ibis.cases(*branches, else_="") if branches else ibis.literal("")
    table = table.mutate(key_group=group)
    return table.mutate(is_key_occupation=table.key_group != "")


def with_standing_in_life(table: Any, rules: Mapping[str, Mapping[str, Any]]) -> Any:
    """Adds scale_class, channel_class (B03), buyer_class (B06), key_account (B07), tenure_class (B11), age_band."""
    scale, key, life = rules["segments.scale"], rules["segments.key"], rules["segments.lifecycle"]
    premium, income = table.annual_premium_fen, table.annual_income_fen
    is_company = table.kind == "organisation"
    channel = table.acquisition_channel
    marks = (
        table.is_key_occupation.cast("int64")
        + (income >= key["income_fen"]).fill_null(False).cast("int64")
        + table.education.isin(["bachelor", "master", "doctor"]).cast("int64")
        + (premium >= key["premium_fen"]).cast("int64")
    )
    is_key = ibis.ifelse(is_company, premium >= key["company_premium_fen"], marks >= key["marks"])
    age, bands = table.age, sorted(life["age_bands"])
    return table.mutate(
        scale_class=ibis.cases(
            (premium >= scale["large_fen"], "large"),
            (premium >= scale["medium_fen"], "medium"),
            (premium > 0, "small"),
            else_="",
        ),
        channel_class=ibis.cases(
            (table.policies == 0, ""),
            (channel.isin(BANKS), "bank"),
            (channel.isin(PHONES), "phone"),
            (channel.isin(WEBS), "web"),
            (table.premium_motor_fen * 2 > premium, "motor"),
            else_="other",
        ),
        buyer_class=ibis.ifelse(is_company, "business", "consumer"),
        key_marks=ibis.ifelse(is_company, 0, marks).cast("int64"),
        key_account=ibis.ifelse(is_key, "key", ""),
        tenure_class=ibis.cases(
            (table.policies == 0, ""),
            (table.tenure_months < life["new_months"], "new"),
            (table.tenure_months >= life["old_months"], "old"),
            else_="settled",
        ),
        age_band=ibis.ifelse(
            age.notnull() & ~is_company,
            ibis.cases(*[(age < bound, f"under_{bound}") for bound in bands], else_=f"from_{bands[-1]}"),
            "",
        ),
    )


def with_lifecycle(table: Any, rules: Mapping[str, Any], *, as_of: Day) -> Any:
    """Adds lifecycle (B14), derived from facts alone; the first state that fits holds."""
    day = day_of(as_of)
    holds, held = table.active_policies > 0, table.policies > 0
    silent = table.silent_months.fill_null(10_000)
    ends_soon = (table.next_expiry_date <= day + ibis.interval(days=rules["expiry_days"])).fill_null(False)
    came_back = (
        (table.first_active_date > table.last_ended_date + ibis.interval(days=rules["gap_days"]))
        & (table.first_active_date > day - ibis.interval(days=365))
    ).fill_null(False)
    state = ibis.cases(
        (table.is_deceased | (table.has_refused & ~holds), "do_not_contact"),
        (holds & came_back, "won_back"),
        (holds & ((table.overdue_instalments > 0) | (ends_soon & (silent >= rules["silent_months"]))), "at_risk"),
        (
            holds & (table.tenure_months >= rules["loyal_months"]) & ((table.active_lines > 1) | (table.referrals > 0)),
            "loyal",
        ),
        (holds, "customer"),
        (held & (table.pending_policies == table.policies), "prospect"),
        (held, "lost"),
        ((table.voluntary_12m > 0), "prospect"),
        (table.ever_contacted > 0, "target"),
        else_="lead",
    )
    return table.mutate(lifecycle=state)


def own_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Column code to its rows in order (scheme segments.own)."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row["column"]), []).append(row)
    return found


def with_own(table: Any, rows: Sequence[Mapping[str, Any]]) -> Any:
    """Adds own_classes (B15): "column=class;…", columns as in the scheme.

    A row is a condition (from or below a value); those of one class must all hold, and of the classes of a column that
    hold the last one wins.
    """
    text: Any = ibis.literal("")
    for column, conditions in own_columns(rows).items():
        classes: dict[str, list[Any]] = {}
        for row in conditions:
            figure = table[row["metric"]]
            # Contents from before there was a choice say "from" only.
            holds = figure < row["least"] if row.get("compare") == "below" else figure >= row["least"]
            classes.setdefault(str(row["code"]), []).append(holds.fill_null(False))
        branches = [(functools.reduce(operator.and_, found), f"{column}={code};") for code, found in classes.items()]
        text = text + ibis.cases(*reversed(branches), else_="")
    return table.mutate(own_classes=text)
