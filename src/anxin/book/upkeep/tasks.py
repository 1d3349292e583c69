"""Judging all files by hand and exporting the list, as jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.book.upkeep import services
from anxin.book.upkeep.services import exporting
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished
from anxin.kernel import clock
from anxin.kernel.words import mark as _


@app.task(queue="jobs", name="upkeep.score")
def score(job_id: str) -> None:
    jobs.run(job_id, _work, clock=clock.now)


@app.task(queue="jobs", name="upkeep.export")
def export(job_id: str) -> None:
    jobs.run(job_id, exporting.work, clock=clock.now)


def _work(running: jobs.Running) -> Finished:
    judged, changed = services.score_all(
        now=clock.now(), progress=lambda _step, rows: running.progress(rows, None, _("Judging the files"))
    )
    return Finished(
        message=_("%(judged)s files judged, %(changed)s scores changed."),
        values={"judged": judged, "changed": changed},
    )
