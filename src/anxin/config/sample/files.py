"""Files as the source systems write them: CSV in their encodings, and the one workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

import polars as pl
import xlsxwriter

from anxin.config.sample.customers import DATE_CELL, NUMBER_CELL

BOM: Final = b"\xef\xbb\xbf"


class Sink(Protocol):
    """A file that grows chunk by chunk; `rows` counts without the header."""

    rows: int

    def write(self, frame: pl.DataFrame) -> int:
        """Append and return the line number (from 1, header included) of the first row."""
        ...


class CsvFile:
    def __init__(self, path: Path, *, encoding: str = "utf-8", line_end: str = "\n") -> None:
        self.path = path
        self.rows = 0
        self._encoding = encoding
        self._line_end = line_end
        self._file = path.open("wb")
        if encoding == "utf-8-sig":
            self._file.write(BOM)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, frame: pl.DataFrame) -> int:
        first = self.rows + 2
        header = self.rows == 0 and self._file.tell() <= len(BOM)
        # Polars quotes an empty text and leaves a null bare; source systems know no such difference.
        texts = pl.col(pl.String)
        plain = frame.with_columns(pl.when(texts != "").then(texts))
        if self._encoding == "gb18030":
            text = plain.write_csv(include_header=header, line_terminator=self._line_end)
            self._file.write(text.encode("gb18030"))
        else:
            plain.write_csv(self._file, include_header=header, line_terminator=self._line_end)
        self.rows += frame.height
        return first


class XlsxFile:
    """One sheet, written row by row and never held in memory.

    A cell of text that starts with `NUMBER_CELL` becomes a number, one with `DATE_CELL` a number shown as a date.
    """

    def __init__(self, path: Path, *, sheet: str, created: datetime) -> None:
        self.path = path
        self.rows = 0
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
        self._book.set_properties({"created": created})
        self._sheet = self._book.add_worksheet(sheet)
        self._date = self._book.add_format({"num_format": "yyyy/m/d"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def write(self, frame: pl.DataFrame) -> int:
        first = self.rows + 2
        if self.rows == 0:
            self._sheet.write_row(0, 0, frame.columns)
        # The only loop over rows: the library takes cells one at a time, and the workbook is capped.
        for at, values in enumerate(frame.iter_rows(), start=self.rows + 1):
            for column, value in enumerate(values):
                if not value:
                    continue
                if value[0] == NUMBER_CELL:
                    self._sheet.write_number(at, column, float(value[1:]))
                elif value[0] == DATE_CELL:
                    self._sheet.write_number(at, column, float(value[1:]), self._date)
                else:
                    self._sheet.write_string(at, column, value)
        self.rows += frame.height
        return first
