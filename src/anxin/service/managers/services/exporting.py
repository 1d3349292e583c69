"""The customers of a run as a file, made by a job: who got whom, and why. Kept for whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy

from anxin.book.customers.services import volume
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.jobs.services import sheets
from anxin.kernel import tiers
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.managers import rules
from anxin.service.managers.data import DecisionState, DecisionView, Refused, RunNotFound
from anxin.service.managers.queries import runs

KIND: Final = "managers.export"
PERMISSION: Final = "customers.export"
ROWS_AT_MOST: Final = 50_000
PAGE: Final = 2_000
STATES: Final[dict[DecisionState, Any]] = {
    DecisionState.PLANNED: gettext_lazy("Planned"),
    DecisionState.APPLIED: gettext_lazy("Done"),
    DecisionState.SKIPPED: gettext_lazy("Left alone"),
    DecisionState.UNDONE: gettext_lazy("Taken back"),
}
HEADS: Final = (
    gettext_lazy("Customer no."),
    gettext_lazy("Name"),
    gettext_lazy("Premium tier"),
    gettext_lazy("Last manager"),
    gettext_lazy("New manager"),
    gettext_lazy("Why"),
    gettext_lazy("Status"),
)


def start(*, actor: Actor, now: datetime, run_id: UUID, language: str, title: str, task: jobs.QueuedTask) -> JobView:
    """Queue the export of those customers of a run that the actor may export. Raises NotPermitted, RunNotFound, Refused
    (nobody, or more than a file holds) and TooMuch."""
    actor.require(PERMISSION)
    if not actor.may("managers.allocate"):
        # For who may export but plans no allocation there is no run.
        raise RunNotFound(str(run_id))
    rows = runs.count_to_export(actor, run_id, PERMISSION)
    if not 0 < rows <= ROWS_AT_MOST:
        raise Refused(_("An export holds between 1 and 50,000 customers."))
    with volume.counted(actor=actor, now=now, rows=rows):
        audit.record(
            actor=actor, now=now, action="managers.export", object_kind="allocation_run", object_id=run_id,
            detail={"rows": rows},
        )  # fmt: skip
        return jobs.start(
            actor=actor, now=now, kind=KIND, title=title, total=rows, task=task,
            arguments={"run": str(run_id), "language": language},
        )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    actor, run_id = running.actor, UUID(running.arguments["run"])
    actor.require(PERMISSION)
    return sheets.write(
        running, title=gettext_lazy("Allocations and hand-overs"), stamp=f"{rules.day_of(running.clock()):%Y%m%d}",
        heads=HEADS, portions=_portions(actor, run_id), message=_("%(rows)s customers exported."),
    )  # fmt: skip


def _portions(actor: Actor, run_id: UUID) -> Iterator[list[list[str]]]:
    rows, after = runs.decisions(actor, run_id, limit=PAGE, permission=PERMISSION)
    yield list(map(_cells, rows))
    while after is not None:
        rows, after = runs.decisions(actor, run_id, after=after, limit=PAGE, permission=PERMISSION)
        yield list(map(_cells, rows))


def _cells(row: DecisionView) -> list[str]:
    tier = tiers.name(row.tier) if row.tier else ""
    return [row.ref, row.name, tier, row.before, row.after, row.text, str(STATES[row.state])]
