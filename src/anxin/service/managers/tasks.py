"""Planning, carrying out and exporting runs, as jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.service.managers.services import applying, exporting, planning


@app.task(queue="jobs", name="managers.plan")
def plan(job_id: str) -> None:
    jobs.run(job_id, planning.work, clock=clock.now)


@app.task(queue="jobs", name="managers.apply")
def apply(job_id: str) -> None:
    jobs.run(job_id, applying.work, clock=clock.now)


@app.task(queue="jobs", name="managers.export")
def export(job_id: str) -> None:
    jobs.run(job_id, exporting.work, clock=clock.now)
