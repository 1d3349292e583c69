"""What the sample insurer lacks so that every class occurs in the demo: customers whose programme is complete, who
agree to marketing or refuse it, who paid late, who have died; and a judgement of a month ago, so there is a before."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from anxin.book.customers.models import Party, SourceRecord
from anxin.book.customers.services import parties
from anxin.book.segments import queries as segments
from anxin.book.segments import services as runs
from anxin.book.segments.models import Profile
from anxin.config.sample.membership import LIFE
from anxin.foundation.intake import services as intake
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Role

BEFORE: Final = timedelta(days=31)
COMPLETE: Final = 12
DECEASED: Final = 4
# Need → product of the sample, years of cover, annual incomes and the least yuan to cover, sum insured per yuan of
# premium: what a single person, a couple or the retired of average income and ordinary education need.
_PRODUCTS: Final[Mapping[str, tuple[str, int, int, int, int]]] = {
    "accident": ("L107", 1, 11, 330_000, 1_500),
    "illness": ("L103", 40, 6, 220_000, 50),
    "savings": ("L104", 15, 2, 110_000, 15),
}
_CELLS: Final = {
    "single.al": ("accident", "illness"),
    "couple.al": ("accident", "illness", "savings"),
    "retired.al": ("savings",),
}
_CONSENT_PROFILE: Final = """name = "marketing-consents"
source = "life-core"

[file]
pattern = "consents*.csv"
format = "csv"
encoding = "utf-8"
delimiter = ","

[[entity]]
kind = "consent"

[entity.columns]
customer_key = "customer_no"
purpose = "purpose"
is_given = "agrees"
evidence = "evidence"
given_at = "at"
"""


def make(actor: Actor, exports: Path) -> int:
    """Judge the book as of a month ago, then add what came since; returns how many rows of files and marks."""
    now, today = clock.now(), clock.today()
    runs.run(actor=actor, now=now, as_of=today - BEFORE)
    out = exports.with_name("later")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    profiles = exports / "profiles"
    _policies(today).write_csv(out / "life_policies_later.csv")
    _late(exports / "instalments.csv").write_csv(out / "instalments_late.csv")
    _consents(exports / "life_core_customers.csv", today).write_csv(out / "consents.csv")
    (out / "consents.toml").write_text(_CONSENT_PROFILE, encoding="utf-8")
    rows = 0
    for file, profile in (
        ("life_policies_later.csv", profiles / "08-life-policies.toml"),
        ("instalments_late.csv", profiles / "13-instalments.toml"),
        ("consents.csv", out / "consents.toml"),
    ):
        report = intake.import_file(actor=actor, path=out / file, profile=profile, clock=clock.now)
        rows += int(report["rows_read"])
    return rows + _mark_deceased(today)


def _policies(today: date) -> pl.DataFrame:
    """Policies that close every gap of a few customers; those of the retired are old, needs have changed since."""
    rows: list[dict[str, Any]] = []
    for cell, needs in _CELLS.items():
        old = cell.startswith("retired")
        found = Profile.objects.filter(needs_cell=cell, active_policies__gt=0, party__source_records__source=LIFE)
        if old:
            found = found.filter(last_policy_date__lt=today - timedelta(days=6 * 366))
        for row in found.order_by("party__ref").select_related("party__unit").distinct()[:COMPLETE]:
            number = SourceRecord.objects.filter(party=row.pk, source=LIFE).values_list("source_key", flat=True)[0]
            start = today - timedelta(days=5 * 366 + 120 if old else 20)
            rows += [_policy(row, need, number, start, len(rows) + place) for place, need in enumerate(needs)]
    return pl.DataFrame(rows, infer_schema_length=None)


def _policy(row: Profile, need: str, customer_no: str, start: date, number: int) -> dict[str, Any]:
    code, years, incomes, least, factor = _PRODUCTS[need]
    cover = max((row.annual_income_fen or 0) // 100 * incomes, least)
    premium = max(cover // factor // 100 * 100, 200)
    end = start.replace(year=start.year + years, day=min(start.day, 28)) - timedelta(days=1)
    unit = row.party.unit
    return {
        "保单号": f"P{start.year}9{number:08d}", "投保单号": f"T{start.year}9{number:08d}", "险种代码": code,
        "投保人客户号": customer_no, "被保险人客户号": customer_no, "归属机构": unit.code if unit else "",
        "业务员工号": "",
        "销售渠道": "个代", "投保日期": f"{start - timedelta(days=2)}", "承保日期": f"{start - timedelta(days=1)}",
        "生效日期": f"{start}", "满期日期": f"{end}", "回执签收日期": f"{start + timedelta(days=3)}",
        "缴费方式": "年交",
        "缴费年期": "1" if years == 1 else "10", "期交保费": f"{premium}.00", "年化保费": f"{premium}.00",
        "累计已交保费": f"{premium}.00", "基本保额": f"{cover}.00", "币种": "CNY", "交至日期": f"{end}",
        "保单状态": "有效", "终止原因": "",
    }  # fmt: skip


def _late(instalments: Path) -> pl.DataFrame:
    """One instalment of some who pay by month, paid ten days after its grace."""
    rows = pl.read_csv(instalments, infer_schema=False)
    paid = rows.filter(pl.col("status") == "paid")
    monthly = (
        paid.group_by("policy_no").agg(pl.len().alias("terms"), pl.col("seq").first()).filter(pl.col("terms") > 12)
    )
    chosen = monthly.sort("policy_no").gather_every(3).select("policy_no", "seq")
    late = rows.join(chosen, on=["policy_no", "seq"], how="semi").with_columns(
        pl.col("grace_end").str.to_date().dt.offset_by("10d").cast(pl.String).alias("paid_date")
    )
    return late.sort("policy_no")


def _consents(customers: Path, today: date) -> pl.DataFrame:
    """Of three customers one agreed to marketing, of twenty one refused it."""
    rows = (
        pl.read_csv(customers, infer_schema=False)
        .select(customer_no="客户号")
        .unique("customer_no")
        .sort("customer_no")
    )
    rows = rows.with_row_index().filter((pl.col("index") % 3 == 0) | (pl.col("index") % 20 == 1))
    agrees = pl.col("index") % 3 == 0
    yes, no = pl.lit("投保单第 7 项勾选同意"), pl.lit("客户来电要求不再接收营销信息")
    return rows.select(
        "customer_no", pl.lit("marketing").alias("purpose"),
        pl.when(agrees).then(pl.lit("1")).otherwise(pl.lit("0")).alias("agrees"),
        pl.when(agrees).then(yes).otherwise(no).alias("evidence"),
        pl.lit(f"{today - timedelta(days=40)} 10:00:00").alias("at"),
    )  # fmt: skip


def _mark_deceased(today: date) -> int:
    """The oldest without a policy in force; the data steward was told by their families."""
    user = org.find_example_holder(Role.DATA_STEWARD, today=today)
    if user is None or segments.last_run(Actor.system("anxin run --demo")) is None:
        return 0
    steward = org.actor_for(user, today=today)
    gone = Profile.objects.filter(active_policies=0, age__gte=75, party__state=Party.State.ACTIVE).order_by(
        "party__ref"
    )
    rows = [row.party for row in gone.select_related("party")[:DECEASED]]
    for party in rows:
        parties.edit_customer(
            actor=steward,
            now=clock.now(),
            ref=party.ref,
            version=party.version,
            changes={"is_deceased": True},
            cause="told",
        )
    return len(rows)
