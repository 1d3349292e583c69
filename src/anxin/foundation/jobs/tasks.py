"""Bringing back the jobs of workers that died."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

STALLED_AFTER_SECONDS = 20


@app.periodic(cron="* * * * * */10", periodic_id="retry-stalled")
@app.task(queueing_lock="retry-stalled", pass_context=True, queue="housekeeping")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A worker that was killed sends no heartbeat: give its jobs back to the queue."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(job)
