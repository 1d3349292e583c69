"""Bringing back the work of workers that died."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from anxin.foundation.jobs import services
from anxin.kernel import clock

STALLED_AFTER_SECONDS = 20
MOST_ATTEMPTS = 3


@app.periodic(cron="* * * * * */5", periodic_id="revive-jobs")
@app.task(queueing_lock="revive-jobs", queue="housekeeping")
def revive_jobs(timestamp: int) -> None:
    """Jobs whose lease ran out go back into the queue."""
    services.revive(now=clock.now())


@app.periodic(cron="* * * * * */10", periodic_id="retry-stalled")
@app.task(queueing_lock="retry-stalled", pass_context=True, queue="housekeeping")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A worker that was killed sends no heartbeat: give its tasks back to the queue, but not for ever.

    Tasks of jobs are only closed: the job itself wakes a new one (`revive_jobs`), and counts its own attempts.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        if (job.queueing_lock or "").startswith("job-") or job.attempts + 1 >= MOST_ATTEMPTS:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)
