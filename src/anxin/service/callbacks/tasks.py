"""The export as a job, a look for new policies every hour, and for what agents kept every ten minutes."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.callbacks import services
from anxin.service.callbacks.services import exporting

# What an import brought may still be taken back in this time: a policy with a call-back would stay.
SETTLES = timedelta(hours=1)


@app.task(queue="jobs", name="callbacks.export")
def export(job_id: str) -> None:
    jobs.run(job_id, exporting.work, clock=clock.now)


@app.periodic(cron="25 * * * *", periodic_id="callbacks-make")
@app.task(name="callbacks.make", queueing_lock="callbacks-make")
def make(timestamp: int) -> None:
    """Policies that came in during the day: the clock of their customers runs already."""
    now = clock.now()
    services.ensure(actor=Actor.system("callbacks"), now=now, settled_before=now - SETTLES)


@app.periodic(cron="*/10 * * * *", periodic_id="callbacks-release")
@app.task(name="callbacks.release", queueing_lock="callbacks-release")
def release(timestamp: int) -> None:
    """Agreed times that passed, calls that were begun and left."""
    services.release(actor=Actor.system("callbacks"), now=clock.now())
