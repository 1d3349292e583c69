"""The list of files to correct as a file, made by a job. No cell is a formula; it is kept for whoever asked."""

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
from anxin.book.upkeep import data, rules
from anxin.book.upkeep.data import FileFilter
from anxin.book.upkeep.queries import listing
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.kernel.actor import Actor
from anxin.kernel.series import listed
from anxin.kernel.spreadsheet_safety import safe_cell
from anxin.kernel.words import mark as _

KIND: Final = "upkeep.export"
KEPT_FOR: Final = timedelta(days=7)
HEADS: Final = (
    gettext_lazy("Customer no."), gettext_lazy("Name"), gettext_lazy("Score"), gettext_lazy("Completeness"),
    gettext_lazy("Truth"), gettext_lazy("Findings"), gettext_lazy("Missing"), gettext_lazy("Customer manager"),
    gettext_lazy("Unit"),
)  # fmt: skip


def start_export(
    *, actor: Actor, now: datetime, wanted: FileFilter, language: str, task: jobs.QueuedTask
) -> JobView:  # fmt: skip
    """Queue the export of what the filter shows within the actor's reach of `upkeep.export`. Raises TooMuch."""
    actor.require("upkeep.export")
    rows = listing.count_to_export(actor, wanted)
    with volume.counted(actor=actor, now=now, rows=rows):
        audit.record(actor=actor, now=now, action="upkeep.export", object_kind="scores", detail={"rows": rows})
        return jobs.start(
            actor=actor, now=now, kind=KIND, title=rules.day_of(now).isoformat(), total=rows, task=task,
            arguments={"filter": to_plain(wanted), "language": language},
        )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    """Write the file in one go; a killed attempt begins again."""
    wanted, done = from_plain(running.arguments["filter"]), 0
    with tempfile.TemporaryDirectory() as folder, override(running.arguments["language"]):
        path = Path(folder) / "quality.csv"
        # A spreadsheet in China takes a file without the mark for GBK.
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            out = csv.writer(target)
            out.writerow([str(head) for head in HEADS])
            for rows in listing.to_export(running.actor, wanted):
                for row in rows:
                    found = listed(gettext(data.PROBLEMS[code]) for code in row.problems if code in data.PROBLEMS)
                    missing = listed(gettext(data.ITEMS[item]) for item in row.missing if item in data.ITEMS)
                    cells = (
                        row.ref, row.name, str(row.score), str(row.completeness), str(row.truth), found, missing,
                        row.manager, row.unit,
                    )  # fmt: skip
                    out.writerow([safe_cell(cell) for cell in cells])
                done += len(rows)
                running.progress(done)
        name = f"{gettext('Data quality')}-{rules.day_of(running.clock()):%Y%m%d}.csv"
        with transaction.atomic(), path.open("rb") as source:
            running.fence()
            document = documents.store(
                actor=running.actor, now=running.clock(), name=name, content_type="text/csv", content=source,
                purpose="export", expires_at=running.clock() + KEPT_FOR,
            )  # fmt: skip
    return Finished(message=_("%(rows)s files exported."), values={"rows": done}, document_id=document.id)


def to_plain(wanted: FileFilter) -> dict[str, Any]:
    """The filter as plain values for a job."""
    plain = {
        "problem": wanted.problem, "missing": wanted.missing, "source": wanted.source, "below": wanted.below,
        "unit": str(wanted.unit) if wanted.unit else "", "manager": str(wanted.manager) if wanted.manager else "",
    }  # fmt: skip
    return {name: value for name, value in plain.items() if value not in ("", None)}


def from_plain(plain: dict[str, Any]) -> FileFilter:
    return FileFilter(
        problem=plain.get("problem", ""), missing=plain.get("missing", ""), source=plain.get("source", ""),
        below=plain.get("below"), unit=UUID(plain["unit"]) if plain.get("unit") else None,
        manager=UUID(plain["manager"]) if plain.get("manager") else None,
    )  # fmt: skip
