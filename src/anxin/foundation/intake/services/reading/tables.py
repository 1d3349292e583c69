"""One way to read every format: `inspect` finds out what a file is, `chunks` gives its rows in numbered portions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from anxin.foundation.intake.data import no_problems
from anxin.foundation.intake.rules import detection
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import FileRule
from anxin.foundation.intake.services.reading import files, text, workbook
from anxin.foundation.intake.services.reading.files import Source

# Rows written in one transaction. Longer ones make people who save at the same moment wait.
CHUNK_ROWS: Final = 10_000
SAMPLE_ROWS: Final = 200
_LARGEST_GROUP_MB: Final = 1_024
_HEAD: Final = 8_192


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a file was found to be; kept with the batch so that every later reading cuts it at the same places."""

    format: str
    headers: tuple[str, ...]
    is_packed: bool = False
    encoding: str = "utf-8"
    bom_bytes: int = 0
    bare_cr: bool = False
    delimiter: str = ","
    quote: str = '"'
    header_line: int = 1
    sheet: str = ""
    duplicates: tuple[str, ...] = ()
    rows_expected: int | None = None
    chunk_rows: int = CHUNK_ROWS

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Form:
        known = {field.name for field in dataclasses.fields(cls)}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items() if key in known
        }
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class Inspected:
    form: Form
    sha256: bytes
    size: int
    sample: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Portion `number` (from 0): rows with LINE, problems of rows that could not be cut into cells, rows read."""

    number: int
    rows: pl.DataFrame
    refused: pl.DataFrame
    rows_read: int


def inspect(source: Source, rule: FileRule, *, chunk_rows: int = CHUNK_ROWS) -> Inspected:
    """Read the whole file once: what it is, whether it is whole, and its first rows. Raises FileRefused."""
    sha256, size = files.fingerprint(source)
    with source.open() as file:
        container = detection.container_of(file.read(_HEAD))
    is_packed = container == detection.GZIP
    if is_packed:
        # A packed workbook or Parquet file is not a thing exporters write; what is inside must be text.
        head = next(files.blocks(source, is_packed=True), b"")
        container = detection.container_of(head[:_HEAD])
        if container != detection.TEXT:
            raise FileRefused("unknown_format")
    if container == detection.PARQUET:
        form = _inspect_parquet(source, chunk_rows)
    elif container == detection.XLSX:
        workbook.look_before(source)
        form = Form(format="xlsx", headers=(), header_line=rule.header_line, sheet=rule.sheet, chunk_rows=chunk_rows)
        form = _with_headers(source, form)
    else:
        form = _inspect_text(source, rule, is_packed=is_packed, chunk_rows=chunk_rows)
    first = next(chunks(source, dataclasses.replace(form, chunk_rows=SAMPLE_ROWS)), None)
    if first is None or first.rows_read == 0:
        raise FileRefused("header_only")
    return Inspected(form=form, sha256=sha256, size=size, sample=first.rows)


def rows_of_workbook(source: Source, rule: FileRule) -> Iterator[bytes] | None:
    """The rows of the sheet as CSV, to be kept; None for what is no workbook. Raises FileRefused."""
    with source.open() as file:
        if detection.container_of(file.read(_HEAD)) != detection.XLSX:
            return None
    workbook.look_before(source)
    return workbook.as_csv(source, rule.sheet, rule.header_line)


def _inspect_text(source: Source, rule: FileRule, *, is_packed: bool, chunk_rows: int) -> Form:
    scan = detection.TextScan(rule.encoding)
    has_quotes = False
    quote = rule.quote.encode()
    for block in files.blocks(source, is_packed=is_packed):
        scan.feed(block)
        has_quotes = has_quotes or bool(quote and quote in block)
    found = scan.finish()
    form = Form(
        format="csv",
        headers=(),
        is_packed=is_packed,
        encoding=found.encoding,
        bom_bytes=found.bom_bytes,
        bare_cr=found.bare_cr,
        quote=rule.quote,
        header_line=rule.header_line,
        chunk_rows=chunk_rows,
    )
    if rule.delimiter:
        form = dataclasses.replace(form, delimiter=rule.delimiter)
    else:
        sample = next(_utf8(source, form), b"")[:262_144].decode(errors="ignore")
        sample = sample[: sample.rfind("\n") + 1] or sample
        lines = sample.split("\n")
        form = dataclasses.replace(
            form, delimiter=detection.delimiter_of("\n".join(lines[rule.header_line - 1 :]), rule.quote)
        )
    form = _with_headers(source, form)
    rows = max(1, found.lines - form.header_line)
    if has_quotes:
        # Quotes may hide line ends, or never close: only cutting the whole file tells, before anything is written.
        rows = sum(len(one.records.ends) for one in text.portions(_utf8(source, form), _text_form(form), chunk_rows))
    return dataclasses.replace(form, rows_expected=rows)


def _with_headers(source: Source, form: Form) -> Form:
    cells = text.first_record(_utf8(source, form), _text_form(form))
    return dataclasses.replace(
        form, headers=tuple(detection.headers_of(cells)), duplicates=tuple(sorted(detection.duplicates_in(cells)))
    )


def _utf8(source: Source, form: Form) -> Iterator[bytes]:
    if form.format == "xlsx":
        kept = source.rows(form.sheet, form.header_line) if isinstance(source, files.WorkbookSource) else None
        return kept if kept is not None else workbook.as_csv(source, form.sheet, form.header_line)
    return text.as_utf8(
        files.blocks(source, is_packed=form.is_packed),
        encoding=form.encoding,
        bom_bytes=form.bom_bytes,
        bare_cr=form.bare_cr,
    )


def _text_form(form: Form) -> text.TextForm:
    return text.TextForm(delimiter=form.delimiter, quote=form.quote, header_line=form.header_line)


def _inspect_parquet(source: Source, chunk_rows: int) -> Form:
    # Not above: 40 MB that no process needs which never meets a Parquet file.
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with source.open() as file:
            opened = pq.ParquetFile(file)
            metadata, names = opened.metadata, opened.schema_arrow.names
            groups = [metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError):
        raise FileRefused("parquet_damaged") from None
    if max(groups, default=0) > _LARGEST_GROUP_MB * 1024 * 1024:
        raise FileRefused("parquet_too_large", limit=_LARGEST_GROUP_MB)
    return Form(
        format="parquet",
        headers=tuple(detection.headers_of(names)),
        duplicates=tuple(sorted(detection.duplicates_in(names))),
        rows_expected=metadata.num_rows,
        chunk_rows=chunk_rows,
    )


def chunks(source: Source, form: Form, *, start: int = 0) -> Iterator[Chunk]:
    """The rows in portions, from portion `start` on. Closing the generator early closes the file."""
    if form.format == "parquet":
        yield from _parquet_chunks(source, form, start)
        return
    stream = _utf8(source, form)
    shape = _text_form(form)
    headers = list(form.headers)
    portions = text.portions(stream, shape, form.chunk_rows)
    for number, portion in enumerate(portions):
        if number < start:
            continue
        rows, refused, read = text.parse(portion, shape, headers)
        yield Chunk(number=number, rows=rows, refused=refused, rows_read=read)


def _parquet_chunks(source: Source, form: Form, start: int) -> Iterator[Chunk]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with source.open() as file:
            line = 1
            batches = pq.ParquetFile(file).iter_batches(batch_size=form.chunk_rows)
            for number, batch in enumerate(batches):
                if number >= start:
                    yield Chunk(
                        number=number, rows=_texts(batch, form, line), refused=no_problems(), rows_read=batch.num_rows
                    )
                line += batch.num_rows
    except (pa.ArrowException, OSError):
        raise FileRefused("parquet_damaged") from None


def _texts(batch: Any, form: Form, line: int) -> pl.DataFrame:
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    frame.columns = list(form.headers)
    columns = [pl.int_range(line, line + frame.height, dtype=pl.Int64, eager=True).alias(detection.LINE)]
    for column in frame.iter_columns():
        kind = column.dtype
        if kind == pl.String:
            columns.append(column)
        elif kind.is_nested() or kind in (pl.Binary, pl.Object):
            # Lists and blobs have no text a field could be read from.
            columns.append(pl.repeat(None, frame.height, dtype=pl.String, eager=True).alias(column.name))
        elif kind == pl.Datetime:
            zone = getattr(kind, "time_zone", None)
            form_ = "%Y-%m-%dT%H:%M:%S%.6f%:z" if zone else "%Y-%m-%d %H:%M:%S"
            columns.append(column.dt.strftime(form_))
        elif kind.is_float():
            # 100.0 is how a whole number looks in a column with gaps.
            columns.append(column.cast(pl.String).str.replace(r"^(-?[0-9]{1,15})\.0$", "$1"))
        else:
            columns.append(column.cast(pl.String))
    return pl.DataFrame(columns)
