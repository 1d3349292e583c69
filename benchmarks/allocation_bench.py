"""Allocation of customers to managers by the rules, in columns: time, capacities, and a second run that moves nobody.

`python -m benchmarks allocation`; BENCH_CUSTOMERS sets the size (small unless told), a manager for every 200. What is
measured is the decision itself (`service.managers.rules.allocate`) on an invented insurer with the shipped rules:
nobody has a manager, two thirds know who made the business, one in seven came by net sales, capacity is for 110 %.

With `BENCH_DATABASE=1` the same is done to the instance of the benchmarks, whole: reading the customers, deciding,
writing decisions, changing hands with history and audit, as a night does it (`nights.automatic`). All customers lose
their manager before and get it back after. Seconds are wall, of this process and of the database.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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

    from anxin.book.customers.models import Party
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor
    from anxin.service.managers import rules
    from anxin.service.managers.queries import frames
    from anxin.service.managers.services import nights, pool
    from benchmarks import processor

    now, actor = clock.now(), Actor.system("benchmark")
    server = int(next(Path(site.ANXIN_HOME).rglob("postmaster.pid")).read_text().split()[0])
    steps: dict[str, dict[str, float]] = {}

    def counted() -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), processor.seconds(server)

    def watched(name: str, do: Any) -> Any:
        def doing(*given: Any, **named: Any) -> Any:
            before = counted()
            found = do(*given, **named)
            took = dict(zip(("wall", "processor", "database"), map(_less, before, counted()), strict=True))
            known = steps.get(name, dict.fromkeys(took, 0.0))
            steps[name] = {what: round(known[what] + one, 2) for what, one in took.items()}
            return found

        return doing

    everybody = Party.objects.filter(state="active").count()
    in_force, places = frames.in_force(now), frames.units()
    staff = frames.staff(in_force.settings, today=rules.day_of(now), places=places)
    enough = -(-everybody * 11_000 // max(staff.height, 1))
    settings = replace(in_force.settings, capacities=dict.fromkeys(in_force.settings.capacities, enough))
    used = replace(in_force, settings=settings)
    frames.in_force = lambda now: used
    frames.parties = watched("read", frames.parties)
    rules.allocate = watched("decide", rules.allocate)
    nights.carry_out = watched("write and change hands, its end in it", nights.carry_out)
    nights._end = watched("(of it: look for room, end)", nights._end)
    pool.reconcile = watched("pool", pool.reconcile)
    with _nobody_has_a_manager(now):
        began = counted()
        given = nights.automatic(actor=actor, now=now)
        seconds, own, database = map(_less, began, counted())
        again = nights.automatic(actor=actor, now=now)
        loads = frames.staff(settings, today=rules.day_of(now), places=places)
        over = loads.filter(pl.col("load") > pl.col("capacity")).height
    allowed = max(PROMISED_SECONDS * everybody / PROMISED_SIZE, 1.0)
    return {
        "customers": everybody, "managers": staff.height, **given, "seconds": round(seconds, 2), "steps": steps,
        "microseconds_of_processors_per_customer": round((own + database) / max(everybody, 1) * 1e6),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "promises": {
            "allocation in the database ≤ 60 s per million": _promise(
                round(seconds, 2), round(allowed, 2), seconds <= allowed
            ),
            "no capacity exceeded": _promise(over, 0, over == 0),
            "a second run moves nobody": _promise(again["assigned"], 0, again["assigned"] == 0),
        },
    }  # fmt: skip


def _less(before: float, after: float) -> float:
    return after - before


# What the allocation writes, and what is written here without being measured.
_TABLES = ("customers_party", "customers_partyevent", "customers_custody", "managers_decision", "managers_waiting",
           "managers_run", "audit_entry")  # fmt: skip
_BEFORE = (
    "CREATE TEMPORARY TABLE held AS SELECT id, manager_id FROM customers_party WHERE manager_id IS NOT NULL",
    "CREATE TEMPORARY TABLE marks AS SELECT (SELECT coalesce(max(pgh_id), 0) FROM customers_partyevent) AS event,"
    " (SELECT coalesce(max(id), 0) FROM audit_entry) AS entry",
    "UPDATE customers_custody SET until_at = %(now)s WHERE until_at IS NULL",
    "UPDATE customers_party SET manager_id = NULL WHERE manager_id IS NOT NULL",
    "DELETE FROM managers_waiting",
)
_AFTER = (
    "DELETE FROM managers_waiting",
    "DELETE FROM managers_decision WHERE run_id IN (SELECT id FROM managers_run WHERE asked_at = %(now)s)",
    "DELETE FROM managers_run WHERE asked_at = %(now)s",
    "DELETE FROM customers_custody WHERE from_at = %(now)s",
    "UPDATE customers_custody SET until_at = NULL WHERE until_at = %(now)s",
    "UPDATE customers_party p SET manager_id = h.manager_id FROM customers_party q LEFT JOIN held h ON h.id = q.id"
    " WHERE p.id = q.id AND p.manager_id IS DISTINCT FROM h.manager_id",
    "DELETE FROM customers_partyevent WHERE pgh_id > (SELECT event FROM marks)",
    "DELETE FROM audit_entry WHERE id > (SELECT entry FROM marks)",
)


@contextmanager
def _nobody_has_a_manager(now: Any) -> Iterator[None]:
    """Inside; afterwards all is as it was. Portions are committed, so that nothing can be taken back."""
    from django.db import connection

    with connection.cursor() as cursor:
        _plainly(cursor, _BEFORE, now)
        try:
            yield
        finally:
            _plainly(cursor, _AFTER, now)


def _plainly(cursor: Any, statements: tuple[str, ...], now: Any) -> None:
    # Without history and checks of keys, which the embedded server's owner may leave out.
    cursor.execute("SET session_replication_role = replica")
    for statement in statements:
        cursor.execute(statement, {"now": now})
    cursor.execute("SET session_replication_role = origin")
    for table in _TABLES:
        cursor.execute(f"VACUUM ANALYZE {table}")


if __name__ == "__main__":
    print(json.dumps(in_database()))
