"""The list of files to correct as a file, made by a job. No cell is a formula; it is kept for whoever asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from anxin.book.customers.services import volume
from anxin.book.upkeep import data, rules
from anxin.book.upkeep.data import FileFilter, FileRow
from anxin.book.upkeep.queries import listing
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.jobs.services import sheets
from anxin.kernel.actor import Actor
from anxin.kernel.series import listed
from anxin.kernel.words import mark as _

KIND: Final = "upkeep.export"
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
    wanted = from_plain(running.arguments["filter"])
    portions = listing.to_export(running.actor, wanted)
    return sheets.write(
        running, title=gettext_lazy("Data quality"), stamp=f"{rules.day_of(running.clock()):%Y%m%d}", heads=HEADS,
        portions=(map(_cells, rows) for rows in portions), message=_("%(rows)s files exported."),
    )  # fmt: skip


def _cells(row: FileRow) -> list[str]:
    found = listed(gettext(data.PROBLEMS[code]) for code in row.problems if code in data.PROBLEMS)
    missing = listed(gettext(data.ITEMS[item]) for item in row.missing if item in data.ITEMS)
    return [
        row.ref, row.name, str(row.score), str(row.completeness), str(row.truth), found, missing, row.manager, row.unit,
    ]  # fmt: skip


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
