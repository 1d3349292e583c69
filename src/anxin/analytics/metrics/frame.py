"""The figures of all customers as Ibis aggregates over the marts; one row per active party.

*In force* on a day: status in force, begun, and not ended (`expiry_date` is exclusive; none means for life). *Regular*:
not paid by a single premium. A contract of at most one year counts as regular however it is paid, because its premium
falls due again every year. What each figure means stands in `registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis

from anxin.analytics.metrics.registry import LINES, NEEDS

LONGEST_YEARLY_TERM_DAYS: Final = 366
YEAR_DAYS: Final = 365
WHOLE_BP: Final = 10_000
MOST_FEN: Final = 900_000_000_000_000
CLAIM_ENDS: Final = ("paid", "closed", "cancelled")
# Lines without a column of their own are property and liability in the wide sense (agricultural, guarantee …).
OWN_LINES: Final = tuple(line for line in LINES if line != "property")
# The grace a source does not tell (JR/T 0033 knows none for yearly contracts): due means due.
NO_GRACE: Final = 0


View = Callable[[Any], Any]
Hold = Callable[[Any, str], Any]
Day = Any  # a date, or an expression of one


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How figures are read from the marts: the values of schemes they depend on.

    `minutes`: usual length of a contact by channel, with "" for the others. `products`: need, words of a product name,
    lines ("" any), in order; the first that fits decides. `expense_bp`: share of the premium that a line spends;
    `loss_bp`: that it usually pays for claims. `lines` and `contact_channels`: every code that occurs in the marts.
    """

    counts_single_premium: bool = False
    minutes: Mapping[str, int]
    products: Sequence[tuple[str, Sequence[str], Sequence[str]]]
    expense_bp: Mapping[str, int]
    loss_bp: Mapping[str, int]
    fen_per_minute: int = 0
    lines: Sequence[str] = ()
    contact_channels: Sequence[str] = ()


def whole(total: Any) -> Any:
    """A sum of int64 as int64. DuckDB sums into HUGEINT, which Parquet can only hold as DOUBLE: 2⁵³ + 1 would be lost.

    Through a decimal, because Ibis takes the sum for an int64 already and leaves a direct cast out.
    """
    return total.cast("decimal(38, 0)").cast("int64")


def parted(value: Any, divisor: Any) -> Any:
    """`value` // `divisor` for whole numbers from 0 on: `//` goes through a double, which may land below the number."""
    return ((value - value % divisor) / divisor).round().cast("int64")


def bounded(amount: Any) -> Any:
    """An amount that may be multiplied by WHOLE_BP: nine trillion yuan are enough for a ratio."""
    return ibis.least(amount, MOST_FEN)


def share_of(amount: Any, bp: Any) -> Any:
    """`bp` ten-thousandths of an amount from 0 on, rounded, without leaving 64 bits on the way."""
    rest = amount % WHOLE_BP
    return ((amount - rest) / WHOLE_BP).round().cast("int64") * bp + parted(rest * bp, WHOLE_BP)


def day_of(as_of: Day) -> Any:
    return ibis.date(as_of.isoformat()) if isinstance(as_of, date) else as_of


def full_months(begin: Any, end: Any) -> Any:
    """Full months from one date to a later one; null stays null, a date to come gives 0."""
    months = (end.year() - begin.year()) * 12 + end.month() - begin.month() - (end.day() < begin.day()).cast("int64")
    return ibis.greatest(months, 0).cast("int64")


def per_party(marts: Mapping[str, Any], policies: Any, *, as_of: Day, reading: Reading, view: View, hold: Hold) -> Any:
    """One row per active party with every figure that needs nobody else's; 0 or null where there is nothing.

    `marts` are Ibis tables by the names of `marts.MARTS`, `policies` those of the function of that name; `view` and
    `hold` are those of the engine.
    """
    parties = marts["parties"].filter(marts["parties"].state == "active").rename(party="id").drop("state")
    parts = {
        "of_policies": _of_policies(policies, as_of, reading.lines),
        "of_claims": _of_claims(marts["claims"], policies, as_of),
        "of_contacts": _of_contacts(marts["contacts"], as_of, reading),
        "of_instalments": _of_instalments(marts["instalments"], policies, as_of),
        "of_relations": _of_relations(marts["relations"], marts["parties"]),
        "of_children": _of_children_insured(marts, policies, as_of),
        "of_households": _of_households(marts["members"], policies),
        "of_complaints": _of_complaints(marts["complaints"], as_of),
    }
    table = parties.left_join(marts["units"], "unit").drop("unit_right", "unit")
    for part in (*(hold(part, name) for name, part in parts.items()), marts["consents"]):
        table = table.left_join(part, "party").drop("party_right")
    return _finished(view(table), as_of, view)


