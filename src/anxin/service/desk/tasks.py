"""Watching over promises and over calls without an end, and forgetting who looked at what."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.service.desk import services
from anxin.service.desk.queries import schemes
from anxin.service.desk.services import closing, macros, recounting


@app.periodic(cron="*/2 * * * *", periodic_id="desk-escalate")
@app.task(name="desk.escalate", queueing_lock="desk-escalate")
def escalate(timestamp: int) -> None:
    services.escalate(now=clock.now())


@app.periodic(cron="*/2 * * * *", periodic_id="desk-calls")
@app.task(name="desk.close_lost", queueing_lock="desk-calls")
def close_lost(timestamp: int) -> None:
    closing.close_lost(now=clock.now())


@app.task(name="desk.macro")
def apply_macro(job_id: str) -> None:
    jobs.run(job_id, macros.work_off, clock=clock.now)


@app.task(name="desk.recompute_now")
def recompute_now(job_id: str) -> None:
    jobs.run(job_id, recounting.work_off, clock=clock.now)


@app.periodic(cron="40 3 * * *", periodic_id="desk-promises")
@app.task(name="desk.recompute", queueing_lock="desk-promises")
def recompute(timestamp: int) -> None:
    """Every night: calendars may have been edited, and what stands still is due a day later."""
    now = clock.now()
    amber = schemes.amber_percent(now)
    services.adopt_all(now=now, amber=amber)
    services.recompute(now=now, amber=amber)
    services.leave_old(now=now)
