"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

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
    "Checked",
    "FieldKind",
    "FieldSpec",
    "Importer",
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
