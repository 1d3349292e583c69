"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from anxin.kernel.importing import (
    PROBLEM_SCHEMA,
    Applied,
    BatchContext,
    Checked,
    FieldKind,
    FieldSpec,
    Importer,
    no_problems,
)
from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

# The vocabulary of importers lives in the kernel: `org`, under this room, takes rows too.
__all__ = [
    "PERMISSIONS",
    "PERSONAL_DATA",
    "PROBLEM_SCHEMA",
    "Applied",
    "BatchContext",
    "BatchState",
    "BatchView",
    "Checked",
    "FieldKind",
    "FieldSpec",
    "Importer",
    "KindCount",
    "Matter",
    "Note",
    "Problem",
    "no_problems",
]

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
        code="intake.reveal",
        label=_("See refused values of imports unmasked"),
        defaults={
            Role.DATA_STEWARD: Scope.ALL,
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
    "Batch.draft": NOT_PERSONAL,
    "Batch.file_name": NOT_PERSONAL,
    "Batch.file_sha256": NOT_PERSONAL,
    "Batch.path": NOT_PERSONAL,
    "Batch.file_format": NOT_PERSONAL,
    "Batch.state": NOT_PERSONAL,
    "Batch.on_error": NOT_PERSONAL,
    "Batch.message": NOT_PERSONAL,
    "Batch.message_values": NOT_PERSONAL,
    "Batch.preview": NOT_PERSONAL,
    "Batch.kinds_undone": NOT_PERSONAL,
    "Batch.lease_holder": NOT_PERSONAL,
    "BatchCount.kind": NOT_PERSONAL,
    "RowProblem.kind": NOT_PERSONAL,
    "RowProblem.column": NOT_PERSONAL,
    "RowProblem.code": NOT_PERSONAL,
    "RowProblem.value_sealed": PersonalData(Kind.FREE_TEXT, Protection.ENCRYPTED),
    "ProblemPart.content_sealed": PersonalData(Kind.FREE_TEXT, Protection.ENCRYPTED),
    "RowNote.kind": NOT_PERSONAL,
    "RowNote.matter": NOT_PERSONAL,
    "RowNote.key": NOT_PERSONAL,
    "RowNote.ref": NOT_PERSONAL,
    "RowNote.reason": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "intake.upload": _("Uploaded a file to import"),
    "intake.run": _("Started an import"),
    "intake.done": _("Import finished"),
    "intake.stopped": _("Import was stopped"),
    "intake.failed": _("Import failed"),
    "intake.cancel": _("Stopped or gave up an import"),
    "intake.undo": _("Began to undo an import"),
    "intake.undone": _("Import undone"),
    "intake.save_profile": _("Kept an import profile"),
    "intake.deactivate_profile": _("Switched an import profile off"),
    "intake.error_file": _("Took out the list of errors of an import"),
    "intake.notes_file": _("Took out a list of rows of an import"),
}
THINGS: dict[str, str] = {"batch": _("Import"), "profile": _("Import profile")}


class BatchState(StrEnum):
    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"


@dataclass(frozen=True, kw_only=True)
class KindCount:
    """What became of the rows of one kind: rows_read = created + updated + unchanged + rejected."""

    kind: str
    rows_read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    warnings: int = 0
    absent: int = 0
    ended: int = 0
    kept: int = 0


@dataclass(frozen=True, kw_only=True)
class Note:
    """A row absent from a full load, or kept when the batch was undone. `reason` is English, marked; blank for none."""

    kind: str
    key: str
    ref: str
    reason: str


class Matter(StrEnum):
    ABSENT = "absent"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One problem of one row, its value masked unless the reader may see it."""

    line: int
    kind: str
    column: str
    code: str
    value: str
    hint: str  # English, marked for translation
    is_warning: bool


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """An import as others see it."""

    id: UUID
    ref: str
    source: str
    profile_name: str
    file_name: str
    file_size: int
    state: BatchState
    on_error: str
    rows_read: int
    rows_total: int | None
    rows_rejected: int
    rows_warned: int
    problem_count: int
    is_full_load: bool
    message: str
    message_values: Mapping[str, str | int]
    preview: Mapping[str, Any]
    seconds: float
    is_cancel_wanted: bool
    owner_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    counts: tuple[KindCount, ...] = field(default=())

    @property
    def percent(self) -> int | None:
        """0 to 100 rounded down; None while nobody knows how much there is."""
        return min(100, self.rows_read * 100 // self.rows_total) if self.rows_total else None

    @property
    def is_moving(self) -> bool:
        return self.state in (BatchState.CHECKING, BatchState.RUNNING, BatchState.UNDOING)

    @property
    def rows_accepted(self) -> int:
        return max(0, self.rows_read - self.rows_rejected)
