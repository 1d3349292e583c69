"""What the owner of a file takes home: the list of rows that were refused, to be mended and sent again."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext, pgettext

from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.documents.data import DocumentView
from anxin.foundation.intake import access, queries
from anxin.foundation.intake.data import Matter, Problem
from anxin.foundation.intake.models import Batch
from anxin.foundation.intake.rules import timing
from anxin.foundation.intake.services import keeping
from anxin.foundation.intake.services.work import KEPT_SCHEMA
from anxin.kernel.actor import Actor
from anxin.kernel.importing import registered_importers
from anxin.kernel.spreadsheet_safety import safe_cell

PURPOSE: Final = "import-errors"


def error_file(*, actor: Actor, now: datetime, ref: str, in_clear: bool = False) -> DocumentView:
    """A sealed CSV of every problem: line, column, value, reason and how to mend it, in the active language.

    Values are masked; `in_clear` needs `intake.reveal` and is told to the trail. It expires after a day.
    """
    batch = access.get_batch(actor, ref)
    if in_clear:
        actor.require("intake.reveal")
    importers = registered_importers()
    head = [
        pgettext("file", "Line"), gettext("Kind of row"), pgettext("file", "Column"), pgettext("file", "Value"),
        gettext("Weight"), gettext("Reason"), gettext("What is wrong and how to mend it"),
    ]  # fmt: skip

    def lines() -> Iterator[list[Any]]:
        for problem in _problems(batch, in_clear=in_clear):
            kind = importers.get(problem.kind)
            yield [
                problem.line,
                gettext(kind.label) if kind is not None else "",
                safe_cell(problem.column),
                safe_cell(problem.value),
                gettext("Warning") if problem.is_warning else gettext("Refused"),
                problem.code,
                safe_cell(gettext(problem.hint)) if problem.hint else "",
            ]

    return _stored(actor, now, batch, gettext("errors"), "intake.error_file", head, lines(), {"in_clear": in_clear})


def notes_file(*, actor: Actor, now: datetime, ref: str, matter: Matter) -> DocumentView:
    """A sealed CSV of every row absent from a full load, or kept when the batch was undone. It expires after a day."""
    batch = access.get_batch(actor, ref)
    labels = queries.kind_labels(list(registered_importers()))
    head = [gettext("Kind of row"), gettext("Number"), gettext("Customer number"), gettext("Reason")]
    title = gettext("no longer seen") if matter is Matter.ABSENT else gettext("kept")

    def lines() -> Iterator[list[Any]]:
        for row in queries.list_notes(actor, ref, matter).order_by("id").iterator(chunk_size=5_000):
            note = queries.shown_note(row)
            reason = gettext(note.reason) if note.reason else ""
            yield [gettext(labels.get(note.kind, note.kind)), safe_cell(note.key), note.ref, reason]

    return _stored(actor, now, batch, title, "intake.notes_file", head, lines(), {"matter": matter.value})


def _stored(
    actor: Actor, now: datetime, batch: Batch, title: str, action: str, head: list[str],
    lines: Iterator[list[Any]], detail: dict[str, Any],
) -> DocumentView:  # fmt: skip
    rows = 0
    with tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024) as target:
        # Excel takes a CSV without a mark for the code page of the machine.
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
        out = csv.writer(text, lineterminator="\r\n")
        out.writerow(head)
        for line in lines:
            rows += 1
            out.writerow(line)
        text.flush()
        text.detach()
        target.seek(0)
        with transaction.atomic():
            stem = batch.file_name.rsplit(".", 1)[0][:60]
            document = documents.store(
                actor=actor,
                now=now,
                name=f"{stem}-{title}-{batch.ref}.csv",
                content=target,  # type: ignore[arg-type]
                content_type="text/csv",
                purpose=PURPOSE,
                expires_at=now + timing.ERROR_FILE_KEPT_FOR,
            )
            audit.record(
                actor=actor, now=now, action=action, object_kind="batch", object_id=batch.id,
                object_ref=batch.ref, detail={"rows": rows, **detail},
            )  # fmt: skip
    return document


def _problems(batch: Batch, *, in_clear: bool) -> Iterator[Problem]:
    for portion in keeping.all_problems(batch.id):
        cells = portion.select(list(KEPT_SCHEMA)).rows()
        yield from queries.told(cells, batch.profile_content, in_clear=in_clear)
