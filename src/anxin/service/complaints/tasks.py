"""Statistics as a file; every quarter of an hour a look at the clocks, and at the months to be counted anew."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.service.complaints.services import drafts, exporting, tallying, volumes, watching


@app.task(queue="jobs", name="complaints.export")
def export(job_id: str) -> None:
    jobs.run(job_id, exporting.work, clock=clock.now)


@app.periodic(cron="*/15 * * * *")
@app.task(queue="jobs", name="complaints.watch", queueing_lock="complaints.watch")
def watch(timestamp: int) -> None:
    watching.warn(now=clock.now())
    watching.dispatch(now=clock.now())
    watching.escalate(now=clock.now())
    tallying.refresh()


@app.periodic(cron="40 3 * * *")
@app.task(queue="jobs", name="complaints.night", queueing_lock="complaints.night")
def night(timestamp: int) -> None:
    """Count the business complaints are measured against; throw away drafts nobody came back for."""
    volumes.count_recent(now=clock.now(), today=clock.today())
    drafts.forget_old(now=clock.now())
