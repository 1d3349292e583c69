"""Workbooks: looked at before they are unpacked, then read by a child process that may use only so much memory."""

from __future__ import annotations

import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.services.reading.files import BLOCK, Source

MEMORY_MB: Final = 1_024
SECONDS: Final = 600
LARGEST_UNPACKED: Final = 512 * 1024 * 1024
HIGHEST_RATIO: Final = 150
_SMALL: Final = 4 * 1024 * 1024
_CHILD: Final = Path(__file__).with_name("workbook_child.py")


def look_before(source: Source) -> None:
    """Refuse what its directory already tells: macros, entities, bombs, something else in a zip."""
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                if "xl/workbook.bin" in names:
                    raise FileRefused("xls_old")
                raise FileRefused("unknown_format")
            if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
                raise FileRefused("xlsx_macros")
            unpacked = sum(part.file_size for part in parts)
            if unpacked > LARGEST_UNPACKED or any(
                part.file_size > _SMALL and part.file_size > HIGHEST_RATIO * max(1, part.compress_size)
                for part in parts
            ):
                raise FileRefused("xlsx_bomb")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as inside:
                        head = inside.read(4_096).replace(b"\x00", b"").upper()
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise FileRefused("xlsx_entities")
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise FileRefused("xlsx_damaged") from None


def as_csv(source: Source, sheet: str, header_line: int) -> Iterator[bytes]:
    """The sheet as UTF-8 CSV, one line per row of the sheet, in portions. Raises FileRefused."""
    # Isolated mode: neither the environment nor the working folder can put a module in front of the child's imports.
    child = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), str(MEMORY_MB), str(SECONDS), sheet, str(header_line)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    # Opened here: the feeder's thread has no business with the database.
    with source.open() as file:
        feeder = threading.Thread(target=_feed, args=(file, child.stdin), daemon=True)
        feeder.start()
        try:
            while block := child.stdout.read(BLOCK):
                yield block
            word = child.stderr.read().decode(errors="replace").strip().splitlines()
            code = child.wait(timeout=SECONDS)
            if code != 0:
                raise _refusal(code, word[-1] if word else "")
        finally:
            child.kill()
            child.wait()
            feeder.join(timeout=5)
            for pipe in (child.stdout, child.stderr):
                pipe.close()


def _feed(file: BinaryIO, target: BinaryIO) -> None:
    # The child may stop reading early, because it refuses the file; what it said matters, not the broken pipe.
    with suppress(BrokenPipeError), target:
        while block := file.read(BLOCK):
            target.write(block)


def _refusal(code: int, word: str) -> FileRefused:
    kind, _, rest = word.partition("\t")
    if kind == "sheet_missing":
        wanted, _, present = rest.partition("\t")
        return FileRefused("sheet_missing", sheet=wanted, present=present)
    if kind in ("empty", "xlsx_damaged"):
        return FileRefused(kind)
    # Killed by a signal (Rust aborts when memory runs out) or MemoryError.
    return FileRefused("xlsx_too_large" if code < 0 or kind == "memory" else "xlsx_damaged")
