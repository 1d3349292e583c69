"""What a room must offer to receive rows from files, and the register of those that do.

It lies in the kernel because rooms under the intake (`org`) take rows too, and a room may not import one above it. The
intake re-exports the vocabulary; rooms above it may use either name. Frames only: no database, no models.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import polars as pl

from anxin.kernel import vault
from anxin.kernel.personal import Kind


class FieldKind(StrEnum):
    """How intake parses a source column before an importer sees it; the Polars type of the column in brackets."""

    TEXT = "text"  # [String] NFKC, stripped; "" becomes null
    CODE = "code"  # [String] identifiers: floats and lost zeros are refused or mended with a warning
    DATE = "date"  # [Date]
    MOMENT = "moment"  # [Datetime(us, UTC)]; without a zone it is the source's local time
    MONEY = "money"  # [Int64] fen
    INTEGER = "integer"  # [Int64]
    YES_NO = "yes_no"  # [Boolean]
    CHOICE = "choice"  # [String] one of `choices`


_TYPES: Final[dict[FieldKind, pl.DataType]] = {
    FieldKind.TEXT: pl.String(),
    FieldKind.CODE: pl.String(),
    FieldKind.DATE: pl.Date(),
    FieldKind.MOMENT: pl.Datetime("us", "UTC"),
    FieldKind.MONEY: pl.Int64(),
    FieldKind.INTEGER: pl.Int64(),
    FieldKind.YES_NO: pl.Boolean(),
    FieldKind.CHOICE: pl.String(),
}


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """One field an importer takes. `aliases` are headers it is recognised by, in both languages."""

    name: str
    label: str  # English, marked for translation
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    max_length: int | None = None
    personal: Kind = Kind.NOT_PERSONAL  # how a value is masked in previews and error files


@dataclass(frozen=True, kw_only=True)
class BatchContext:
    """What an importer knows about the batch it works for. `is_trial`: the caller will roll everything back."""

    batch_id: UUID
    source: str
    now: datetime
    is_full_load: bool = False
    is_trial: bool = False
    # For `finish`: the batches a full load speaks for; `is_narrow` when rows of the source from others are left alone.
    batches: tuple[UUID, ...] = ()
    is_narrow: bool = False
    options: dict[str, str] = field(default_factory=dict)


CONTROLS: Final = r"[\x00-\x1f\x7f]+"
# Problems: one row each. `code` is a ProblemCode of the importer or of intake; `line` is the line of the source file.
PROBLEM_SCHEMA: Final[dict[str, pl.DataType]] = {
    "line": pl.Int64(),
    "field": pl.String(),
    "code": pl.String(),
    "value": pl.String(),
    "is_warning": pl.Boolean(),
}


def no_problems() -> pl.DataFrame:
    return pl.DataFrame(schema=PROBLEM_SCHEMA)


@dataclass(frozen=True)
class Checked:
    """Rows that may be written (values normalised) and what is wrong with the others (or worth a warning)."""

    rows: pl.DataFrame
    problems: pl.DataFrame


@dataclass(frozen=True)
class Applied:
    """What became of the rows of one chunk. `problems` name the rows refused while writing (unknown holder …)."""

    created: int
    updated: int
    unchanged: int
    rejected: int
    problems: pl.DataFrame


# Rows that stay when a batch is taken back: `name` is what a reader knows the row by.
KEPT_SCHEMA: Final[dict[str, pl.DataType]] = {"name": pl.String(), "reason": pl.String()}
CHANGED_SINCE: Final = "changed_since"
USED_SINCE: Final = "used_since"
MERGED_SINCE: Final = "merged_since"


@dataclass(frozen=True)
class Undone:
    """What became of taking back a batch: rows deleted or set back, and the rows that stay, with the reason."""

    touched: int
    kept: pl.DataFrame  # KEPT_SCHEMA


# Rows a full load no longer holds. `key` tells the row in its source, `ref` in the product (or blank).
GONE_SCHEMA: Final[dict[str, pl.DataType]] = {"key": pl.String(), "ref": pl.String()}


class Gone(Protocol):
    """The rows of a source that a full load no longer holds, inside one transaction."""

    count: int
    known: int  # rows of this kind from the source in all

    def end(self) -> int:
        """Mark them ended, each kind in its own way; returns how many were not ended before. Never deletes."""
        ...

    def portions(self) -> Iterator[pl.DataFrame]:
        """All of them, GONE_SCHEMA, in frames of bounded size."""
        ...


@runtime_checkable
class HasPages(Protocol):
    """An importer whose rows have a page: the name of its address, which takes the name by which a row that stays is
    told, or the `ref` of a row that is gone."""

    page: str


class Importer(Protocol):
    """What a room registers to receive one kind of row. All frames carry the column `line` (Int64)."""

    kind: str
    label: str
    fields: Sequence[FieldSpec]
    # A hint (English, marked) per problem code: what is wrong and how to mend it.
    problem_hints: dict[str, str]

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        """Validate and normalise in columns; no database."""
        ...

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        """Write checked rows set-wise inside the caller's transaction. Rows may repeat a key: the last one wins,
        earlier ones count as created/updated/unchanged as if each had come alone."""
        ...

    def undo(self, batch_id: UUID) -> Undone:
        """Take back what a batch wrote: delete rows it created, restore rows it changed, but for what somebody changed
        or used since, which is named (kernel.bulk_undo)."""
        ...


@runtime_checkable
class TakesFullLoads(Protocol):
    """An importer that can say which rows of a source a full load no longer holds."""

    # The fields that make the key of a row in its source.
    key_fields: Sequence[str]

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        """Called once after the last portion of a full load. `keys`: the key fields (cleaned texts) of every row of the
        file, also of refused rows; what is null in all of them was dropped."""
        ...


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Make `importer` the one for its kind. Registering the same class again (a reload) replaces it; two rooms must not
    claim one kind."""
    present = _importers.get(importer.kind)
    if present is not None and type(present).__qualname__ != type(importer).__qualname__:
        raise ValueError(f"The kind “{importer.kind}” is already taken by {type(present).__qualname__}.")
    _importers[importer.kind] = importer


