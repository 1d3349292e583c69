"""The customers of a run as a file, made by a job: who got whom, and why. Kept for whoever asked."""

from __future__ import annotations

import csv
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy, override

from anxin.book.customers.services import volume
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.kernel.actor import Actor
from anxin.kernel.spreadsheet_safety import safe_cell
from anxin.kernel.words import mark as _
from anxin.service.managers import rules
from anxin.service.managers.data import DecisionState, DecisionView, Refused, RunNotFound
from anxin.service.managers.queries import runs

KIND: Final = "managers.export"
PERMISSION: Final = "customers.export"
ROWS_AT_MOST: Final = 50_000
KEPT_FOR: Final = timedelta(days=7)
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
    """Write the file in one go; a killed attempt begins again."""
    actor, run_id = running.actor, UUID(running.arguments["run"])
    actor.require(PERMISSION)
    done, after = 0, None
    with tempfile.TemporaryDirectory() as folder, override(running.arguments["language"]):
        path = Path(folder) / "run.csv"
        # A spreadsheet in China takes a file without the mark for GBK.
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            out = csv.writer(target)
            out.writerow([str(head) for head in HEADS])
            while True:
                rows, after = runs.decisions(actor, run_id, after=after, limit=PAGE, permission=PERMISSION)
                out.writerows([_cells(row) for row in rows])
                done += len(rows)
                running.progress(done)
                if after is None:
                    break
        name = f"{gettext('Allocations and hand-overs')}-{rules.day_of(running.clock()):%Y%m%d}.csv"
        with transaction.atomic(), path.open("rb") as source:
            running.fence()
            document = documents.store(
                actor=actor, now=running.clock(), name=name, content_type="text/csv", content=source,
                purpose="export", expires_at=running.clock() + KEPT_FOR,
            )  # fmt: skip
    return Finished(
        message=_("%(rows)s customers exported."), values={"rows": done}, result={"rows": done},
        document_id=document.id,
    )  # fmt: skip


def _cells(row: DecisionView) -> list[str]:
    texts = [row.ref, row.name, row.tier, row.before, row.after, row.text, str(STATES[row.state])]
    return [safe_cell(text) for text in texts]
