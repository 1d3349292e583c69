"""The inbox and the page of a ticket with 200,000 open tickets; 100,000 promises due anew in the database.

The pages are asked in one process through the whole stack of middleware, so a time is server time. `BENCH_TICKETS` says
how many tickets lie open, `BENCH_ROUNDS` how often each page is asked.
"""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta
from typing import Any

from benchmarks import instance

TICKETS = int(os.environ.get("BENCH_TICKETS", "200000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "200"))
MOST_MS = 100


def main() -> dict[str, Any]:
    """p95 of wall and processor time of the pages, by part of the inbox."""
    with instance.filled() as facts:
        import django

        django.setup()
        from benchmarks import open_tickets

        open_tickets.fill(TICKETS)
        pages = _pages()
        recomputed = _recompute()
    promises = {
        f"{name}, p95 ms with {TICKETS:,} open tickets": {
            "measured": one["p95_ms"], "promised": f"≤ {MOST_MS}", "kept": one["p95_ms"] <= MOST_MS,
        }
        for name, one in pages.items()
    }  # fmt: skip
    limit = 20 * max(recomputed["promises"], 1) / 100_000
    promises[f"{recomputed['promises']:,} promises due anew in the database, seconds"] = {
        "measured": recomputed["seconds"], "promised": f"≤ {limit:.1f}", "kept": recomputed["seconds"] <= limit,
    }  # fmt: skip
    return {"customers": facts["customers"], "tickets": TICKETS, "pages": pages, "promises": promises}


def _pages() -> dict[str, dict[str, float]]:
    from django.test import Client

    from anxin.foundation.accounts.models import User
    from anxin.kernel import clock
    from anxin.service.desk.models import Ticket
    from benchmarks import sessions

    held = Ticket.objects.filter(number__startswith="BENCH", owner__isnull=False)
    agent = User.objects.get(pk=held.values_list("owner_id", flat=True)[0])
    client = Client(SERVER_NAME="127.0.0.1", headers={"cookie": sessions.cookie(agent, clock.now())})
    dice = random.Random(3)
    keys = list(held.filter(owner=agent).values_list("pk", flat=True)[:ROUNDS])
    asked = {
        "inbox, in my hands": ["/desk/"],
        "inbox, a queue": ["/desk/?lane=queue&queue=claims", "/desk/?lane=queue&queue=general"],
        "inbox, all within reach": ["/desk/?lane=reach"],
        "page of a ticket": [f"/desk/tickets/{key}/" for key in keys],
        "preview": [f"/desk/tickets/{key}/preview/" for key in keys],
    }
    return {name: _times(client, [dice.choice(paths) for _round in range(ROUNDS)]) for name, paths in asked.items()}


def _times(client: Any, paths: list[str]) -> dict[str, float]:
    client.get(paths[0])
    wall, work = [], []
    for path in paths:
        began, worked = time.perf_counter(), time.thread_time()
        response = client.get(path)
        wall.append(time.perf_counter() - began)
        work.append(time.thread_time() - worked)
        if response.status_code != 200:
            raise SystemExit(f"{path} answers {response.status_code}.")
    at = int(len(paths) * 0.95)
    return {
        "p50_ms": round(sorted(wall)[len(wall) // 2] * 1000, 1), "p95_ms": round(sorted(wall)[at] * 1000, 1),
        "processor_p50_ms": round(sorted(work)[len(work) // 2] * 1000, 1),
        "processor_p95_ms": round(sorted(work)[at] * 1000, 1),
    }  # fmt: skip


def _recompute() -> dict[str, Any]:
    """A day off is put into the calendar; every open promise is said anew."""
    from anxin.foundation.org.models import CalendarDay, WorkingCalendar
    from anxin.kernel import clock
    from anxin.service.desk import services
    from anxin.service.desk.models import Promise

    now = clock.now()
    calendar = WorkingCalendar.objects.get(code="site")
    day = now.date()
    while day.weekday() > 4:
        day -= timedelta(days=1)
    CalendarDay.objects.update_or_create(calendar=calendar, date=day, defaults={"is_working": False, "name": "停工"})
    began = time.perf_counter()
    moved = services.recompute(now=now, amber=80)
    seconds = round(time.perf_counter() - began, 1)
    CalendarDay.objects.filter(calendar=calendar, date=day).delete()
    services.recompute(now=now, amber=80)
    return {"promises": Promise.objects.filter(done_at__isnull=True).count(), "moved": moved, "seconds": seconds}
