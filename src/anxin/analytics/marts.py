"""What the nightly run takes from the database: one narrow file per table. Keys are 16 bytes, money is int64 fen.

A mart of `KEPT` has the key `id` and is kept from night to night: only rows written since the last extract cross the
wire (see `extract`). The others are small, or look at a window of time that moves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

import polars as pl

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, kw_only=True)
class Mart:
    """`columns` are SQL over `table`; `where` keeps to the rows that count. `is_kept` needs `id` as first column."""

    table: str
    columns: str
    where: str = ""
    is_kept: bool = False

    def query(self, extra: str = "") -> str:
        conditions = " AND ".join(f"({part})" for part in (self.where, extra) if part)
        return f"SELECT {self.columns} FROM {self.table}" + (f" WHERE {conditions}" if conditions else "")  # noqa: S608


MARTS: Final = {
    "parties": Mart(
        table="customers_party AS t",
        columns="""
            uuid_send(t.id) AS id, kind, state, sex, birth_date, is_deceased, marital_status, education, occupation,
            occupation_class, position, industry, annual_income_fen, headcount, information_source, customer_since,
            uuid_send(unit_id) AS unit""",
        is_kept=True,
    ),
    "policies": Mart(
        table="portfolio_policy AS t",
        columns="""
            uuid_send(t.id) AS id, uuid_send(holder_id) AS party, status, pay_mode, line, channel, product_name,
            is_group_header, effective_date, expiry_date, ended_date, annual_premium_fen, total_paid_fen,
            sum_insured_fen, CASE WHEN contract_key <> '' THEN hashtextextended(contract_key, 0) END AS chain""",
        is_kept=True,
    ),
    "claims": Mart(
        table="portfolio_claim AS t",
        columns="""
            uuid_send(t.id) AS id, uuid_send(policy_id) AS policy, state, paid_fen, is_recovery,
            (reported_at AT TIME ZONE 'Asia/Shanghai')::date AS reported_date,
            (coalesce(paid_at, closed_at, reported_at) AT TIME ZONE 'Asia/Shanghai')::date AS settled_date""",
        is_kept=True,
    ),
    "contacts": Mart(
        table="desk_touchpoint AS t",
        columns="""
            uuid_send(t.id) AS id, uuid_send(party_id) AS party, at, (at AT TIME ZONE 'Asia/Shanghai')::date AS day,
            direction = 'inbound' AS is_inbound, channel, duration_seconds""",
        is_kept=True,
    ),
    "insured": Mart(
        table="portfolio_policyrole AS t",
        columns="uuid_send(t.id) AS id, uuid_send(policy_id) AS policy, uuid_send(party_id) AS party",
        where="role = 'insured'",
        is_kept=True,
    ),
    # Punctuality looks two years back; what falls due later says nothing about it.
    "instalments": Mart(
        table="portfolio_instalment AS t",
        columns="uuid_send(policy_id) AS policy, due_date, grace_end_date, paid_date, status",
        where="due_date <= '{as_of}'::date AND due_date > '{as_of}'::date - 731",
    ),
    "relations": Mart(
        table="customers_relation AS t",
        columns="uuid_send(from_party_id) AS one, uuid_send(to_party_id) AS other, kind",
        where="is_confirmed",
    ),
    "consents": Mart(
        table="customers_consent AS t",
        columns="uuid_send(party_id) AS party, is_given AS may_market",
        where="purpose = 'marketing' AND channel = '' AND recipient = ''",
    ),
    "units": Mart(
        table="org_unit AS t",
        columns="uuid_send(t.id) AS unit, split_part(path, '/', 3) AS region",
    ),
    "members": Mart(
        table="households_membership AS t",
        columns="uuid_send(household_id) AS household, uuid_send(party_id) AS party",
        where="until_date IS NULL",
    ),
    "products": Mart(table="portfolio_policy AS t", columns="DISTINCT product_name, line"),
}


# Events of customers that a room above feeds: a mart without rows until one does (see `events`).
EVENTS: Final = ("complaints",)
NO_EVENTS: Final = Mart(
    table="customers_party AS t", columns="uuid_send(t.id) AS party, current_date AS day", where="false"
)


def events(*, table: str, party: str, at: str, where_null: str = "") -> Mart:
    """One row per event: party, day. Raises ValueError for what is no plain name."""
    for name in (table, party, at, *([where_null] if where_null else [])):
        if not _NAME.fullmatch(name):
            raise ValueError(name)
    return Mart(
        table=f"{table} AS t",
        columns=f"uuid_send({party}) AS party, ({at} AT TIME ZONE 'Asia/Shanghai')::date AS day",
        where=f"{party} IS NOT NULL" + (f" AND {where_null} IS NULL" if where_null else ""),
    )


def few(parties: Sequence[UUID], fed: Mapping[str, Mart], classes: tuple[str, ...]) -> dict[str, Mart]:
    """What is needed to judge a few customers: theirs, what their households pay, and, as `others`, how many of all
    others pay how much. `fed`: the marts of events; `classes` as in `before`."""
    listed = ", ".join(f"'{UUID(str(key))}'" for key in sorted(parties))
    keys = f"ANY(ARRAY[{listed}]::uuid[])"
    homes = f"SELECT household_id FROM households_membership WHERE until_date IS NULL AND party_id = {keys}"  # noqa: S608
    # Whole sets by IN: an OR of them would be looked for in the whole table.
    circle = (
        f"SELECT unnest(ARRAY[{listed}]::uuid[]) UNION "  # noqa: S608
        f"SELECT party_id FROM households_membership WHERE until_date IS NULL AND household_id IN ({homes})"
    )
    held = f"policy_id IN (SELECT id FROM portfolio_policy WHERE holder_id = {keys})"  # noqa: S608
    policies = f"holder_id IN ({circle})"
    # Of relations and insured persons the day of birth counts.
    known = (
        f"t.id IN ({circle} UNION SELECT party_id FROM portfolio_policyrole WHERE {held} "  # noqa: S608
        f"UNION SELECT to_party_id FROM customers_relation WHERE from_party_id = {keys} "
        f"UNION SELECT from_party_id FROM customers_relation WHERE to_party_id = {keys})"
    )
    narrow = {
        "parties": known, "policies": policies, "claims": held, "contacts": f"party_id = {keys}", "insured": held,
        "instalments": held, "relations": f"from_party_id = {keys} OR to_party_id = {keys}",
        "consents": f"party_id = {keys}", "members": f"household_id IN ({homes})", "products": policies,
    }  # fmt: skip
    found = {
        name: replace(mart, where=f"({mart.where}) AND ({narrow[name]})" if mart.where else narrow[name])
        if name in narrow
        else mart
        for name, mart in MARTS.items()
    }
    some = f"party IN (SELECT uuid_send(k) FROM unnest(ARRAY[{listed}]::uuid[]) k)"  # noqa: S608
    for name in EVENTS:
        found[name] = Mart(table=f"({fed.get(name, NO_EVENTS).query()}) AS t", columns="party, day", where=some)
    found["before"] = replace(before(classes), where=f"party_id = {keys}")
    paying = f"annual_premium_fen > 0 AND party_id NOT IN ({circle})"
    # Counted with everybody else, whom the marts hold only in part.
    found["others"] = Mart(
        table=f"(SELECT annual_premium_fen, count(*) AS parties_here FROM customers_standing WHERE {paying} GROUP BY 1)"  # noqa: S608
        " AS t",
        columns="annual_premium_fen, parties_here",
    )
    return found


def before(classes: tuple[str, ...]) -> Mart:
    """The classes of the last run, as `<class>_before`."""
    columns = ", ".join(f"{name} AS {name}_before" for name in classes)
    return Mart(table="segments_profile AS t", columns=f"uuid_send(party_id) AS party, {columns}")


def lines_held(folder: Path, as_of: date) -> pl.DataFrame:
    """party (16 bytes), lines: of its policies in force, as `metrics.frame.policies` says, by code. Only who holds any.

    Beside the figures, not one of them: nothing is classed by it, and lists are filtered by it.
    """
    rows = pl.scan_parquet(folder / "policies.parquet").filter(
        pl.col("status") == "in_force", pl.col("effective_date") <= as_of,
        pl.col("expiry_date").is_null() | (pl.col("expiry_date") > as_of), pl.col("line") != "",
    )  # fmt: skip
    return rows.group_by("party").agg(pl.col("line").unique().sort().alias("lines")).collect()
