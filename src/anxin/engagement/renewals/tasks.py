"""The export of renewals as a job."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.engagement.renewals.services import exporting
from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock


@app.task(queue="jobs", name="renewals.export")
def export(job_id: str) -> None:
    jobs.run(job_id, exporting.work, clock=clock.now)
