"""Planning and carrying out runs, as jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.service.managers.services import applying, planning


@app.task(queue="jobs", name="managers.plan")
def plan(job_id: str) -> None:
    jobs.run(job_id, planning.work, clock=clock.now)


@app.task(queue="jobs", name="managers.apply")
def apply(job_id: str) -> None:
    jobs.run(job_id, applying.work, clock=clock.now)
