# ruff: noqa: E501 - the rivals are written as one would at a desk
"""The nightly judgement against the bare engines: extract and the same aggregates in Polars, and in pandas.

`python -m benchmarks nightly`; BENCH_CUSTOMERS sets the size (100,000 unless told), with five policies and ten contacts
for each customer; from 1,000,000 on a tenth is measured too, to see whether time grows with rows. Each part is a
process of its own, so that its memory is its own; the first one only warms what all of them import. The bare parts make
the figures that the run takes from the tables, tiers, ABC and quintiles: what is above them (lifetime value, needs,
scores, clusters, 24 classes, history, two swapped tables with their indexes) is what the ratio allows for. pandas is
measured against the step of the run that makes the same figures. `cpu` is processor time of the process, `database`
that of the embedded server; on a busy machine they say more than the clock.
"""

from __future__ import annotations

import json
import math
import os
import resource
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("BENCH_CUSTOMERS", "100000")
PARTS = ("warm", "bare", "pandas", "figures", "run", "again")
TENTH_FROM = 1_000_000


def main() -> dict[str, Any]:
    from benchmarks import instance

    few = instance.CUSTOMERS // 10 if instance.CUSTOMERS >= TENTH_FROM else 0
    smaller = _night(few, ("warm", "run")) if few else {}
    found = _night(instance.CUSTOMERS, PARTS)
    run, bare = found["run"], found["bare"]
    promises = {
        "nightly run ≤ 3 × bare engine": _promise(run["seconds"] / bare["seconds"], 3.0, at_most=True),
        "the same by processor time, database included": _promise(_work(run) / _work(bare), 3.0, at_most=True),
        "the same figures ≥ 2 × faster than in pandas": _promise(
            found["pandas"]["aggregate"] / found["figures"]["aggregate"], 2.0, at_most=False
        ),
        "peak memory ≤ 3 GB": _promise(run["peak_mb"] / 1024, 3.0, at_most=True),
        "second run changes nothing": {"promised": "nothing", "measured": found["again"]["is_new"], "kept": not found["again"]["is_new"]},
    }  # fmt: skip
    if smaller:
        exponent = math.log(_work(run) / _work(smaller["run"])) / math.log(run["parties"] / smaller["run"]["parties"])
        promises["exponent of time by rows ≤ 1.1"] = _promise(exponent, 1.1, at_most=True)
    return {"customers": instance.CUSTOMERS, **found, "smaller": smaller, "promises": promises}


def _night(customers: int, parts: tuple[str, ...]) -> dict[str, Any]:
    from benchmarks import instance

    with instance.crowd(customers):
        found = {}
        for part in parts:
            found[part] = _measured(part)
            print(f"  {customers:>9,} {part:<8} {json.dumps(found[part])}", flush=True)
        return found


def _work(part: dict[str, Any]) -> float:
    return float(part["cpu"] + part["database"])


def _promise(measured: float, promised: float, *, at_most: bool) -> dict[str, Any]:
    kept = measured <= promised if at_most else measured >= promised
    return {"promised": promised, "measured": round(measured, 2), "kept": kept}


def _measured(part: str) -> dict[str, Any]:
    from benchmarks import processor

    pid_file = Path(os.environ["ANXIN_HOME"]) / "postgres" / "postmaster.pid"
    server = int(pid_file.read_text().split()[0]) if pid_file.exists() else 0
    before = processor.seconds(server)
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.nightly_bench", part], check=True, stdout=subprocess.PIPE, text=True,
        # As installed: with the modules compiled once, whatever this shell says.
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    ).stdout  # fmt: skip
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found | {"database": round(processor.seconds(server) - before, 2)}