ZEROES: Final = (
    "annual_premium_fen",
    *(f"premium_{line}_fen" for line in LINES),
    "total_paid_fen",
    "claims_paid_fen",
    "claims_paid_12m_fen",
    *(f"claims_{line}_12m_fen" for line in LINES),
    "policies",
    "active_policies",
    "active_lines",
    "claims",
    "claims_12m",
    "open_claims",
    "yearly_paid_fen",
    "yearly_usual_fen",
    "yearly_claims_fen",
    "contacts_12m",
    "voluntary_12m",
    "contact_minutes_12m",
    "contact_channels_12m",
    "overdue_instalments",
    "referrals",
    "relations",
    "children",
    *(f"cover_{need}_fen" for need in NEEDS),
    "expense_fen",
    "bought_24m",
    "children_insured",
    "ever_contacted",
    "pending_policies",
    "complaints",
    "household_size",
    "household_premium_fen",
)


def _finished(table: Any, as_of: Day, view: View) -> Any:
    day = day_of(as_of)
    table = view(table.mutate(**{name: table[name].fill_null(0).cast("int64") for name in ZEROES}))
    since = ibis.coalesce(
        ibis.least(table.first_policy_date, table.customer_since), table.first_policy_date, table.customer_since
    )
    voluntary = ibis.coalesce(
        ibis.greatest(table.last_inbound_date, table.last_policy_date), table.last_inbound_date, table.last_policy_date
    )
    table = view(table.mutate(since=since, last_voluntary_date=voluntary))
    months = full_months(table.birth_date, day)
    paid = table.total_paid_fen
    return table.mutate(
        tenure_months=full_months(table.since, day),
        silent_months=full_months(table.last_voluntary_date, day),
        age=parted(months, 12),
        # Recoveries can make it negative: what is paid back is nobody's claim.
        loss_ratio_bp=ibis.ifelse(
            paid > 0,
            parted(bounded(ibis.greatest(table.claims_paid_fen, 0)) * WHOLE_BP, ibis.greatest(paid, 1)),
            ibis.null("int64"),
        ),
        on_time_bp=ibis.ifelse(
            table.due_24m > 0,
            parted(table.paid_in_time * WHOLE_BP, ibis.greatest(table.due_24m, 1)),
            ibis.null("int64"),
        ),
        cover_child_fen=ibis.greatest(table.cover_child_fen, table.children_insured),
        region=table.region.fill_null(""),
        acquisition_channel=table.acquisition_channel.fill_null(""),
        may_market=table.may_market.fill_null(False),
        has_refused=(~table.may_market).fill_null(False),
    ).drop("since")


def policies(marts: Mapping[str, Any], as_of: Day, reading: Reading) -> Any:
    """Policies with what the figures ask of them: in force, regular, need, expenses."""
    day = day_of(as_of)
    rows = marts["policies"].filter(marts["policies"].effective_date <= day)
    # Whole-life contracts have no end: a null term is never a yearly one.
    yearly = (rows.expiry_date.delta(rows.effective_date, unit="day") <= LONGEST_YEARLY_TERM_DAYS).fill_null(False)
    regular = ibis.literal(True) if reading.counts_single_premium else (rows.pay_mode != "single") | yearly
    active = (rows.status == "in_force") & (rows.expiry_date.isnull() | (rows.expiry_date > day))
    rows = rows.mutate(is_active=active, is_regular=regular, is_yearly=yearly)
    products = _needs(marts["products"], reading)
    rows = rows.left_join(products, ["product_name", "line"]).drop("product_name_right", "line_right")
    return rows.mutate(
        counted_fen=ibis.ifelse(rows.is_active & rows.is_regular, rows.annual_premium_fen, 0),
        # Of a yearly contract its one premium, also where the source does not tell what was paid.
        yearly_fen=ibis.ifelse(rows.is_yearly, ibis.greatest(rows.total_paid_fen, rows.annual_premium_fen), 0),
    ).drop("product_name", "annual_premium_fen")


def _by_code(column: Any, values: Mapping[str, int]) -> Any:
    named = [(column == code, value) for code, value in values.items() if code]
    # Without any code still a column, one value for all: it may be summed.
    return ibis.cases(*(named or [(column == "", values.get("", 0))]), else_=values.get("", 0)).cast("int64")


def _needs(products: Any, reading: Reading) -> Any:
    """Product name and line to the need they serve ("" when no rule fits), the line's place, its expenses and claims.

    There are some dozen products: what depends on them alone is worked out here, not once per policy.
    """
    branches = []
    for need, words, lines in reading.products:
        fits = ibis.literal(True)
        if words:
            fits = fits & _any([products.product_name.contains(word) for word in words])
        if lines:
            fits = fits & products.line.isin(list(lines))
        branches.append((fits, need))
    return products.distinct().mutate(
        need=ibis.cases(*branches, else_="") if branches else ibis.literal(""),
        line_place=_by_code(products.line, {code: place for place, code in enumerate(reading.lines)}),
        expense_share=_by_code(products.line, reading.expense_bp),
        loss_share=_by_code(products.line, reading.loss_bp),
    )


