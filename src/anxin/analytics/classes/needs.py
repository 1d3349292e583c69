"""What a customer needs by life stage, income and education (20 cells), against the cover held (domain 8.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis

from anxin.analytics.classes.cells import BITS, wanted
from anxin.analytics.metrics import frame

WHOLE_BP: Final = 10_000
EDUCATED: Final = ("college", "bachelor", "master", "doctor")


def with_cell(table: Any, rules: Mapping[str, Any]) -> Any:
    """Adds `life_stage`, `affluence` and `needs_cell` ("family.ah"); empty for companies and where too little is known.

    `rules` of scheme segments.stages: retired_age, mature_age, child_age, high_income_fen.
    """
    age = table.age
    is_person = table.kind == "person"
    young_child = table.children > 0
    grown = (table.youngest_child_birth.notnull()) & (table.youngest_child_age >= rules["child_age"])
    has_partner = (table.marital_status == "married") | table.has_spouse.fill_null(False)
    is_known = (table.marital_status != "") | table.has_spouse.fill_null(False) | (table.children > 0)
    stage = ibis.cases(
        (~is_person, ""),
        ((age >= rules["retired_age"]).fill_null(False), "retired"),
        ((young_child & ~grown).fill_null(False), "family"),
        (young_child | (has_partner & (age >= rules["mature_age"]).fill_null(False)), "mature"),
        (has_partner, "couple"),
        (is_known & (age >= 18).fill_null(True), "single"),
        else_="",
    )
    income = table.annual_income_fen
    level = ibis.ifelse(income >= rules["high_income_fen"], "h", "a") + ibis.ifelse(
        table.education.isin(list(EDUCATED)), "h", "l"
    )
    level = ibis.ifelse(is_person & income.notnull(), level, "")
    table = table.mutate(life_stage=stage, affluence=level)
    is_full = (table.life_stage != "") & (table.affluence != "")
    return table.mutate(needs_cell=ibis.ifelse(is_full, table.life_stage + "." + table.affluence, ""))


def with_years(table: Any, *, as_of: frame.Day) -> Any:
    """Adds what the rules below ask of dates: youngest_child_age and silent_years (since the latest policy)."""
    day = frame.day_of(as_of)
    return table.mutate(
        youngest_child_age=frame.parted(frame.full_months(table.youngest_child_birth, day), 12),
        silent_years=frame.parted(frame.full_months(table.last_policy_date, day), 12),
    )


def with_gaps(
    table: Any, cells: Sequence[Mapping[str, Any]], amounts: Sequence[Mapping[str, Any]], *, heavy_bp: int
) -> Any:
    """Adds needs_missing and needs_short (sums of BITS), gap_fen, needs_results ("34") and needs_result (its first).

    The five results of the deck: 1 fits, needs have changed · 2 fits, needs as before · 3 kinds of cover are missing ·
    4 sums too small · 5 much was paid for other kinds than are needed. 5 before 3 before 4 before 1 before 2.
    `amounts`: need, times_income_bp (of the annual income), least_fen. `heavy_bp`: from which share of the income the
    premium is high.
    """
    by_cell = wanted(cells)
    missing: Any = ibis.literal(0, "int64")
    short: Any = ibis.literal(0, "int64")
    gap: Any = ibis.literal(0, "int64")
    income = table.annual_income_fen.fill_null(0)
    for row in amounts:
        need = row["need"]
        asking = [cell for cell, needs in by_cell.items() if need in needs]
        is_asked = table.needs_cell.isin(asking) if asking else ibis.literal(False)
        held = table[f"cover_{need}_fen"]
        if need == "life":  # the deck's own protection: whatever pays the family when the customer falls out
            held = held + table.cover_illness_fen + table.cover_accident_fen
        sum_needed = ibis.greatest(frame.share_of(income, row["times_income_bp"]), row["least_fen"])
        missing = missing + ibis.ifelse(is_asked & (held <= 0), BITS[need], 0)
        short = short + ibis.ifelse(is_asked & (held > 0) & (held < sum_needed), BITS[need], 0)
        gap = gap + ibis.ifelse(is_asked, ibis.greatest(sum_needed - held, 0), 0)
    table = table.mutate(
        needs_missing=missing.cast("int64"), needs_short=short.cast("int64"), gap_fen=gap.cast("int64")
    )
    heavy = (frame.bounded(table.annual_premium_fen) * WHOLE_BP >= frame.bounded(income) * heavy_bp) & (income > 0)
    # A child born or a life begun to be lived in retirement after the last policy: the cell is not what it was.
    changed = (table.youngest_child_birth > table.last_policy_date).fill_null(False) | (
        (table.life_stage == "retired") & (table.silent_years >= 5)
    ).fill_null(False)
    is_missing, is_short = table.needs_missing > 0, table.needs_short > 0
    results = (
        ibis.ifelse(is_missing & heavy, "5", "")
        + ibis.ifelse(is_missing, "3", "")
        + ibis.ifelse(is_short, "4", "")
        + ibis.ifelse(~is_missing & ~is_short, ibis.ifelse(changed, "1", "2"), "")
    )
    table = table.mutate(needs_results=ibis.ifelse(table.needs_cell == "", "", results))
    return table.mutate(needs_result=table.needs_results.substr(0, 1))
