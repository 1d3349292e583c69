"""Allocation of customers to managers by the rules, in columns: time, capacities, and a second run that moves nobody.

`python -m benchmarks allocation`; BENCH_CUSTOMERS sets the size (small unless told), a manager for every 200. What is
measured is the decision itself (`service.managers.rules.allocate`) on an invented insurer with the shipped rules:
nobody has a manager, two thirds know who made the business, one in seven came by net sales, capacity is for 110 %.

With `BENCH_DATABASE=1` the same is done to the instance of the benchmarks, whole: reading the customers, deciding,
writing decisions, changing hands with history and audit. All customers lose their manager before, and one transaction
is taken back after, so that the instance stays as it was. Seconds are wall, of this process and of the database.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

SEED = 7
PER_MANAGER = 200
PROMISED_SECONDS, PROMISED_SIZE = 60.0, 1_000_000
TIERS = ("", "standard", "gold", "platinum", "diamond", "supreme")
SHARES = (0.35, 0.5, 0.09, 0.035, 0.015, 0.01)


def main() -> dict[str, Any]:
    if os.environ.get("BENCH_DATABASE"):
        from benchmarks import instance

        with instance.filled():
            out = subprocess.run(
                [sys.executable, "-m", "benchmarks.allocation_bench"], check=True, stdout=subprocess.PIPE, text=True
            ).stdout
        found: dict[str, Any] = json.loads(out.splitlines()[-1])
        return found
    from anxin.service.managers import rules

    count = int(os.environ.get("BENCH_CUSTOMERS", "20000"))
    settings = rules.settings_of(rules.ALLOCATION_DEFAULT)
    people, staff = _invent(count, settings)
    began, worked = time.perf_counter(), time.process_time()
    plan = rules.allocate(people, staff, settings)
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    again, moved = _again(people, staff, plan, settings)
    over = _over(staff, plan)
    unassigned = int(plan["after"].null_count())
    allowed = max(PROMISED_SECONDS * count / PROMISED_SIZE, 1.0)
    return {
        "customers": count,
        "managers": staff.height,
        "seconds": round(seconds, 2),
        "processor_seconds": round(work, 2),
        "again_seconds": round(again, 2),
        "microseconds_per_customer": round(seconds / count * 1e6, 1),
        "unassigned": unassigned,
        "reasons": dict(plan["reason"].value_counts(sort=True).iter_rows()),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "promises": {
            "allocation ≤ 60 s per million": _promise(round(seconds, 2), round(allowed, 2), seconds <= allowed),
            "no capacity exceeded": _promise(over, 0, over == 0),
            "a second run moves nobody": _promise(moved, 0, moved == 0),
        },
    }


def _promise(measured: float, promised: float, kept: bool) -> dict[str, Any]:
    return {"promised": promised, "measured": measured, "kept": kept}


def _invent(count: int, settings: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Customers without managers, and managers in outlets of a tree of five levels."""
    from anxin.service.managers import rules

    dice = np.random.default_rng(SEED)
    outlets = [
        (f"/00/{p:02d}/{p:02d}{c:02d}/{p:02d}{c:02d}{d:02d}/{p:02d}{c:02d}{d:02d}{o:02d}/", f"{p:02d}{c:02d}{d:02d}")
        for p in range(11, 17) for c in range(1, 4) for d in range(1, 4) for o in range(1, 4)
    ]  # fmt: skip
    managers = max(count // PER_MANAGER, 1)
    place = dice.integers(0, len(outlets), managers)
    tier = dice.choice(len(TIERS), count, p=SHARES)
    weights = np.array([settings.weight_of(one) for one in TIERS], dtype=np.int64)[tier]
    room = int(weights.sum() * 1.1 / managers)
    staff = pl.DataFrame(
        {
            "manager": [f"m{at:06d}" for at in range(managers)], "path": [outlets[at][0] for at in place],
            "division": [outlets[at][1] for at in place],
            "capacity": dice.integers(int(room * 0.8), int(room * 1.2) + 1, managers), "load": [0] * managers,
            "customers": [0] * managers,
        },
        schema=dict(rules.MANAGERS),
    )  # fmt: skip
    home = dice.integers(0, len(outlets), count)
    owner = dice.integers(0, managers, count)
    is_online = dice.random(count) < 1 / 7
    is_known = dice.random(count) < 2 / 3
    people = pl.DataFrame(
        {
            "party": [f"{at:032x}" for at in dice.permutation(count)], "manager": [None] * count,
            "path": [None if online else outlets[at][0] for at, online in zip(home, is_online, strict=True)],
            "division": [outlets[at][1] for at in home],
            "channel": np.where(is_online, "online", "agent"), "language": ["zh"] * count, "kind": ["person"] * count,
            "tier": [TIERS[at] for at in tier], "lines": [["motor"]] * count,
            "owner": [f"m{at:06d}" if known else None for at, known in zip(owner, is_known, strict=True)],
            "weight": weights,
        },
        schema=dict(rules.PARTIES),
    )  # fmt: skip
    return people, staff


def _again(people: pl.DataFrame, staff: pl.DataFrame, plan: pl.DataFrame, settings: Any) -> tuple[float, int]:
    """The result as the new state: seconds, and how many have another manager."""
    from anxin.service.managers import rules

    given = plan.filter(pl.col("after").is_not_null()).group_by("after").agg(
        pl.col("weight").sum().alias("more"), pl.len().cast(pl.Int64).alias("heads")
    )  # fmt: skip
    later = staff.join(given, left_on="manager", right_on="after", how="left").with_columns(
        load=pl.col("load") + pl.col("more").fill_null(0), customers=pl.col("customers") + pl.col("heads").fill_null(0)
    )
    settled = people.drop("manager").join(plan.select("party", pl.col("after").alias("manager")), on="party")
    began = time.perf_counter()
    second = rules.allocate(settled.select(list(rules.PARTIES)), later.select(list(rules.MANAGERS)), settings)
    seconds = time.perf_counter() - began
    both = plan.select("party", "after").join(second.select("party", pl.col("after").alias("then")), on="party")
    return seconds, both.filter(pl.col("after").ne_missing(pl.col("then"))).height


def _over(staff: pl.DataFrame, plan: pl.DataFrame) -> int:
    """Managers loaded beyond their capacity."""
    given = plan.filter(pl.col("after").is_not_null()).group_by("after").agg(pl.col("weight").sum())
    both = staff.join(given, left_on="manager", right_on="after", how="inner")
    return both.filter(pl.col("load") + pl.col("weight") > pl.col("capacity")).height


def in_database() -> dict[str, Any]:
    """Everybody of the instance gets a manager by the shipped rules, with capacities that are just enough."""
    import django

    django.setup()
    from dataclasses import replace

    from django.conf import settings as site
    from django.db import transaction

    from anxin.book.customers.models import Custody, Party
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor
    from anxin.service.managers import rules
    from anxin.service.managers.data import RunKind
    from anxin.service.managers.models import Waiting
    from anxin.service.managers.queries import frames
    from anxin.service.managers.services import nights, planning, pool
    from benchmarks import processor

    now, actor = clock.now(), Actor.system("benchmark")
    server = int(next(Path(site.ANXIN_HOME).rglob("postmaster.pid")).read_text().split()[0])
    steps: dict[str, dict[str, float]] = {}
    last = (time.perf_counter(), time.process_time(), processor.seconds(server))

    def done(name: str) -> None:
        nonlocal last
        here = (time.perf_counter(), time.process_time(), processor.seconds(server))
        wall, own, database = (round(after - before, 2) for before, after in zip(last, here, strict=True))
        steps[name], last = {"wall": wall, "processor": own, "database": database}, here

    with transaction.atomic():
        Custody.objects.filter(until_at__isnull=True).update(until_at=now)
        Party.objects.filter(manager__isnull=False).update(manager=None)
        Waiting.objects.all().delete()
        _check_keys()
        done("(everybody loses their manager)")
        in_force, places = frames.in_force(now), frames.units()
        staff = frames.staff(in_force.settings, today=rules.day_of(now), places=places)
        everybody = Party.objects.filter(state="active").count()
        enough = -(-everybody * 11_000 // max(staff.height, 1))
        settings = replace(in_force.settings, capacities=dict.fromkeys(in_force.settings.capacities, enough))
        used = replace(in_force, settings=settings)
        staff = staff.with_columns(capacity=pl.lit(enough, dtype=pl.Int64), load=pl.lit(0, dtype=pl.Int64))
        people = frames.parties(planning.WITHOUT_MANAGER, settings, staff, places)
        done("read")
        plan = planning.named(rules.allocate(people, staff, settings), places)
        done("decide")
        given = plan.filter(pl.col("after").is_not_null())
        nights.carry_out(actor, now, RunKind.ALLOCATE, given, planning.summary_of(plan), used)
        done("write and change hands")
        pool.reconcile(now=now)
        pool.told(plan)
        done("pool")
        _check_keys()
        done("check of keys, as at the end of a transaction")
        transaction.set_rollback(True)
    counted = [step for name, step in steps.items() if not name.startswith("(")]
    seconds = round(sum(step["wall"] for step in counted), 2)
    allowed = max(PROMISED_SECONDS * everybody / PROMISED_SIZE, 1.0)
    over = _over(staff, plan)
    return {
        "customers": everybody, "managers": staff.height, "assigned": given.height, "seconds": seconds, "steps": steps,
        "microseconds_of_processors_per_customer": round(
            sum(step["processor"] + step["database"] for step in counted) / max(everybody, 1) * 1e6
        ),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "promises": {
            "allocation in the database ≤ 60 s per million": _promise(seconds, round(allowed, 2), seconds <= allowed),
            "no capacity exceeded": _promise(over, 0, over == 0),
        },
    }  # fmt: skip


def _check_keys() -> None:
    """Foreign keys are checked when a transaction ends; this one is taken back, and would never pay for it."""
    from django.db import connection

    connection.check_constraints()


if __name__ == "__main__":
    print(json.dumps(in_database()))