def _with_count(table: Any, name: str, kinds: int) -> Any:
    """Adds how many of `has_0` … are true, and drops them. So distinct values of a few are counted in one pass with all
    else; a count of distinct values takes the engine a grouping of its own."""
    found: Any = ibis.literal(0, "int64")
    flags = [f"has_{place}" for place in range(kinds)]
    for flag in flags:
        found = found + table[flag].fill_null(False).cast("int64")
    return table.mutate(**{name: found}).drop(*flags)


def _any(parts: Sequence[Any]) -> Any:
    found = parts[0]
    for part in parts[1:]:
        found = found | part
    return found


def _of_policies(rows: Any, as_of: Day, lines: Sequence[str]) -> Any:
    day, year_ago = day_of(as_of), day_of(as_of) - ibis.interval(days=YEAR_DAYS)
    ends = ibis.coalesce(ibis.least(rows.ended_date, rows.expiry_date), rows.ended_date, rows.expiry_date)
    # The first channel, whatever the order of the rows: the smallest of "day channel".
    first = rows.effective_date.cast("string") + " " + rows.channel
    by_line = {f"premium_{line}_fen": whole(rows.counted_fen.sum(where=rows.line == line)) for line in OWN_LINES} | {
        "premium_property_fen": whole(rows.counted_fen.sum(where=rows.line.notin(OWN_LINES)))
    }
    covers = {
        f"cover_{need}_fen": whole(rows.sum_insured_fen.sum(where=rows.is_active & (rows.need == need)))
        for need in NEEDS
    }
    found = rows.group_by("party").aggregate(
        annual_premium_fen=whole(rows.counted_fen.sum()),
        **by_line,
        **covers,
        total_paid_fen=whole(rows.total_paid_fen.sum()),
        expense_fen=whole(share_of(rows.counted_fen, rows.expense_share).sum()),
        yearly_paid_fen=whole(rows.yearly_fen.sum()),
        yearly_usual_fen=whole(share_of(rows.yearly_fen, rows.loss_share).sum()),
        active_policies=rows.count(where=rows.is_active).cast("int64"),
        policies=rows.count().cast("int64"),
        pending_policies=rows.count(where=rows.status == "pending").cast("int64"),
        **{f"has_{place}": ((rows.line_place == place) & rows.is_active).any() for place in range(len(lines))},
        bought_24m=rows.count(where=rows.effective_date > day - ibis.interval(days=2 * YEAR_DAYS)).cast("int64"),
        next_expiry_date=rows.expiry_date.min(where=rows.is_active),
        first_policy_date=rows.effective_date.min(),
        last_policy_date=rows.effective_date.max(),
        first_active_date=rows.effective_date.min(where=rows.is_active),
        last_ended_date=ends.max(where=~rows.is_active & (ends <= day)),
        ended_12m=rows.count(where=~rows.is_active & (ends <= day) & (ends > year_ago)).cast("int64"),
        acquisition_channel=first.min().substr(11),
    )
    return _with_count(found, "active_lines", len(lines))


def _of_claims(claims: Any, policies: Any, as_of: Day) -> Any:
    day = day_of(as_of)
    year_ago = day - ibis.interval(days=YEAR_DAYS)
    known = claims.filter(claims.reported_date <= day)
    rows = known.inner_join(policies.select("party", "line", "is_yearly", policy="id"), "policy")
    recent = rows.settled_date > year_ago
    counts = (rows.state != "cancelled") & ~rows.is_recovery
    return rows.group_by("party").aggregate(
        claims_paid_fen=whole(rows.paid_fen.sum()),
        yearly_claims_fen=whole(rows.paid_fen.sum(where=rows.is_yearly)),
        claims_paid_12m_fen=whole(rows.paid_fen.sum(where=recent)),
        **{
            f"claims_{line}_12m_fen": whole(rows.paid_fen.sum(where=recent & (rows.line == line))) for line in OWN_LINES
        },
        claims_property_12m_fen=whole(rows.paid_fen.sum(where=recent & rows.line.notin(OWN_LINES))),
        claims=rows.count(where=counts).cast("int64"),
        claims_12m=rows.count(where=counts & (rows.reported_date > year_ago)).cast("int64"),
        open_claims=rows.count(where=rows.state.notin(CLAIM_ENDS)).cast("int64"),
    )


