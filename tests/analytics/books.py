"""Small books of business as mart files, and judging them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from anxin.analytics import engines, standing
from anxin.book.segments import rules

AS_OF = date(2026, 11, 23)
WAN = 1_000_000
RULES: dict[str, Mapping[str, Any]] = {
    **{kind.code: kind.default for kind in rules.KINDS},
    rules.TIERS: rules.TIER_DEFAULT,
    rules.ABC: rules.ABC_DEFAULT,
}
PARTY: dict[str, Any] = {
    "id": pl.Binary,
    "kind": pl.String,
    "state": pl.String,
    "sex": pl.String,
    "birth_date": pl.Date,
    "is_deceased": pl.Boolean,
    "marital_status": pl.String,
    "education": pl.String,
    "occupation": pl.String,
    "occupation_class": pl.String,
    "position": pl.String,
    "industry": pl.String,
    "annual_income_fen": pl.Int64,
    "headcount": pl.Int64,
    "information_source": pl.String,
    "customer_since": pl.Date,
    "unit": pl.Binary,
}
POLICY: dict[str, Any] = {
    "id": pl.Binary,
    "party": pl.Binary,
    "status": pl.String,
    "pay_mode": pl.String,
    "line": pl.String,
    "channel": pl.String,
    "product_name": pl.String,
    "is_group_header": pl.Boolean,
    "effective_date": pl.Date,
    "expiry_date": pl.Date,
    "ended_date": pl.Date,
    "annual_premium_fen": pl.Int64,
    "total_paid_fen": pl.Int64,
    "sum_insured_fen": pl.Int64,
    "chain": pl.Int64,
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "parties": PARTY,
    "policies": POLICY,
    "claims": {
        "id": pl.Binary,
        "policy": pl.Binary,
        "state": pl.String,
        "paid_fen": pl.Int64,
        "is_recovery": pl.Boolean,
        "reported_date": pl.Date,
        "settled_date": pl.Date,
    },
    "contacts": {
        "id": pl.Binary,
        "party": pl.Binary,
        "at": pl.Datetime("us", "UTC"),
        "day": pl.Date,
        "is_inbound": pl.Boolean,
        "channel": pl.String,
        "duration_seconds": pl.Int32,
    },
    "insured": {"id": pl.Binary, "policy": pl.Binary, "party": pl.Binary},
    "instalments": {
        "policy": pl.Binary,
        "due_date": pl.Date,
        "grace_end_date": pl.Date,
        "paid_date": pl.Date,
        "status": pl.String,
    },
    "relations": {"one": pl.Binary, "other": pl.Binary, "kind": pl.String},
    "consents": {"party": pl.Binary, "may_market": pl.Boolean},
    "units": {"unit": pl.Binary, "region": pl.String},
    "members": {"household": pl.Binary, "party": pl.Binary},
    "complaints": {"party": pl.Binary, "day": pl.Date},
    "products": {"product_name": pl.String, "line": pl.String},
}


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def party(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": key(number),
        "kind": "person",
        "state": "active",
        "sex": "",
        "is_deceased": False,
        "marital_status": "",
        "education": "",
        "occupation": "",
        "occupation_class": "",
        "position": "",
        "industry": "",
        "information_source": "",
        **fields,
    }


class Book:
    """Rows of the marts; policies get keys of their own, so that claims can name them."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
        self.made = 1_000_000

    def _key(self) -> bytes:
        self.made += 1
        return key(self.made)

    def party(self, number: int, **fields: Any) -> int:
        self.rows["parties"].append(party(number, **fields))
        return number

    def policy(self, holder: int, premium: int, **fields: Any) -> bytes:
        made = self._key()
        self.rows["policies"].append(
            {
                "id": made,
                "party": key(holder),
                "status": "in_force",
                "pay_mode": "annual",
                "line": "life",
                "channel": "agent",
                "product_name": "终身寿险",
                "is_group_header": False,
                "effective_date": date(2024, 1, 1),
                "annual_premium_fen": premium,
                "total_paid_fen": 0,
                **fields,
            }
        )
        return made

    def claim(self, policy: bytes, paid: int, day: date = date(2026, 6, 1), **fields: Any) -> None:
        self.rows["claims"].append(
            {
                "id": self._key(),
                "policy": policy,
                "state": "closed",
                "paid_fen": paid,
                "is_recovery": False,
                "reported_date": day,
                "settled_date": day,
                **fields,
            }
        )

    def contact(
        self, holder: int, day: date, *, inbound: bool = True, channel: str = "phone", seconds: int | None = None
    ) -> None:
        at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        self.rows["contacts"].append(
            {
                "id": self._key(),
                "party": key(holder),
                "at": at,
                "day": day,
                "is_inbound": inbound,
                "channel": channel,
                "duration_seconds": seconds,
            }
        )

    def instalment(self, policy: bytes, due: date, paid: date | None, status: str = "paid") -> None:
        self.rows["instalments"].append({"policy": policy, "due_date": due, "paid_date": paid, "status": status})

    def related(self, one: int, kind: str, other: int) -> None:
        self.rows["relations"].append({"one": key(one), "other": key(other), "kind": kind})

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        products = {(row["product_name"], row["line"]) for row in self.rows["policies"]}
        self.rows["products"] = [{"product_name": name, "line": line} for name, line in sorted(products)]
        for name, schema in SCHEMAS.items():
            rows = [{column: row.get(column) for column in schema} for row in self.rows[name]]
            pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / f"{name}.parquet")


def judge(
    engine: engines.Engine,
    folder: Path,
    book: Book,
    rules: Mapping[str, Mapping[str, Any]] | None = None,
    centres: Sequence[Sequence[int]] | None = None,
) -> dict[int, dict[str, Any]]:
    """The whole judgement, by the number of the party."""
    book.write(folder)
    result = standing.compute(engine, folder, as_of=AS_OF, rules=rules or RULES, centres=centres)
    frame = pl.read_parquet(str(result / "*.parquet") if result.is_dir() else result)
    return {int.from_bytes(row["party"], "big"): row for row in frame.to_dicts()}


def figures(
    engine: engines.Engine, folder: Path, book: Book, rules: Mapping[str, Mapping[str, Any]], as_of: date
) -> dict[int, dict[str, Any]]:
    """What needs no other customer, by the number of the party: half the work of `judge`."""
    book.write(folder)
    frame = pl.read_parquet(standing.aggregate(engine, folder, as_of=as_of, rules=rules))
    return {int.from_bytes(row["party"], "big"): row for row in frame.to_dicts()}


def with_rule(code: str, **values: Any) -> dict[str, Mapping[str, Any]]:
    return RULES | {code: {**RULES[code], **values}}
