"""The rows of the success rate as a file, made by a job: what a regulator asks for, row by row."""

from __future__ import annotations

import csv
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy, override

from anxin.book.customers.services import volume
from anxin.book.portfolio.data import CHANNELS, LINES
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.kernel.actor import Actor
from anxin.kernel.spreadsheet_safety import safe_cell
from anxin.kernel.words import mark as _
from anxin.service.callbacks.data import STATES, WAYS, State, Way
from anxin.service.callbacks.queries import figures
from anxin.service.callbacks.rules import due

KIND: Final = "callbacks.export"
KEPT_FOR: Final = timedelta(days=7)
# In the order of the definition: policy, channel, accepted, receipt, end, success, day and way of the success.
HEADS: Final = (
    gettext_lazy("Policy no."), gettext_lazy("Channel"), gettext_lazy("Accepted on"), gettext_lazy("Receipt signed on"),
    gettext_lazy("Cooling-off period ends"), gettext_lazy("Called back in time"), gettext_lazy("Called back on"),
    gettext_lazy("Way of the call-back"), gettext_lazy("Status"), gettext_lazy("Attempts"), gettext_lazy("Line"),
    gettext_lazy("Unit"), gettext_lazy("Receipt assumed"),
)  # fmt: skip


def start_export(
    *, actor: Actor, now: datetime, first: date, last: date, by: str, language: str, title: str, task: jobs.QueuedTask
) -> JobView:  # fmt: skip
    """Queue the file of a period. Raises NotPermitted, TooMuch."""
    actor.require("callbacks.report")
    rows = figures.count_rows(actor, first, last, today=due.day_of(now), by=by)
    with volume.counted(actor=actor, now=now, rows=rows):
        audit.record(
            actor=actor, now=now, action="callbacks.export", object_kind="call_backs",
            detail={"rows": rows, "first": first.isoformat(), "last": last.isoformat()},
        )  # fmt: skip
        return jobs.start(
            actor=actor, now=now, kind=KIND, title=title, total=rows, task=task,
            arguments={"first": first.isoformat(), "last": last.isoformat(), "by": by, "language": language},
        )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    """Write the file in one go; a killed attempt begins again."""
    told = running.arguments
    first, last = date.fromisoformat(told["first"]), date.fromisoformat(told["last"])
    done = 0
    with tempfile.TemporaryDirectory() as folder, override(told["language"]):
        path = Path(folder) / "call-backs.csv"
        # A spreadsheet in China takes a file without the mark for GBK.
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            out = csv.writer(target)
            out.writerow([str(head) for head in HEADS])
            today = due.day_of(running.clock())
            for row in figures.rows_of_rate(running.actor, first, last, today=today, by=told["by"]):
                out.writerow([safe_cell(text) for text in _cells(row)])
                done += 1
                if done % 1_000 == 0:
                    running.progress(done)
        name = f"{gettext('Call-backs in the cooling-off period')}-{first:%Y%m%d}-{last:%Y%m%d}.csv"
        with transaction.atomic(), path.open("rb") as source:
            running.fence()
            document = documents.store(
                actor=running.actor, now=running.clock(), name=name, content_type="text/csv", content=source,
                purpose="export", expires_at=running.clock() + KEPT_FOR,
            )  # fmt: skip
    return Finished(message=_("%(rows)s policies exported."), values={"rows": done}, document_id=document.id)


def _cells(row: dict[str, Any]) -> list[str]:
    def day(value: date | None) -> str:
        return value.isoformat() if value else ""

    return [
        row["policy_no"], gettext(CHANNELS.get(row["channel"], row["channel"])) if row["channel"] else "",
        day(row["underwritten_date"]), day(row["receipt_date"]), day(row["cooling_ends"]),
        gettext("Y") if row["is_success"] else gettext("N"), day(row["success_on"]),
        gettext(WAYS[Way(row["success_way"])]) if row["success_way"] else "", gettext(STATES[State(row["state"])][0]),
        str(row["attempts"]), gettext(LINES.get(row["line"], row["line"])) if row["line"] else "",
        row["unit__name"] or "", gettext("Y") if row["is_assumed"] else gettext("N"),
    ]  # fmt: skip