def _of_contacts(contacts: Any, as_of: Day, reading: Reading) -> Any:
    day = day_of(as_of)
    rows = contacts.filter(contacts.day <= day)
    recent = rows.day > day - ibis.interval(days=YEAR_DAYS)
    seconds = ibis.coalesce(rows.duration_seconds.cast("int64"), _by_code(rows.channel, reading.minutes) * 60)
    found = rows.group_by("party").aggregate(
        last_contact_at=rows["at"].max(),
        last_inbound_date=rows.day.max(where=rows.is_inbound),
        last_service_date=rows.day.max(where=~rows.is_inbound),
        contacts_12m=rows.count(where=recent).cast("int64"),
        voluntary_12m=rows.count(where=recent & rows.is_inbound).cast("int64"),
        seconds=whole(seconds.sum(where=recent)),
        **{
            f"has_{place}": ((rows.channel == code) & recent).any()
            for place, code in enumerate(reading.contact_channels)
        },
        ever_contacted=rows.count().cast("int64"),
    )
    found = found.mutate(contact_minutes_12m=parted(found.seconds.fill_null(0), 60)).drop("seconds")
    return _with_count(found, "contact_channels_12m", len(reading.contact_channels))


def _of_instalments(instalments: Any, policies: Any, as_of: Day) -> Any:
    day = day_of(as_of)
    rows = instalments.inner_join(policies.select("party", policy="id"), "policy")
    last_day = ibis.coalesce(rows.grace_end_date, rows.due_date)
    is_due = (last_day <= day) & (rows.status != "waived")
    paid_in_time = is_due & (rows.paid_date <= last_day).fill_null(False)
    unpaid = is_due & (last_day < day) & rows.paid_date.isnull() & (rows.status != "paid")
    return rows.group_by("party").aggregate(
        due_24m=rows.count(where=is_due).cast("int64"),
        paid_in_time=rows.count(where=paid_in_time).cast("int64"),
        overdue_instalments=rows.count(where=unpaid).cast("int64"),
    )


def _of_relations(relations: Any, parties: Any) -> Any:
    """`one` is the `kind` of `other`; each tie counts for both ends, in its reverse for the other."""
    there = relations.select(party=relations.other, who=relations.one, what=relations.kind)
    turned = ibis.cases(
        (relations.kind == "child", "parent"),
        (relations.kind == "parent", "child"),
        (relations.kind == "referrer", "referred"),
        (relations.kind == "referred", "referrer"),
        else_=relations.kind,
    )
    here = relations.select(party=relations.one, who=relations.other, what=turned)
    both = there.union(here)
    # First what two are to one another, then how many there are of each: two groupings, none of them of distinct rows.
    ties = both.group_by(["party", "who"]).aggregate(
        is_referred=(both.what == "referred").any(),
        is_child=(both.what == "child").any(),
        is_spouse=(both.what == "spouse").any(),
    )
    births = parties.filter(parties.state == "active").select(who=parties.id, birth=parties.birth_date)
    ties = ties.left_join(births, "who").drop("who_right")
    return ties.group_by("party").aggregate(
        relations=ties.count().cast("int64"),
        referrals=ties.count(where=ties.is_referred).cast("int64"),
        children=ties.count(where=ties.is_child).cast("int64"),
        has_spouse=ties.is_spouse.any(),
        youngest_child_birth=ties.birth.max(where=ties.is_child),
    )


def _of_households(members: Any, policies: Any) -> Any:
    """What all members of one's household pay a year, and how many they are."""
    own = policies.group_by("party").aggregate(own_fen=whole(policies.counted_fen.sum()))
    rows = members.left_join(own, "party").drop("party_right")
    totals = rows.group_by("household").aggregate(
        household_premium_fen=whole(rows.own_fen.fill_null(0).sum()), household_size=rows.count().cast("int64")
    )
    return members.inner_join(totals, "household").select("party", "household_premium_fen", "household_size")


def _of_complaints(complaints: Any, as_of: Day) -> Any:
    rows = complaints.filter(complaints.day <= day_of(as_of))
    return rows.group_by("party").aggregate(complaints=rows.count().cast("int64"))


def _of_children_insured(marts: Mapping[str, Any], policies: Any, as_of: Day) -> Any:
    """Sums insured of accident and health policies in force whose insured is a minor other than the holder."""
    adult = day_of(as_of) - ibis.interval(years=18)
    minors = marts["parties"].filter(marts["parties"].birth_date > adult).select(insured="id")
    held = policies.filter(policies.is_active & policies.line.isin(["accident", "health"]))
    rows = (
        marts["insured"]
        .select("policy", insured="party")
        .inner_join(minors, "insured")
        .inner_join(held.select("party", "sum_insured_fen", policy="id"), "policy")
    )
    return rows.group_by("party").aggregate(children_insured=whole(rows.sum_insured_fen.sum()))
