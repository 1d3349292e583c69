"""What the owner of a file takes home: the list of rows that were refused, to be mended and sent again."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext, pgettext

from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.documents.data import DocumentView
from anxin.foundation.intake import access, queries
from anxin.foundation.intake.data import Problem
from anxin.foundation.intake.models import Batch, RowProblem
from anxin.foundation.intake.rules import timing
from anxin.foundation.intake.rules.problems import HINTS
from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.kernel.importing import registered_importers
from anxin.kernel.spreadsheet_safety import safe_cell

PURPOSE: Final = "import-errors"
_AT_ONCE: Final = 2_000


def error_file(*, actor: Actor, now: datetime, ref: str, in_clear: bool = False) -> DocumentView:
    """A sealed CSV of every kept problem: line, column, value, reason and how to mend it, in the active language.

    Values are masked; `in_clear` needs `intake.reveal` and is told to the trail. It expires after a day.
    """
    batch = access.get_batch(actor, ref)
    if in_clear:
        actor.require("intake.reveal")
    rows = 0
    with tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024) as target:
        # Excel takes a CSV without a mark for the code page of the machine.
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
        out = csv.writer(text, lineterminator="\r\n")
        out.writerow(
            [
                pgettext("file", "Line"), gettext("Kind of row"), pgettext("file", "Column"), pgettext("file", "Value"),
                gettext("Weight"), gettext("Reason"), gettext("What is wrong and how to mend it"),
            ]
        )  # fmt: skip
        importers = registered_importers()
        for problem in _problems(batch, in_clear=in_clear):
            rows += 1
            kind = importers.get(problem.kind)
            out.writerow(
                [
                    problem.line,
                    gettext(kind.label) if kind is not None else "",
                    safe_cell(problem.column),
                    safe_cell(problem.value),
                    gettext("Warning") if problem.is_warning else gettext("Refused"),
                    problem.code,
                    safe_cell(gettext(problem.hint)) if problem.hint else "",
                ]
            )
        text.flush()
        text.detach()
        target.seek(0)
        with transaction.atomic():
            stem = batch.file_name.rsplit(".", 1)[0][:60]
            document = documents.store(
                actor=actor,
                now=now,
                name=f"{stem}-{gettext('errors')}-{batch.ref}.csv",
                content=target,  # type: ignore[arg-type]
                content_type="text/csv",
                purpose=PURPOSE,
                expires_at=now + timing.ERROR_FILE_KEPT_FOR,
            )
            audit.record(
                actor=actor, now=now, action="intake.error_file", object_kind="batch", object_id=batch.id,
                object_ref=batch.ref, detail={"rows": rows, "in_clear": in_clear},
            )  # fmt: skip
    return document


def _problems(batch: Batch, *, in_clear: bool) -> Iterator[Problem]:
    rows = RowProblem.objects.filter(batch=batch).order_by("line", "id")
    content = batch.profile_content
    after: RowProblem | None = None
    while True:
        page = rows
        if after is not None:
            page = rows.filter(line__gte=after.line).exclude(line=after.line, id__lte=after.id)
        found = list(page[:_AT_ONCE])
        if not found:
            return
        yield from _in_clear(found) if in_clear else queries.shown_problems(found, content)
        after = found[-1]


def _in_clear(rows: list[RowProblem]) -> Iterator[Problem]:
    sealed = [bytes(row.value_sealed) if row.value_sealed is not None else None for row in rows]
    values = vault.ring().open_many(sealed, "intake_rowproblem", "value_sealed", [row.id for row in rows])
    importers = registered_importers()
    for row, value in zip(rows, values, strict=True):
        importer = importers.get(row.kind)
        hint = (importer.problem_hints.get(row.code) if importer else None) or HINTS.get(row.code, "")
        yield Problem(
            line=row.line, kind=row.kind, column=row.column, code=row.code, value=value or "", hint=hint,
            is_warning=row.is_warning,
        )  # fmt: skip
