"""The search for households over the whole book, as a job."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.book.households import services
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished
from anxin.kernel import clock
from anxin.kernel.words import mark as _

STEPS = {
    "ties": _("Looking for what ties persons together"),
    "groups": _("Forming households"),
    "write": _("Writing the proposals"),
}


@app.task(queue="jobs", name="households.infer")
def infer(job_id: str) -> None:
    jobs.run(job_id, _work, clock=clock.now)


def _work(running: jobs.Running) -> Finished:
    def tell(step: str, _rows: int) -> None:
        running.progress(list(STEPS).index(step) + 1, len(STEPS), STEPS[step])

    found = services.infer(actor=running.actor, now=clock.now(), progress=tell)
    return Finished(
        message=_("%(new)s proposals are new, %(kept)s stand, %(withdrawn)s were withdrawn."),
        values={"new": found.new, "kept": found.kept, "withdrawn": found.withdrawn},
    )