def registered_importers() -> dict[str, Importer]:
    """Every registered importer by kind, in the order of registration."""
    return dict(_importers)


def complete(rows: pl.DataFrame, fields: Sequence[FieldSpec]) -> pl.DataFrame:
    """`line` and every field of `fields` in its type; what the file does not carry is null, texts are never blank."""
    present = set(rows.columns)
    columns = [pl.col("line").cast(pl.Int64)]
    for spec in fields:
        wanted = _TYPES[spec.kind]
        if spec.name not in present:
            columns.append(pl.lit(None, dtype=wanted).alias(spec.name))
            continue
        column = pl.col(spec.name).cast(wanted)
        if wanted == pl.String():
            column = column.str.strip_chars()
            column = pl.when(column != "").then(column).alias(spec.name)
        columns.append(column)
    return rows.select(columns)


def texts_in_one_line(table: pl.DataFrame, fields: Iterable[FieldSpec], *, at_most: int | None = None) -> list[pl.Expr]:
    """The texts of `table` without control characters, cut to the length of their field, else to `at_most`."""
    lengths = {spec.name: spec.max_length or at_most for spec in fields if table[spec.name].dtype == pl.String}
    return [pl.col(name).str.replace_all(CONTROLS, " ").str.slice(0, most) for name, most in lengths.items()]


class Findings:
    """Problems of a frame, gathered while it is checked: `refuse` takes a row out, `warn` lets it pass."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.lines = rows.get_column("line")
        self._parts: list[pl.DataFrame] = []
        self._bad = pl.Series("bad", [False]).new_from_index(0, rows.height)

    def refuse(self, mask: pl.Series, field_name: str, code: str, values: pl.Series | None = None) -> None:
        """Rows where `mask` holds are left out of the checked rows; null in `mask` counts as false."""
        mask = mask.fill_null(value=False)
        if mask.any():
            self._bad = self._bad | mask
            self._add(mask, field_name, code, values, is_warning=False)

    def warn(self, mask: pl.Series, field_name: str, code: str, values: pl.Series | None = None) -> None:
        mask = mask.fill_null(value=False)
        if mask.any():
            self._add(mask, field_name, code, values, is_warning=True)

    def require(self, table: pl.DataFrame, fields: Iterable[FieldSpec]) -> None:
        """Refuse rows that lack a value of a required field."""
        for spec in fields:
            if spec.is_required:
                self.refuse(table[spec.name].is_null(), spec.name, "value_missing")

    def _add(self, mask: pl.Series, field_name: str, code: str, values: pl.Series | None, *, is_warning: bool) -> None:
        lines = self.lines.filter(mask)
        shown = values.filter(mask).cast(pl.String) if values is not None else pl.Series([None], dtype=pl.String)
        self._parts.append(
            pl.DataFrame({"line": lines}).with_columns(
                pl.lit(field_name).alias("field"),
                pl.lit(code).alias("code"),
                (pl.lit(shown) if values is not None else pl.lit(None, dtype=pl.String)).alias("value"),
                pl.lit(is_warning).alias("is_warning"),
            )
        )

    @property
    def refused(self) -> pl.Series:
        return self._bad

    def table(self) -> pl.DataFrame:
        if not self._parts:
            return no_problems()
        return pl.concat(self._parts).sort("line", maintain_order=True)


def digests(rows: pl.DataFrame, columns: Sequence[str], domain: str) -> pl.Series:
    """A keyed 16-byte digest per row, in hexadecimal, of the canonical text of `columns`.

    `domain` names the importer and its version: another way of reading a file must not look like an unchanged row.
    """
    # Field by field with a separator no value holds, and a mark for null, so that ("ab", "") and ("a", "b") differ.
    head = hashlib.sha256(f"{domain}|{'|'.join(columns)}".encode()).hexdigest()[:12]
    texts = rows.select(
        pl.concat_str(
            [pl.lit(head), *(pl.col(name).cast(pl.String).fill_null("\x00") for name in columns)], separator="\x1f"
        ).alias("text")
    ).get_column("text")
    raw = vault.ring().fingerprint_many(texts.to_list())
    return pl.Series("digest", raw, dtype=pl.Binary).bin.encode("hex")
