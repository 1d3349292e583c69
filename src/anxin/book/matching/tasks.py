"""Linking, merging in bulk and training as jobs; and what follows merges late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from procrastinate.contrib.django import app

from anxin.book.matching.services import bulk, linking, merging
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished
from anxin.kernel import clock
from anxin.kernel.words import mark as _

STAGE_WORDS: Final = {
    "read": _("Reading the customer files"),
    "link": _("Comparing them with one another"),
    "decide": _("Merging what is certain"),
    "write": _("Writing what is to be reviewed"),
}
LATE: Final = timedelta(hours=2)


@app.task(queue="jobs", name="matching.link")
def link(job_id: str) -> None:
    jobs.run(job_id, _link, clock=clock.now)


@app.task(queue="jobs", name="matching.merge_many")
def merge_many(job_id: str) -> None:
    jobs.run(job_id, bulk.work, clock=clock.now)


@app.task(queue="jobs", name="matching.train")
def train(job_id: str) -> None:
    jobs.run(job_id, _train, clock=clock.now)


@app.periodic(cron="*/10 * * * *", periodic_id="matching-gather")
@app.task(queue="jobs", name="matching.gather", queueing_lock="matching-gather")
def gather(timestamp: int) -> None:
    """Rows that were put to a file while it was being merged follow it."""
    merging.gather(now=clock.now(), merged_since=clock.now() - LATE)


def _link(running: jobs.Running) -> Finished:
    def tell(stage: str, done: int, total: int) -> None:
        running.progress(done, total, STAGE_WORDS[stage])

    found = linking.run(
        actor=running.actor, now=clock.now(), batch_id=linking.batch_of(running.arguments), progress=tell
    )
    values: dict[str, Any] = {name: found.get(name, 0) for name in ("records", "merged", "review")}
    return Finished(
        message=_("%(records)s files compared, %(merged)s merged, %(review)s pairs to review."),
        values=values,
        result=found,
    )


def _train(running: jobs.Running) -> Finished:
    from anxin.book.matching.services import training

    version = training.train(actor=running.actor, now=clock.now(), kind=str(running.arguments["kind"]))
    return Finished(
        message=_("Draft version %(version)s is made. Compare and activate it."), values={"version": version}
    )
