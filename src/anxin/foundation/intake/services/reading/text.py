"""CSV in portions: cut into records by numpy, where quotes may hold line ends, with the line of the file for each."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anxin.foundation.intake.data import PROBLEM_SCHEMA, no_problems
from anxin.foundation.intake.rules.detection import LINE
from anxin.foundation.intake.rules.problems import FileRefused

# What is held at once: a portion may be cut earlier than its number of rows, never later than this many bytes.
MOST_BYTES: Final = 8 * 1024 * 1024
LONGEST_RECORD_MB: Final = 32
LONGEST_CELL: Final = 1_000_000

Offsets = NDArray[np.int64]


def as_utf8(blocks: Iterator[bytes], *, encoding: str, bom_bytes: int, bare_cr: bool) -> Iterator[bytes]:
    """The text as UTF-8 with LF line ends and without a byte order mark."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest = bom_bytes
    held = b""
    for block in blocks:
        if rest:
            block, rest = block[rest:], max(0, rest - len(block))
        data = block if encoding == "utf-8" else decoder.decode(block).encode()
        data = held + data
        # A CR at the end of a block may be half of a CRLF.
        held = b"\r" if data.endswith(b"\r") and not bare_cr else b""
        data = data[: len(data) - len(held)]
        yield data.replace(b"\r", b"\n") if bare_cr else data.replace(b"\r\n", b"\n")
    if held:
        yield held


@dataclass(frozen=True)
class Records:
    """Whole records at the beginning of `data`: where they end, the line each begins on, its number of fields."""

    ends: Offsets
    lines: Offsets
    widths: Offsets


class Cutter:
    """Cuts a stream of UTF-8 into records. Quotes are checked: one that opens or closes at a wrong place refuses the
    file by the line where it opened, instead of swallowing what follows."""

    def __init__(self, *, delimiter: str, quote: str) -> None:
        self._delimiter = ord(delimiter)
        self._quote = ord(quote) if quote else -1

    def cut(self, data: bytes, line: int, *, is_end: bool) -> Records:
        """`line`: the line of the file on which `data` begins. Data must begin with a record."""
        codes = np.frombuffer(data, dtype=np.uint8)
        breaks = np.flatnonzero(codes == 10)
        marks = np.flatnonzero(codes == self._delimiter)
        ends = breaks
        if self._quote >= 0 and data.find(self._quote.to_bytes(1, "big")) >= 0:
            quotes = np.flatnonzero(codes == self._quote)
            self._check(codes, quotes, breaks, line, is_end=is_end)
            ends = breaks[np.searchsorted(quotes, breaks) % 2 == 0]
            marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
        ends = ends + 1
        if is_end and len(data) and (not len(ends) or ends[-1] < len(data)):
            ends = np.append(ends, len(data))
        starts = np.concatenate(([0], ends[:-1])) if len(ends) else ends
        widths = np.diff(np.searchsorted(marks, np.append(starts, ends[-1:]))) + 1 if len(ends) else ends
        return Records(ends=ends, lines=line + np.searchsorted(breaks, starts), widths=widths)

    def _check(self, codes: NDArray[np.uint8], quotes: Offsets, breaks: Offsets, line: int, *, is_end: bool) -> None:
        opening, closing = quotes[0::2], quotes[1::2]
        edges = np.array([self._delimiter, 10, self._quote], dtype=np.uint8)
        before = np.isin(codes[np.maximum(opening, 1) - 1], edges) | (opening == 0)
        # A quote before an opening one is right only as the first of a doubled pair: then it closed just here.
        doubled = codes[np.maximum(opening, 1) - 1] == self._quote
        before &= ~doubled | (opening == 0) | np.isin(opening - 1, closing)
        known = closing < len(codes) - 1
        after = np.ones(len(closing), dtype=bool)
        after[known] = np.isin(codes[closing[known] + 1], edges)
        bad = [int(np.argmin(before)) * 2] if not before.all() else []
        bad += [int(np.argmin(after)) * 2 + 1] if not after.all() else []
        if is_end and len(quotes) % 2 and not bad:
            bad = [len(quotes) - 1]
        if not bad:
            return
        at = min(bad)
        # Walk back over doubled pairs to the quote that opened the value.
        at -= at % 2
        while at >= 2 and quotes[at] == quotes[at - 1] + 1:
            at -= 2
        raise FileRefused("quote", line=int(line + np.searchsorted(breaks, quotes[at])))


@dataclass(frozen=True)
class TextForm:
    delimiter: str
    quote: str
    header_line: int


def first_record(stream: Iterator[bytes], form: TextForm) -> list[str]:
    """Cells of the header."""
    data, line = b"", 1
    cutter = Cutter(delimiter=form.delimiter, quote=form.quote)
    while True:
        block = next(stream, None)
        data += block or b""
        records = cutter.cut(data, line, is_end=block is None)
        at = np.flatnonzero(records.lines >= form.header_line)
        if len(at):
            return _cells(data, records, int(at[0]), form)
        if block is None:
            raise FileRefused("no_header")
        _refuse_endless(data, records, line)


