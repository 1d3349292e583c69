"""A table as a file for whoever started the job: one way for every room, so that each opens in a spreadsheet, runs
nothing there, and is kept as long."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, Self

from django.db import transaction
from django.utils.translation import override

from anxin.foundation.documents import services as documents
from anxin.foundation.jobs.data import Finished
from anxin.foundation.jobs.services import Running
from anxin.kernel.spreadsheet_safety import safe_cell

KEPT_FOR: Final = timedelta(days=7)
FORMATS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
LONGEST_SHEET_NAME: Final = 31
# Texts are made safe to open in a spreadsheet; figures stay figures.
Cell = str | int | Decimal


class _Csv:
    def __init__(self, path: Path, title: str) -> None:
        # A spreadsheet in China takes a file without the mark for GBK.
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self.row = csv.writer(self._file).writerow

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class _Xlsx:
    def __init__(self, path: Path, title: str) -> None:
        # Only here: a worker that imports has no use for it, and it takes memory.
        import xlsxwriter

        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._sheet = self._book.add_worksheet(title[:LONGEST_SHEET_NAME])
        self._head = self._book.add_format({"bold": True})
        self._rows = 0

    def row(self, cells: Sequence[Cell]) -> None:
        for column, value in enumerate(cells):
            if isinstance(value, str):
                self._sheet.write_string(self._rows, column, value, self._head if self._rows == 0 else None)
            else:
                self._sheet.write_number(self._rows, column, value)
        self._rows += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()


def write(
    running: Running, *, title: object, stamp: str, heads: Iterable[object],
    portions: Iterable[Iterable[Sequence[Cell]]], message: str, format: str = "csv",
) -> Finished:  # fmt: skip
    """Write the rows in one go, in the language the job was started in; a killed attempt begins again.

    `title` and `heads` are translated late, and so is what `portions` make while they are walked; progress is told
    after each. `format` is one of `FORMATS`; the file is called `title-stamp.format`. `message` is an English text of
    the catalogue that takes `rows`.
    """
    done = 0
    with tempfile.TemporaryDirectory() as folder, override(running.arguments["language"]):
        path = Path(folder) / f"rows.{format}"
        with (_Csv if format == "csv" else _Xlsx)(path, str(title)) as out:
            out.row([str(head) for head in heads])
            for portion in portions:
                for row in portion:
                    out.row([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
                    done += 1
                running.progress(done)
        with transaction.atomic(), path.open("rb") as source:
            running.fence()
            now = running.clock()
            document = documents.store(
                actor=running.actor, now=now, name=f"{title}-{stamp}.{format}", content_type=FORMATS[format],
                content=source, purpose="export", expires_at=now + KEPT_FOR,
            )  # fmt: skip
    return Finished(message=message, values={"rows": done}, result={"rows": done}, document_id=document.id)