def part(name: str) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings

    from anxin.analytics import engines, extract, marts, standing
    from anxin.book.segments import rules as scheme_rules
    from anxin.book.segments import services
    from anxin.book.segments.services import running
    from anxin.foundation.schemes import queries as schemes
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor

    folder = Path(settings.ANXIN_HOME) / "bench-marts"
    found: dict[str, Any] = {}
    began, worked = time.perf_counter(), time.process_time()
    if name == "warm":
        with engines.duckdb(folder / "spill") as engine:
            engine.con.raw_sql("SELECT 1")
    elif name == "figures":
        rules = {code: schemes.active(code, on=clock.today()).content for code in scheme_rules.SCHEMES}
        with engines.duckdb(folder / "spill") as engine:
            standing.aggregate(engine, folder, as_of=clock.today(), rules=rules)
        found["aggregate"] = round(time.perf_counter() - began, 2)
    elif name in ("run", "again"):
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
        found |= {"is_new": view.is_new, "parties": view.summary["parties"]}
    else:
        if name == "bare":
            shutil.rmtree(folder, ignore_errors=True)
            extract.extract(running.address(), marts.MARTS, folder, as_of=clock.today())
        middle = time.perf_counter()
        products: Any = schemes.active("segments.covers", on=clock.today()).content["products"]
        (_polars if name == "bare" else _pandas)(folder, clock.today(), products)
        found |= {"extract": round(middle - began, 2), "aggregate": round(time.perf_counter() - middle, 2)}
    found["seconds"] = round(time.perf_counter() - began, 2)
    found["cpu"] = round(time.process_time() - worked, 2)
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


LINES = ("motor", "property", "accident", "health", "life", "annuity")
NEEDS = ("accident", "illness", "medical", "life", "child", "education", "savings", "pension", "parents")


def _need(name: str, line: str, products: Any) -> str:
    for row in products:
        words, lines = str(row["words"]).replace("*", "").split(), str(row["lines"]).replace("*", "").split()
        if (not words or any(word in name for word in words)) and (not lines or line in lines):
            return str(row["need"])
    return ""


