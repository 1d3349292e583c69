"""The long work of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.book.rights.services import archives, erasing
from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock


@app.task(queue="jobs", name="rights.archive")
def make_archive(job_id: str) -> None:
    jobs.run(job_id, archives.work, clock=clock.now)


@app.task(queue="jobs", name="rights.erase")
def erase_person(job_id: str) -> None:
    jobs.run(job_id, erasing.work, clock=clock.now)
