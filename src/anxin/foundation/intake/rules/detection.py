"""What a file is: container by magic bytes, encoding by reading all of it, delimiter and header by its first rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from anxin.foundation.intake.rules.problems import FileRefused

TEXT: Final = "csv"
XLSX: Final = "xlsx"
PARQUET: Final = "parquet"
GZIP: Final = "gzip"
DELIMITERS: Final = (",", ";", "\t", "|")
MOST_COLUMNS: Final = 2_000
# The column of line numbers in frames of raw rows; no header of a file may take its name.
LINE: Final = "#line"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY: Final = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"SQLite format 3",
    b"\x7fELF",
    b"MZ",
)
# Two-byte characters of GB18030; with a trail byte under A1 they lie outside of GB 2312, where ordinary text rarely is.
_PAIR: Final = re.compile(rb"[\x81-\xfe](?:([\x30-\x39])[\x81-\xfe][\x30-\x39]|([\x40-\x7e\x80-\xa0])|([\xa1-\xfe]))")
_MOST_ODD_PAIRS: Final = 0.25


def container_of(head: bytes) -> str:
    """csv (any text), gzip, xlsx or parquet by the first bytes; raises FileRefused for everything else."""
    if not head:
        raise FileRefused("empty")
    if head.startswith(b"\x1f\x8b"):
        return GZIP
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith(b"PK\x03\x04"):
        return XLSX
    if head.startswith(_OLE):
        raise FileRefused("xls_old")
    if head.startswith((*_BINARY, b"PK")):
        raise FileRefused("unknown_format")
    if re.match(
        rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|svg|table|meta|head|workbook)", head[:400], re.IGNORECASE
    ):
        raise FileRefused("markup")
    return TEXT


@dataclass(frozen=True, kw_only=True)
class TextForm:
    """encoding: a Python codec name; `lines` counts line ends; `bare_cr` when lines end in CR alone."""

    encoding: str
    bom_bytes: int
    lines: int
    bare_cr: bool


class TextScan:
    """Reads a text file once, block by block, and then knows its encoding for certain: nothing is guessed from a sample
    that the rest of the file does not bear out."""

    def __init__(self, declared: str = "") -> None:
        self._declared = declared
        self._size = 0
        self._first = b""
        self._bom = 0
        self._codec = ""
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._gb: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("gb18030")()
        self._big5: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("big5")()
        self._utf16: codecs.IncrementalDecoder | None = None
        self._gb_failed_line = 0
        self._utf8_failed_line = 0
        self._odd = self._even = self._big5_usual = 0
        self._lf = self._cr = self._crlf = 0
        self._last = b""
        self._zeros = [0, 0]
        self._nul_line = 0

    def feed(self, block: bytes) -> None:
        if not block:
            return
        if self._size == 0:
            self._begin(block)
        if self._codec != "utf-16":
            self._look_for_nul(block)
        self._size += len(block)
        if self._codec == "utf-16":
            self._feed_utf16(block)
            return
        line = self._lf or self._cr
        self._utf8, failed = _try(self._utf8, block)
        if failed is not None:
            self._utf8_failed_line = line + block.count(b"\n", 0, failed) + 1
        if not block.isascii():
            self._gb, failed = _try(self._gb, block)
            if failed is not None:
                self._gb_failed_line = line + block.count(b"\n", 0, failed) + 1
            self._big5, _ = _try(self._big5, block)
            if self._even + self._odd < 200_000 and self._utf8 is None:
                for match in _PAIR.finditer(block):
                    if match[2] is not None:
                        self._odd += 1
                        # Where Big5 keeps its usual characters; accented Latin letters lie above.
                        self._big5_usual += 0xA4 <= match[0][0] <= 0xC6
                    elif match[3] is not None:
                        self._even += 1
        elif self._gb is not None:
            self._gb, failed = _try(self._gb, block)
        self._count_lines(block)

    def _begin(self, block: bytes) -> None:
        self._first = block[:4]
        if block.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            raise FileRefused("utf32")
        if block.startswith(codecs.BOM_UTF8):
            self._codec, self._bom = "utf-8", 3
        elif block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._codec, self._bom = "utf-16", 2
            name = "utf-16-le" if block.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
            self._utf16 = codecs.getincrementaldecoder(name)()

    def _look_for_nul(self, block: bytes) -> None:
        if b"\x00" not in block:
            return
        # Text in UTF-16 has a zero in every second byte of its Latin letters, line ends and separators.
        odd = self._size % 2
        self._zeros[odd] += block[0::2].count(0)
        self._zeros[1 - odd] += block[1::2].count(0)
        if not self._nul_line:
            self._nul_line = (self._lf or self._cr) + block.count(b"\n", 0, block.index(0)) + 1

    def _feed_utf16(self, block: bytes) -> None:
        decoder = self._utf16
        assert decoder is not None
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError:
            raise FileRefused("unknown_encoding", line=self._lf + 1) from None
        if "\x00" in text:
            raise FileRefused("nul", line=self._lf + text.count("\n", 0, text.index("\x00")) + 1)
        self._count_lines(text.encode("utf-8", "surrogatepass"))

    def _count_lines(self, block: bytes) -> None:
        self._lf += block.count(b"\n")
        self._cr += block.count(b"\r")
        self._crlf += block.count(b"\r\n") + (self._last == b"\r" and block.startswith(b"\n"))
        self._last = block[-1:]

    def finish(self) -> TextForm:
        """The form of the whole file; raises FileRefused with the reason in plain words."""
        if self._size == 0 or self._size == self._bom:
            raise FileRefused("empty")
        lines = self._lf or self._cr
        bare_cr = self._lf == 0 and self._cr > 0
        if self._codec == "utf-16":
            assert self._utf16 is not None
            self._end(self._utf16)
            name = "utf-16-le" if self._first.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
            return TextForm(encoding=name, bom_bytes=2, lines=lines, bare_cr=bare_cr)
        if self._nul_line:
            if max(self._zeros) * 8 > self._size and max(self._zeros) > 4 * min(self._zeros):
                raise FileRefused("utf16_without_bom")
            raise FileRefused("nul", line=self._nul_line)
        if self._utf8 is not None:
            self._end(self._utf8)
            return TextForm(encoding="utf-8", bom_bytes=self._bom, lines=lines, bare_cr=bare_cr)
        if self._codec == "utf-8":
            raise FileRefused("unknown_encoding", line=self._utf8_failed_line)
        pairs = self._odd + self._even
        strange = self._declared != "gb18030" and pairs > 0 and self._odd > _MOST_ODD_PAIRS * pairs
        if self._gb is None or strange:
            if self._big5 is not None and self._big5_usual * 2 > self._odd:
                raise FileRefused("big5")
            raise FileRefused("unknown_encoding", line=self._gb_failed_line or self._utf8_failed_line)
        self._end(self._gb)
        return TextForm(encoding="gb18030", bom_bytes=0, lines=lines, bare_cr=bare_cr)

    @staticmethod
    def _end(decoder: codecs.IncrementalDecoder) -> None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise FileRefused("cut_off") from None


def _try(
    decoder: codecs.IncrementalDecoder | None, block: bytes
) -> tuple[codecs.IncrementalDecoder | None, int | None]:
    if decoder is None:
        return None, None
    try:
        decoder.decode(block)
    except UnicodeDecodeError as error:
        return None, max(0, error.start)
    return decoder, None


def delimiter_of(sample: str, quote: str = '"') -> str:
    """The delimiter that cuts the first lines into the most columns of equal number; "," for one column."""
    best, best_score = ",", (0, 0)
    for mark in DELIMITERS:
        try:
            rows = _rows(sample, mark, quote, 50)
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        head = len(rows[0])
        if head < 2:
            continue
        alike = widths[head] * 100 // sum(widths.values())
        score = (alike, head)
        if score > best_score:
            best, best_score = mark, score
    return best


def _rows(sample: str, delimiter: str, quote: str, at_most: int) -> list[list[str]]:
    csv.field_size_limit(64 * 1024 * 1024)
    if quote:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, quotechar=quote)
    else:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    found = []
    for row in reader:
        found.append(row)
        if len(found) >= at_most:
            break
    return found


def headers_of(cells: Sequence[str]) -> list[str]:
    """Clean, unique column names: blanks trimmed, a repeated name numbered “姓名 (2)”, a missing one “Column 5”.

    Raises FileRefused when no cell holds a name or there are too many columns.
    """
    if len(cells) > MOST_COLUMNS:
        raise FileRefused("too_many_columns", count=len(cells), limit=MOST_COLUMNS)
    names: list[str] = []
    seen: Counter[str] = Counter()
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.replace("\ufeff", "").split())[:120] or f"Column {number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    if not any(cell.strip() for cell in cells):
        raise FileRefused("no_header")
    # A generated name may meet a real one; frames need unique names.
    taken = {LINE}
    for at, name in enumerate(names):
        while name in taken:
            name += "'"
        taken.add(name)
        names[at] = name
    return names


def duplicates_in(cells: Sequence[str]) -> set[str]:
    """Names that appear more than once."""
    count = Counter(" ".join(cell.replace("\ufeff", "").split())[:120] for cell in cells)
    return {name for name, times in count.items() if times > 1 and name}
