"""Statistics as a file, made by a job. No cell is a formula; it is kept for whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy

from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.jobs.services import sheets
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.complaints.data import ReportRow
from anxin.service.complaints.queries import reports
from anxin.service.complaints.queries.reports import ReportFilter
from anxin.service.complaints.rules import numbering
from anxin.service.complaints.services import tallying

KIND: Final = "complaints.export"
HEADS: Final = (
    gettext_lazy("Broken down by"), gettext_lazy("Code"), gettext_lazy("Closed complaints"),
    gettext_lazy("Well-founded"), gettext_lazy("Share confirmed"), gettext_lazy("Amount recovered"),
    gettext_lazy("Currency"), gettext_lazy("Mean days to the end"),
)  # fmt: skip


def start_export(
    *, actor: Actor, now: datetime, wanted: ReportFilter, by: str, language: str, task: jobs.QueuedTask
) -> JobView:  # fmt: skip
    """Queue the report as a file. Raises NotPermitted, ValueError for an unknown `by`."""
    actor.require("complaints.report")
    if by not in reports.BY:
        raise ValueError(by)
    with transaction.atomic():
        audit.record(actor=actor, now=now, action="complaints.export", object_kind="complaints", detail={"by": by})
        return jobs.start(
            actor=actor, now=now, kind=KIND, title=numbering.day_of(now).isoformat(), task=task,
            arguments={"filter": to_plain(wanted), "by": by, "language": language},
        )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    tallying.refresh()
    return sheets.write(
        running, title=gettext_lazy("Complaint statistics"), stamp=f"{numbering.day_of(running.clock()):%Y%m%d}",
        heads=HEADS, portions=_portions(running), message=_("%(rows)s lines exported."),
    )  # fmt: skip


def _portions(running: jobs.Running) -> Iterator[list[list[str]]]:
    # Asked while the file is written: what a line is called is said in the language of the file.
    told = running.arguments
    lines = reports.report(
        running.actor, ReportFilter(**told["filter"]), by=told["by"], language=told["language"],
        today=numbering.day_of(running.clock()),
    )  # fmt: skip
    yield list(map(_cells, lines))


def _cells(row: ReportRow) -> list[str]:
    return [
        row.label, row.key, str(row.closed), str(row.confirmed),
        f"{row.share:.4f}" if row.share is not None else "",
        f"{row.recovered_fen // 100}.{row.recovered_fen % 100:02d}" if row.recovered_fen is not None else "",
        row.currency, f"{row.mean_days:.1f}" if row.mean_days is not None else "",
    ]  # fmt: skip


def to_plain(wanted: ReportFilter) -> dict[str, Any]:
    """The filter as plain values for a job."""
    return {name: value for name, value in vars(wanted).items() if value not in ("", None)}
