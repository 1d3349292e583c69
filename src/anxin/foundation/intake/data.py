"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import polars as pl

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="intake.view",
        label=_("See imports"),
        defaults={
            Role.DATA_STEWARD: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="intake.run",
        label=_("Import files"),
        defaults={
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="intake.undo",
        label=_("Undo an import"),
        defaults={
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Profile.name": NOT_PERSONAL,
    "Profile.source": NOT_PERSONAL,
    "Profile.content": NOT_PERSONAL,
    "Profile.header_digest": NOT_PERSONAL,
    "Batch.ref": NOT_PERSONAL,
    "Batch.source": NOT_PERSONAL,
    "Batch.profile_name": NOT_PERSONAL,
    "Batch.profile_content": NOT_PERSONAL,
    "Batch.file_name": NOT_PERSONAL,
    "Batch.file_sha256": NOT_PERSONAL,
    "Batch.path": NOT_PERSONAL,
    "Batch.file_format": NOT_PERSONAL,
    "Batch.state": NOT_PERSONAL,
    "Batch.on_error": NOT_PERSONAL,
    "Batch.message": NOT_PERSONAL,
    "Batch.lease_holder": NOT_PERSONAL,
    "BatchCount.kind": NOT_PERSONAL,
    "RowProblem.kind": NOT_PERSONAL,
    "RowProblem.column": NOT_PERSONAL,
    "RowProblem.code": NOT_PERSONAL,
    "RowProblem.value_sealed": PersonalData(Kind.FREE_TEXT, Protection.ENCRYPTED),
}


class FieldKind(StrEnum):
    """How intake parses a source column before an importer sees it; the Polars type of the parsed column in brackets."""

    TEXT = "text"  # [String] NFKC, stripped; "" becomes null
    CODE = "code"  # [String] identifiers: floats and lost zeros are refused or mended with a warning
    DATE = "date"  # [Date]
    MOMENT = "moment"  # [Datetime(us, UTC)]; without a zone it is the source's local time
    MONEY = "money"  # [Int64] fen
    INTEGER = "integer"  # [Int64]
    YES_NO = "yes_no"  # [Boolean]
    CHOICE = "choice"  # [String] one of `choices`


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
    options: dict[str, str] = field(default_factory=dict)


# Problems: one row each. `code` is a ProblemCode of the importer or of intake; `line` is the line of the source file.
PROBLEM_SCHEMA = {"line": pl.Int64, "field": pl.String, "code": pl.String, "value": pl.String, "is_warning": pl.Boolean}


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


class Importer(Protocol):
    """What a room registers with intake to receive one kind of row. All frames carry the column `line` (Int64)."""

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

    def undo(self, batch_id: UUID) -> int:
        """Take back what a batch wrote: delete rows it created, restore rows it changed; returns rows touched."""
        ...
