"""The run started by hand or by an import, as a job."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished
from anxin.kernel import clock
from anxin.kernel.words import mark as _

AGAIN_SECONDS = 60
STEP_WORDS = {
    "extract": _("Reading the book of business"),
    "compute": _("Classifying customers"),
    "compare": _("Comparing with the last run"),
    "write": _("Writing the results"),
}


@app.task(queue="jobs", name="segments.run")
def run(job_id: str) -> None:
    jobs.run(job_id, _work, clock=clock.now)


def _work(running: jobs.Running) -> Finished:
    # Every process finds its tasks at start; Ibis and its kin (100 MB) come only to the one that judges.
    from anxin.book.segments import services

    def tell(step: str, rows: int) -> None:
        running.progress(services.STEPS.index(step) + 1, len(services.STEPS), STEP_WORDS[step])

    found = services.run(actor=running.actor, now=clock.now(), as_of=clock.today(), progress=tell)
    parties = found.summary.get("parties", 0)
    return Finished(
        message=_("%(parties)s customers classified."),
        values={"parties": parties if isinstance(parties, int) else 0},
        result={"run": str(found.id)},
    )


@app.task(name="segments.follow", queueing_lock="segments.follow")
def follow() -> None:
    """Imports came in: begin a run, or come back when the one under way is over."""
    from anxin.book.segments.services import following

    if following.begin(now=clock.now(), task=run) is following.Begun.LATER:
        follow.configure(schedule_in={"seconds": AGAIN_SECONDS}).defer()


@app.task(queue="jobs", name="segments.catch_up", queueing_lock="segments.catch_up")
def catch_up() -> None:
    """Files were merged or separated: judge these customers, or begin a run when they are many."""
    from anxin.book.segments.services import catching_up, following

    if not catching_up.catch_up():
        following.begin(now=clock.now(), task=run)


@app.task(name="segments.size")
def size(owner_id: str) -> None:
    """Somebody wants the saved segments counted anew."""
    from anxin.book.segments.services import sizing

    sizing.size_all(now=clock.now(), owner_id=UUID(owner_id))


@app.task(queue="jobs", name="segments.trial")
def trial(job_id: str) -> None:
    from anxin.book.segments.services import trials

    jobs.run(job_id, trials.work, clock=clock.now)


@app.task(queue="jobs", name="segments.export")
def export(job_id: str) -> None:
    from anxin.book.segments.services import exporting

    jobs.run(job_id, exporting.work, clock=clock.now)
