# ruff: noqa: E501 - the rivals are written as one would at a desk
"""The nightly judgement against the bare engines: extract and the same aggregates in Polars, and in pandas.

`python -m benchmarks nightly`; BENCH_CUSTOMERS sets the size (small unless told). Each part is a process of its own, so
that its memory is its own. The bare parts do the aggregates, tiers, ABC and quintiles only: what is above them (needs,
lifetime value, clusters, 24 classes, history, two swapped tables with their indexes) is what the ratio allows for.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("BENCH_CUSTOMERS", "20000")
PARTS = ("bare", "pandas", "run", "again")


def main() -> dict[str, Any]:
    from benchmarks import instance

    with instance.filled() as facts:
        found = {part: _measured(part) for part in PARTS}
    return {
        "customers": facts["customers"],
        **found,
        "promises": {
            "nightly run ≤ 3 × bare engine": _promise(found["run"]["seconds"] / found["bare"]["seconds"], 3.0, at_most=True),
            "≥ 2 × faster than pandas, part by part": _promise(
                found["pandas"]["aggregate"] / max(found["run"]["compute"], 0.001), 2.0, at_most=False
            ),
            "peak memory ≤ 3 GB": _promise(found["run"]["peak_mb"] / 1024, 3.0, at_most=True),
            "second run changes nothing": {"promised": "nothing", "measured": found["again"]["is_new"], "kept": not found["again"]["is_new"]},
        },
    }  # fmt: skip


def _promise(measured: float, promised: float, *, at_most: bool) -> dict[str, Any]:
    kept = measured <= promised if at_most else measured >= promised
    return {"promised": promised, "measured": round(measured, 2), "kept": kept}


def _measured(part: str) -> dict[str, Any]:
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.nightly_bench", part], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def part(name: str) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings

    from anxin.analytics import extract, marts
    from anxin.book.segments import services
    from anxin.book.segments.services import running
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor

    folder = Path(settings.ANXIN_HOME) / "bench-marts"
    found: dict[str, Any] = {}
    began = time.perf_counter()
    if name in ("run", "again"):
        if name == "run":
            from anxin.book.segments.models import Run

            shutil.rmtree(Path(settings.ANXIN_HOME) / "analytics", ignore_errors=True)
            Run.objects.all().delete()
        marks = [("start", began)]
        view = services.run(
            actor=Actor.system("benchmark"), now=clock.now() + timedelta(seconds=1), as_of=clock.today(),
            progress=lambda step, rows: marks.append((step, time.perf_counter())),
        )  # fmt: skip
        found |= {step: round(at - marks[place][1], 2) for place, (step, at) in enumerate(marks[1:])}
        found["is_new"] = view.is_new
    else:
        shutil.rmtree(folder, ignore_errors=True)
        extract.extract(running._address(), marts.MARTS, folder, as_of=clock.today())
        middle = time.perf_counter()
        (_polars if name == "bare" else _pandas)(folder, clock.today())
        found |= {"extract": round(middle - began, 2), "aggregate": round(time.perf_counter() - middle, 2)}
    found["seconds"] = round(time.perf_counter() - began, 2)
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


def _polars(folder: Path, day: Any) -> int:
    import polars as pl

    policies = pl.scan_parquet(folder / "policies.parquet")
    active = (pl.col("status") == "in_force") & (pl.col("expiry_date").is_null() | (pl.col("expiry_date") > day))
    per = policies.group_by("party").agg(
        pl.col("annual_premium_fen").filter(active).sum().alias("premium"), pl.col("total_paid_fen").sum(),
        active.sum().alias("active"), pl.len().alias("policies"), pl.col("line").filter(active).n_unique().alias("lines"),
        pl.col("expiry_date").filter(active).min(), pl.col("effective_date").min().alias("first"),
    )  # fmt: skip
    holders = policies.select("party", policy="id")
    claims = (
        pl.scan_parquet(folder / "claims.parquet")
        .join(holders, on="policy")
        .group_by("party")
        .agg(pl.col("paid_fen").sum(), pl.len().alias("claims"))
    )
    contacts = (
        pl.scan_parquet(folder / "contacts.parquet")
        .group_by("party")
        .agg(
            pl.col("at").max(),
            pl.col("day").filter(pl.col("is_inbound")).max().alias("inbound"),
            pl.len().alias("contacts"),
        )
    )
    due = (
        pl.scan_parquet(folder / "instalments.parquet")
        .join(holders, on="policy")
        .group_by("party")
        .agg(pl.len().alias("due"), (pl.col("paid_date") <= pl.col("due_date")).sum().alias("in_time"))
    )
    frame = pl.scan_parquet(folder / "parties.parquet").select(party="id")
    for other in (per, claims, contacts, due):
        frame = frame.join(other, on="party", how="left")
    table = frame.collect().with_columns(pl.col("premium").fill_null(0)).sort("premium", descending=True)
    table = table.with_columns(share=pl.col("premium").cum_sum() / max(1, table.get_column("premium").sum()))
    table = table.with_columns(
        tier=pl.col("premium").bin_intervals([5_000_000, 10_000_000, 15_000_000, 20_000_000]), abc=pl.col("share").bin_intervals([0.8, 0.95]),
        **{f"q_{name}": pl.col(name).rank() * 5 // table.height for name in ("premium", "contacts", "paid_fen")},
    )  # fmt: skip
    table.write_parquet(folder / "bare.parquet")
    return table.height


def _pandas(folder: Path, day: Any) -> int:
    import pandas as pd

    policies = pd.read_parquet(folder / "policies.parquet")
    ends = pd.to_datetime(policies["expiry_date"])
    policies["active"] = (policies["status"] == "in_force") & (ends.isna() | (ends > pd.Timestamp(day)))
    running = policies[policies["active"]]
    per = policies.groupby("party").agg(
        total=("total_paid_fen", "sum"), policies=("id", "count"), first=("effective_date", "min")
    )
    per = per.join(
        running.groupby("party").agg(
            premium=("annual_premium_fen", "sum"),
            active=("id", "count"),
            lines=("line", "nunique"),
            ends=("expiry_date", "min"),
        )
    )
    holders = policies[["id", "party"]].rename(columns={"id": "policy"})
    claims = (
        pd.read_parquet(folder / "claims.parquet")
        .merge(holders, on="policy")
        .groupby("party")
        .agg(paid_fen=("paid_fen", "sum"), claims=("policy", "count"))
    )
    touch = pd.read_parquet(folder / "contacts.parquet")
    contacts = touch.groupby("party").agg(at=("at", "max"), contacts=("id", "count"))
    inbound = touch[touch["is_inbound"]].groupby("party").agg(inbound=("day", "max"))
    dues = pd.read_parquet(folder / "instalments.parquet").merge(holders, on="policy")
    dues["in_time"] = pd.to_datetime(dues["paid_date"]) <= pd.to_datetime(dues["due_date"])
    due = dues.groupby("party").agg(due=("policy", "count"), in_time=("in_time", "sum"))
    table = (
        pd.read_parquet(folder / "parties.parquet", columns=["id"])
        .set_index("id")
        .join([per, claims, contacts, inbound, due])
    )
    table["premium"] = table["premium"].fillna(0)
    table = table.sort_values("premium", ascending=False)
    share = table["premium"].cumsum() / max(1, table["premium"].sum())
    table["tier"] = pd.cut(table["premium"], [-1, 5_000_000, 10_000_000, 15_000_000, 20_000_000, 10**12]).astype(str)
    table["abc"] = pd.cut(share, [-1, 0.8, 0.95, 2]).astype(str)
    for name in ("premium", "contacts", "paid_fen"):
        table[f"q_{name}"] = table[name].rank() * 5 // len(table)
    table.to_parquet(folder / "pandas.parquet")
    return len(table)


if __name__ == "__main__":
    print(json.dumps(part(sys.argv[1])))
