"""Run as a program of its own: a workbook on stdin, its sheet as CSV on stdout, a word why not on stderr.

Knows nothing of the product: whatever a hostile workbook makes of this process, there is nothing here to take.
"""

import csv
import datetime
import io
import resource
import sys
from typing import Any


def main() -> int:
    memory, seconds, wanted, header_line = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        names = book.sheet_names
        if wanted and wanted not in names:
            return stop("sheet_missing", wanted, ", ".join(names))
        sheet = book.get_sheet_by_name(wanted) if wanted else first_with_rows(book, names)
        if sheet is None or sheet.height == 0:
            return stop("empty")
        write(sheet, header_line)
    except MemoryError:
        return stop("memory")
    except (CalamineError, OSError, ValueError, KeyError) as error:
        return stop("xlsx_damaged", type(error).__name__)
    return 0


def first_with_rows(book: Any, names: list[str]) -> Any:
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height:
            return sheet
    return None


def write(sheet: Any, header_line: int) -> None:
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="", write_through=False)
    writer = csv.writer(out, lineterminator="\n")
    top = sheet.start[0] if sheet.start else 0
    # Rows above the used area: kept as blank lines, so that a line number is a row number of the sheet.
    out.write("\n" * top)
    rows = sheet.to_python(skip_empty_area=True)
    # The used area is often wider than the table: what has no header has no name to be mapped by.
    head = rows[header_line - 1 - top] if 0 <= header_line - 1 - top < len(rows) else []
    width = max((at for at, value in enumerate(head, start=1) if str(value).strip()), default=len(head))
    for row in rows:
        writer.writerow([shown(value) for value in row[:width]])
    out.flush()


def shown(value: object) -> str:
    if isinstance(value, str):
        return " ".join(value.split("\n")).replace("\r", " ") if "\n" in value or "\r" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Beyond 15 digits a spreadsheet holds no exact number: shown so that nobody takes it for one.
        if value == int(value) if abs(value) < 1e300 else False:
            return str(int(value)) if abs(value) < 1e15 else f"{value:.14E}"
        return repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")[:19]
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def stop(*words: str) -> int:
    sys.stderr.write("\t".join(words) + "\n")
    return 3


if __name__ == "__main__":
    sys.exit(main())