def _cells(data: bytes, records: Records, at: int, form: TextForm) -> list[str]:
    start = int(records.ends[at - 1]) if at else 0
    text = data[start : int(records.ends[at])].decode().rstrip("\n")
    csv.field_size_limit(LONGEST_RECORD_MB * 1024 * 1024)
    if form.quote:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter, quotechar=form.quote)
    else:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter, quoting=csv.QUOTE_NONE)
    return next(rows, [])


def _refuse_endless(data: bytes, records: Records, line: int) -> None:
    begin = int(records.ends[-1]) if len(records.ends) else 0
    if len(data) - begin > LONGEST_RECORD_MB * 1024 * 1024:
        quote = data.find(b'"', begin)
        where = line + data.count(b"\n", 0, quote if quote >= 0 else begin)
        raise FileRefused("quote" if quote >= 0 else "row_too_long", line=where, limit=LONGEST_RECORD_MB)


@dataclass(frozen=True)
class Portion:
    """Bytes of whole records, not yet parsed."""

    data: bytes
    records: Records


def portions(stream: Iterator[bytes], form: TextForm, rows: int) -> Iterator[Portion]:
    """The records after the header in portions of `rows`, or fewer where they are long. The same for the same file,
    whatever was read before: a portion's number is enough to come back to it."""
    cutter = Cutter(delimiter=form.delimiter, quote=form.quote)
    data, line, in_head = b"", 1, True
    for block in _with_end(stream):
        data += block or b""
        # Gathered to a fixed size first, so that where a portion ends does not depend on how reads are cut.
        if block is not None and len(data) < MOST_BYTES:
            continue
        records = cutter.cut(data, line, is_end=block is None)
        used = at = 0
        if in_head:
            below = np.flatnonzero(records.lines >= form.header_line)
            if len(below):
                in_head = False
                at = int(below[0]) + 1
                used = int(records.ends[at - 1])
        total = len(records.ends)
        while not in_head and at < total:
            stop = min(at + rows, total)
            # Less than a full portion is left over: wait for more, unless this is all that fits.
            if stop - at < rows and block is not None and used:
                break
            end = int(records.ends[stop - 1])
            yield Portion(
                data[used:end],
                Records(
                    ends=records.ends[at:stop] - used, lines=records.lines[at:stop], widths=records.widths[at:stop]
                ),
            )
            at, used = stop, end
        if not used:
            _refuse_endless(data, records, line)
        line += data.count(b"\n", 0, used)
        data = data[used:]


def _with_end(stream: Iterator[bytes]) -> Iterator[bytes | None]:
    yield from stream
    yield None


def parse(portion: Portion, form: TextForm, headers: list[str]) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """(rows as LINE + texts, problems of rows that are no rows, rows read). Blank rows count for nothing."""
    records = portion.records
    starts = np.concatenate(([0], records.ends[:-1]))
    blank = (records.ends - starts) <= 1
    ragged = ~blank & (records.widths != len(headers))
    keep = ~blank & ~ragged
    refused = no_problems()
    data = portion.data
    if not keep.all():
        if ragged.any():
            # A ragged row of nothing but separators and blanks is a blank row too.
            empty = [
                not data[int(starts[at]) : int(records.ends[at])].strip(b" \t\n\r" + form.delimiter.encode())
                for at in np.flatnonzero(ragged)
            ]
            lines = records.lines[ragged][~np.array(empty)]
            refused = pl.DataFrame({"line": lines.astype(np.int64)}).select(
                pl.col("line"),
                pl.lit(None, dtype=pl.String).alias("field"),
                pl.lit("ragged").alias("code"),
                pl.lit(None, dtype=pl.String).alias("value"),
                pl.lit(value=False).alias("is_warning"),
            )
            refused = refused.cast(dict(PROBLEM_SCHEMA))  # type: ignore[arg-type]
        changes = np.flatnonzero(np.diff(np.concatenate(([0], keep.view(np.int8), [0]))))
        data = b"".join(
            data[int(starts[begin]) : int(records.ends[end - 1])]
            for begin, end in zip(changes[0::2], changes[1::2], strict=True)
        )
    lines = records.lines[keep]
    if not len(lines):
        return _empty(headers), refused, refused.height
    frame = pl.read_csv(
        data,
        has_header=False,
        new_columns=headers,
        infer_schema=False,
        separator=form.delimiter,
        quote_char=form.quote or None,
        raise_if_empty=False,
    )
    if frame.height != len(lines) or frame.width != len(headers):
        raise FileRefused("quote", line=int(lines[0]))
    frame = frame.insert_column(0, pl.Series(LINE, lines, dtype=pl.Int64))
    frame = frame.filter(pl.any_horizontal(pl.exclude(LINE).str.len_bytes() > 0))
    return frame, refused, frame.height + refused.height


def _empty(headers: list[str]) -> pl.DataFrame:
    return pl.DataFrame(schema={LINE: pl.Int64(), **dict.fromkeys(headers, pl.String())})
