"""Statistics as a file, made by a job. No cell is a formula; it is kept for whoever asked."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy, override

from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.kernel.actor import Actor
from anxin.kernel.spreadsheet_safety import safe_cell
from anxin.kernel.words import mark as _
from anxin.service.complaints.queries import reports
from anxin.service.complaints.queries.reports import ReportFilter
from anxin.service.complaints.rules import numbering
from anxin.service.complaints.services import tallying

KIND: Final = "complaints.export"
KEPT_FOR: Final = timedelta(days=7)
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
    """Write the file in one go; a killed attempt begins again."""
    told = running.arguments
    now = running.clock()
    tallying.refresh()
    with override(told["language"]):
        lines = reports.report(
            running.actor, ReportFilter(**told["filter"]), by=told["by"], language=told["language"],
            today=numbering.day_of(now),
        )  # fmt: skip
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([str(head) for head in HEADS])
        for row in lines:
            cells = (
                row.label, row.key, str(row.closed), str(row.confirmed),
                f"{row.share:.4f}" if row.share is not None else "",
                f"{row.recovered_fen // 100}.{row.recovered_fen % 100:02d}" if row.recovered_fen is not None else "",
                row.currency, f"{row.mean_days:.1f}" if row.mean_days is not None else "",
            )  # fmt: skip
            writer.writerow([safe_cell(cell) for cell in cells])
        name = f"{gettext('Complaint statistics')}-{numbering.day_of(now):%Y%m%d}.csv"
    with transaction.atomic():
        running.fence()
        # A spreadsheet in China takes a file without the mark for GBK.
        document = documents.store(
            actor=running.actor, now=now, name=name, content_type="text/csv", purpose="export",
            content=io.BytesIO(out.getvalue().encode("utf-8-sig")), expires_at=now + KEPT_FOR,
        )  # fmt: skip
    return Finished(message=_("%(rows)s lines exported."), values={"rows": len(lines)}, document_id=document.id)


def to_plain(wanted: ReportFilter) -> dict[str, Any]:
    """The filter as plain values for a job."""
    return {name: value for name, value in vars(wanted).items() if value not in ("", None)}