def _polars(folder: Path, day: Any, products: Any) -> int:
    import polars as pl

    year, two = day - timedelta(days=365), day - timedelta(days=730)
    col = pl.col
    known = pl.read_parquet(folder / "products.parquet")
    known = known.with_columns(need=pl.Series([_need(*row, products) for row in known.iter_rows()], dtype=pl.String))
    policies = pl.scan_parquet(folder / "policies.parquet").filter(col("effective_date") <= day)
    policies = policies.join(known.lazy(), on=["product_name", "line"], how="left").with_columns(
        active=(col("status") == "in_force") & (col("expiry_date").is_null() | (col("expiry_date") > day)),
        ends=pl.min_horizontal("ended_date", "expiry_date"),
        yearly=((col("expiry_date") - col("effective_date")).dt.total_days() <= 366).fill_null(False),
    )
    counted = col("active") & ((col("pay_mode") != "single") | col("yearly"))
    policies = policies.with_columns(counted=pl.when(counted).then("annual_premium_fen").otherwise(0))
    active = col("active")
    per = policies.sort("effective_date").group_by("party").agg(
        col("counted").sum().alias("premium"),
        *[col("counted").filter(col("line") == line).sum().alias(f"premium_{line}") for line in LINES],
        *[col("sum_insured_fen").filter(active & (col("need") == need)).sum().alias(f"cover_{need}") for need in NEEDS],
        col("total_paid_fen").sum(), active.sum().alias("active"), pl.len().alias("policies"),
        (col("status") == "pending").sum().alias("pending"), col("line").filter(active).n_unique().alias("lines"),
        (col("effective_date") > two).sum().alias("bought"), col("expiry_date").filter(active).min(),
        col("effective_date").min().alias("first"), col("effective_date").max().alias("last"),
        col("effective_date").filter(active).min().alias("first_active"),
        col("ends").filter(~active & (col("ends") <= day)).max(),
        (~active & (col("ends") <= day) & (col("ends") > year)).sum().alias("ended"), col("channel").first(),
    )  # fmt: skip
    holders = policies.select("party", "active", "line", "sum_insured_fen", policy="id")
    fresh = col("reported_date") > year
    counts = (col("state") != "cancelled") & ~col("is_recovery")
    claims = pl.scan_parquet(folder / "claims.parquet").join(holders, on="policy").group_by("party").agg(
        col("paid_fen").sum(), col("paid_fen").filter(col("settled_date") > year).sum().alias("paid_12m"),
        counts.sum().alias("claims"), (counts & fresh).sum().alias("claims_12m"),
        (~col("state").is_in(["paid", "closed", "cancelled"])).sum().alias("open"),
    )  # fmt: skip
    recent, inbound = col("day") > year, col("is_inbound")
    contacts = pl.scan_parquet(folder / "contacts.parquet").group_by("party").agg(
        col("at").max(), col("day").filter(inbound).max().alias("inbound"), col("day").filter(~inbound).max().alias("outbound"),
        recent.sum().alias("contacts"), (recent & inbound).sum().alias("voluntary"),
        col("duration_seconds").fill_null(360).filter(recent).sum().alias("seconds"),
        col("channel").filter(recent).n_unique().alias("channels"), pl.len().alias("ever"),
    )  # fmt: skip
    until = pl.coalesce("grace_end_date", "due_date")
    due = pl.scan_parquet(folder / "instalments.parquet").join(holders, on="policy").group_by("party").agg(
        (until <= day).sum().alias("due"), ((until <= day) & (col("paid_date") <= until)).sum().alias("in_time"),
        ((until < day) & col("paid_date").is_null()).sum().alias("overdue"),
    )  # fmt: skip
    ties = pl.scan_parquet(folder / "relations.parquet")
    back = {"child": "parent", "parent": "child", "referrer": "referred", "referred": "referrer"}
    both = pl.concat([
        ties.select(party="other", who="one", what="kind"),
        ties.select(party="one", who="other", what=col("kind").replace(back)),
    ]).unique()  # fmt: skip
    parties = pl.scan_parquet(folder / "parties.parquet").filter(col("state") == "active")
    related = both.join(parties.select(who="id", birth="birth_date"), on="who", how="left").group_by("party").agg(
        col("who").n_unique().alias("relations"), col("who").filter(col("what") == "referred").n_unique().alias("referrals"),
        col("who").filter(col("what") == "child").n_unique().alias("children"),
        (col("what") == "spouse").any().alias("spouse"), col("birth").filter(col("what") == "child").max().alias("youngest"),
    )  # fmt: skip
    minors = parties.filter(col("birth_date") > day - timedelta(days=6574)).select(insured="id")
    young = (
        pl.scan_parquet(folder / "insured.parquet").select("policy", insured="party").join(minors, on="insured")
        .join(holders.filter(active & col("line").is_in(["accident", "health"])), on="policy")
        .group_by("party").agg(col("sum_insured_fen").sum().alias("children_insured"))
    )  # fmt: skip
    units, consents = (pl.scan_parquet(folder / f"{name}.parquet") for name in ("units", "consents"))
    frame = parties.rename({"id": "party"}).join(units, on="unit", how="left")
    for other in (per, claims, contacts, due, related, young, consents):
        frame = frame.join(other, on="party", how="left")
    table = frame.collect().with_columns(col("premium").fill_null(0)).sort("premium", descending=True)
    table = table.with_columns(share=col("premium").cum_sum() / max(1, table.get_column("premium").sum()))
    table = table.with_columns(
        tier=col("premium").bin_intervals([5_000_000, 10_000_000, 15_000_000, 20_000_000], labels=False),
        abc=col("share").bin_intervals([0.8, 0.95], labels=False),
        **{f"q_{name}": col(name).rank() * 5 // table.height for name in ("premium", "contacts", "paid_fen")},
    )  # fmt: skip
    table.write_parquet(folder / "bare.parquet")
    return table.height


def _pandas(folder: Path, day: Any, products: Any) -> int:
    import pandas as pd

    now, year, two = (pd.Timestamp(day - timedelta(days=days)) for days in (0, 365, 730))

    def read(name: str, *days: str) -> Any:
        frame = pd.read_parquet(folder / f"{name}.parquet")
        for column in days:
            frame[column] = pd.to_datetime(frame[column])
        return frame

    parties = read("parties", "birth_date")
    parties = parties[parties["state"] == "active"]
    known = read("products")
    known["need"] = [
        _need(name, line, products) for name, line in zip(known["product_name"], known["line"], strict=True)
    ]
    policies = read("policies", "effective_date", "expiry_date", "ended_date")
    policies = policies[policies["effective_date"] <= now].merge(known, on=["product_name", "line"], how="left")
    active = (policies["status"] == "in_force") & (policies["expiry_date"].isna() | (policies["expiry_date"] > now))
    yearly = (policies["expiry_date"] - policies["effective_date"]).dt.days <= 366
    counted = policies["annual_premium_fen"].where(active & ((policies["pay_mode"] != "single") | yearly), 0)
    ends = policies[["ended_date", "expiry_date"]].min(axis=1)
    over = ~active & (ends <= now)
    wide = {"counted": counted, "paid": policies["total_paid_fen"], "active": active, "pending": policies["status"] == "pending",
            "bought": policies["effective_date"] > two, "ended": over & (ends > year)}  # fmt: skip
    wide |= {f"premium_{line}": counted.where(policies["line"] == line, 0) for line in LINES}
    wide |= {
        f"cover_{need}": policies["sum_insured_fen"].where(active & (policies["need"] == need), 0) for need in NEEDS
    }
    days = {
        "ends": policies["expiry_date"].where(active),
        "last_end": ends.where(over),
        "first_active": policies["effective_date"].where(active),
    }
    narrow = policies[["party"]].assign(**wide).groupby("party")
    dates = (
        policies[["party", "effective_date", "channel"]].assign(**days).sort_values("effective_date").groupby("party")
    )
    per = narrow.sum().join(narrow.size().rename("policies")).rename(columns={"counted": "premium"})
    per = per.join(dates.agg(first=("effective_date", "min"), last=("effective_date", "max"), ends=("ends", "min"), last_end=("last_end", "max"),
                             first_active=("first_active", "min"), channel=("channel", "first")))  # fmt: skip
    per = per.join(policies[active].groupby("party").agg(lines=("line", "nunique")))
    holders = (
        policies[["id", "party", "line", "sum_insured_fen"]].assign(active=active).rename(columns={"id": "policy"})
    )
    claims = read("claims", "reported_date", "settled_date").merge(holders, on="policy")
    counts = (claims["state"] != "cancelled") & ~claims["is_recovery"]
    claims = claims[["party", "paid_fen"]].assign(
        paid_12m=claims["paid_fen"].where(claims["settled_date"] > year, 0), claims=counts, claims_12m=counts & (claims["reported_date"] > year),
        open=~claims["state"].isin(["paid", "closed", "cancelled"]),
    ).groupby("party").sum()  # fmt: skip
    touch = read("contacts", "day")
    recent, inbound = touch["day"] > year, touch["is_inbound"]
    contacts = touch[["party", "at"]].assign(
        inbound=touch["day"].where(inbound), outbound=touch["day"].where(~inbound), recent=recent, voluntary=recent & inbound,
        seconds=touch["duration_seconds"].fillna(360).where(recent, 0),
    ).groupby("party").agg(at=("at", "max"), inbound=("inbound", "max"), outbound=("outbound", "max"), contacts=("recent", "sum"),
                           voluntary=("voluntary", "sum"), seconds=("seconds", "sum"), ever=("recent", "size"))  # fmt: skip
    contacts = contacts.join(touch[recent].groupby("party").agg(channels=("channel", "nunique")))
    dues = read("instalments", "due_date", "grace_end_date", "paid_date").merge(holders, on="policy")
    until = dues["grace_end_date"].fillna(dues["due_date"])
    due = dues[["party"]].assign(
        due=until <= now, in_time=(until <= now) & (dues["paid_date"] <= until), overdue=(until < now) & dues["paid_date"].isna()
    ).groupby("party").sum()  # fmt: skip
    ties = read("relations")
    back = {"child": "parent", "parent": "child", "referrer": "referred", "referred": "referrer"}
    both = pd.concat([
        ties.rename(columns={"other": "party", "one": "who", "kind": "what"}),
        ties.assign(kind=ties["kind"].replace(back)).rename(columns={"one": "party", "other": "who", "kind": "what"}),
    ]).drop_duplicates().merge(parties[["id", "birth_date"]].rename(columns={"id": "who"}), on="who", how="left")  # fmt: skip
    child = both["what"] == "child"
    related = both.groupby("party").agg(relations=("who", "nunique"))
    related = related.join(both[both["what"] == "referred"].groupby("party").agg(referrals=("who", "nunique")))
    related = related.join(
        both[child].groupby("party").agg(children=("who", "nunique"), youngest=("birth_date", "max"))
    )
    minors = parties.loc[parties["birth_date"] > now - pd.Timedelta(days=6574), ["id"]].rename(
        columns={"id": "insured"}
    )
    cover = holders[holders["active"] & holders["line"].isin(["accident", "health"])]
    young = read("insured").rename(columns={"party": "insured"}).merge(minors, on="insured").merge(cover, on="policy")
    table = parties.rename(columns={"id": "party"}).merge(read("units"), on="unit", how="left").set_index("party").join(
        [per, claims, contacts, due, related, young.groupby("party").agg(children_insured=("sum_insured_fen", "sum")),
         read("consents").set_index("party")]
    )  # fmt: skip
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
