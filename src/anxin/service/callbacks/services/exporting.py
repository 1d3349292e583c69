"""The rows of the success rate as a file, made by a job: what a regulator asks for, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext, gettext_lazy

from anxin.book.customers.services import volume
from anxin.book.portfolio.data import CHANNELS, LINES
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.jobs.services import sheets
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.callbacks.data import STATES, WAYS, State, Way
from anxin.service.callbacks.queries import figures
from anxin.service.callbacks.rules import due

KIND: Final = "callbacks.export"
# In the order of the definition: policy, channel, accepted, receipt, end, success, day and way of the success.
PORTION: Final = 1_000
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
    told = running.arguments
    first, last = date.fromisoformat(told["first"]), date.fromisoformat(told["last"])
    rows = figures.rows_of_rate(running.actor, first, last, today=due.day_of(running.clock()), by=told["by"])
    return sheets.write(
        running, title=gettext_lazy("Call-backs in the cooling-off period"), stamp=f"{first:%Y%m%d}-{last:%Y%m%d}",
        heads=HEADS, portions=_portions(rows), message=_("%(rows)s policies exported."),
    )  # fmt: skip


def _portions(rows: Iterable[dict[str, Any]]) -> Iterator[list[list[str]]]:
    left = iter(rows)
    while portion := list(islice(left, PORTION)):
        yield list(map(_cells, portion))


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
