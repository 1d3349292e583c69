"""The words of a batch: its states, its steps, its message."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.foundation.intake import queries
from anxin.foundation.intake.data import BatchState, BatchView
from anxin.foundation.jobs.data import OtherWork
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.kernel.web.words import figure

STATES: Final = {
    BatchState.UPLOADED: (_("Columns to map"), ""),
    BatchState.CHECKING: (_("Being checked"), "info"),
    BatchState.CHECKED: (_("To confirm"), "warn"),
    BatchState.RUNNING: (_("Importing"), "info"),
    BatchState.DONE: (pgettext_lazy("import", "Imported"), "ok"),
    BatchState.STOPPED: (_("Stopped"), "warn"),
    BatchState.FAILED: (_("Failed"), "danger"),
    BatchState.UNDOING: (_("Being undone"), "info"),
    BatchState.UNDONE: (_("Undone"), ""),
    BatchState.DISCARDED: (_("Discarded"), ""),
}
_AT: Final = {
    BatchState.UPLOADED: 1, BatchState.CHECKING: 2, BatchState.CHECKED: 3, BatchState.RUNNING: 4,
    BatchState.UNDOING: 4,
}  # fmt: skip


def among_jobs(actor: Actor, after: datetime | None, until: datetime | None, most: int) -> list[OtherWork]:
    """Imports as the list of jobs shows them: one's own; with jobs of everybody in reach those of feeds, too."""
    all_owners = actor.scope("jobs.view") is Scope.ALL
    return [
        OtherWork(
            kind=gettext("Data import"),
            title=f"{batch.file_name} · {batch.ref}",
            url=reverse("intake:batch", args=[batch.ref]),
            state=str(STATES[batch.state][0]),
            level=STATES[batch.state][1],
            is_over=not batch.is_moving,
            done=batch.rows_read,
            total=batch.rows_total,
            owner_name=batch.owner_name,
            created_at=batch.created_at,
            message=queries.message_of(batch),
            all_url=reverse("intake:list"),
        )
        for batch in queries.begun_between(actor, after, until, most, all_owners=all_owners)
    ]


def size_text(size: int) -> str:
    """`3.8 MB`, `12 KB`; decimal, as file managers show it."""
    if size >= 1_000_000:
        return f"{figure(size / 1_000_000, 1)} MB"
    return f"{figure(max(1, round(size / 1_000)))} KB"


def steps_of(batch: BatchView | None, *, columns: int = 0, mapped: int = 0) -> list[dict[str, Any]]:
    """The five steps; without a batch the first is the current one."""
    at = _AT.get(batch.state, 5) if batch else 0
    if batch and batch.state is BatchState.FAILED and not batch.counts:
        at = 2
    if batch and batch.state is BatchState.DISCARDED:
        at = 1
    notes = ["", "", "", "", ""]
    if batch:
        notes[0] = f"{batch.file_name} · {size_text(batch.file_size)}"
        if columns:
            notes[1] = gettext("%(columns)s columns · %(mapped)s mapped") % {"columns": columns, "mapped": mapped}
        if at >= 3:
            notes[2] = (
                ngettext("%(rows)s row with errors", "%(rows)s rows with errors", batch.rows_rejected)
                % {"rows": figure(batch.rows_rejected)}
                if batch.rows_rejected
                else gettext("No errors")
            )
        if batch.state not in (BatchState.UPLOADED, BatchState.CHECKING):
            notes[4] = str(STATES[batch.state][0]) if at >= 4 else ""
    labels = [
        gettext("Choose the file"),
        gettext("Map the columns"),
        gettext("Trial run"),
        gettext("Confirm"),
        gettext("Result"),
    ]
    return [
        {"label": label, "note": note, "state": "done" if number < at else "current" if number == at else ""}
        for number, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]


def share_of(batch: BatchView) -> dict[str, Any]:
    """Rows that may be imported, with a warning, with an error: counts, and widths of a thousand."""
    read, bad = batch.rows_read, min(batch.rows_rejected, batch.rows_read)
    warned = min(batch.rows_warned, read - bad)
    good = read - bad - warned
    # A few errors in a million rows are still seen.
    widths = [max(6, part * 1000 // read) if part and read else 0 for part in (good, warned, bad)]
    widths[0] = max(0, 1000 - widths[1] - widths[2]) if good else 0
    return {
        "good": good, "warned": warned, "bad": bad, "accepted": read - bad,
        "good_rate": good / read if read else 0, "warned_rate": warned / read if read else 0,
        "bad_rate": bad / read if read else 0,
        "rects": [
            ("ok", 0, widths[0]), ("warn", widths[0], widths[1]), ("danger", widths[0] + widths[1], widths[2]),
        ],
    }  # fmt: skip
