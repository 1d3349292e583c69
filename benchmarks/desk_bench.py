"""The inbox and the page of a ticket with 200,000 open tickets; 100,000 promises due anew in the database.

The pages are asked in one process through the whole stack of middleware, so a time is server time. `BENCH_TICKETS` says
how many tickets lie open, `BENCH_ROUNDS` how often each page is asked.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

TICKETS = int(os.environ.get("BENCH_TICKETS", "200000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "200"))
HOME = Path(os.environ.get("BENCH_DESK_HOME", "var/bench-desk")).resolve()
CUSTOMERS = 20_000
AGENTS = 200
BATCH = 5_000
MOST_MS = 100


def main() -> dict[str, Any]:
    """p95 of wall and processor time of the pages, by part of the inbox."""
    os.environ["ANXIN_HOME"] = str(HOME)
    os.environ["ANXIN_DEMO"] = "1"  # no second factor
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    from anxin.config import embedded

    try:
        with embedded.server_if_needed():
            figures = _measure()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    return figures


def _measure() -> dict[str, Any]:
    import django

    django.setup()
    from anxin.config.commands.upkeep import bring_up_to_date

    bring_up_to_date()
    began = time.perf_counter()
    agent = _fill()
    filled = time.perf_counter() - began
    pages = _pages(agent)
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
    return {"tickets": TICKETS, "fill_seconds": round(filled, 1), "pages": pages, "promises": promises}


def _fill() -> Any:
    """Tickets of a week, a third of them nobody's yet, the others spread over the agents."""
    from django.db import connection
    from tests import build

    from anxin.foundation.org import queries as org
    from anxin.kernel import clock, promises
    from anxin.kernel.identifiers.uuid7 import uuid7
    from anxin.kernel.permissions import Role
    from anxin.service.desk.data import OPEN_STATES
    from anxin.service.desk.models import Promise, Ticket, TicketMove
    from anxin.service.desk.queries import schemes
    from anxin.service.desk.rules import promising

    dice = random.Random(7)
    now = clock.now()
    unit = build.unit(code="3100", name="上海分公司")
    agents = [
        build.user(username=f"a{number}", name=f"坐席{number}", role=Role.CALL_AGENT, unit=unit)
        for number in range(AGENTS)
    ]
    parties = [build.person(name=f"客户{number}", unit=unit) for number in range(min(CUSTOMERS, TICKETS // 10))]
    types = list(schemes.ticket_types(now).values())
    calendar = org.working_calendar(unit.pk)
    tickets, rows, moves = [], [], []
    for number in range(TICKETS):
        kind = dice.choice(types)
        opened = now - timedelta(minutes=dice.randrange(7 * 24 * 60))
        clock_ = promising.standard_clock(kind, opened)
        due, amber = promises.schedule(clock_, calendar, now)
        state = "new" if dice.random() < 0.33 else dice.choice(OPEN_STATES[1:])
        owner = None if state == "new" else dice.choice(agents)
        ticket = Ticket(
            id=uuid7(), number=f"GD{number:010d}", kind=kind.kind, type=kind.code, queue=kind.queue, skill="",
            channel="phone", priority=kind.priority, state=state, party=dice.choice(parties), subject="保单事项咨询",
            owner=owner, first_owner=owner, opened_by=dice.choice(agents), unit=unit, opened_at=opened, changed_at=now,
            due_at=due, amber_at=amber,
        )  # fmt: skip
        tickets.append(ticket)
        rows.append(
            Promise(ticket=ticket, kind="resolve", clock=promises.dump(clock_), started_at=opened, due_at=due,
                    amber_at=amber)
        )  # fmt: skip
        moves.append(TicketMove(ticket=ticket, action="open", after="new", actor_name="坐席", at=opened))
        if len(tickets) == BATCH or number == TICKETS - 1:
            Ticket.objects.bulk_create(tickets)
            Promise.objects.bulk_create(rows)
            TicketMove.objects.bulk_create(moves)
            tickets, rows, moves = [], [], []
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return agents[0]


def _pages(agent: Any) -> dict[str, dict[str, float]]:
    from django.test import Client

    from anxin.service.desk.models import Ticket

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(agent)
    session = client.session
    session["began"] = session["seen"] = time.time()
    session.save()
    dice = random.Random(3)
    keys = list(Ticket.objects.order_by("id").values_list("pk", flat=True)[: ROUNDS * 5 : 5])
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
    return {
        "promises": Promise.objects.filter(done_at__isnull=True).count(), "moved": moved,
        "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
