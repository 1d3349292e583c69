"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from anxin.kernel.permissions import Permission
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData

PERMISSIONS: tuple[Permission, ...] = ()

PERSONAL_DATA: dict[str, PersonalData] = {
    "Document.name": PersonalData(Kind.FREE_TEXT),
    "Document.content_type": NOT_PERSONAL,
    "Document.sha256": NOT_PERSONAL,
    "Document.purpose": NOT_PERSONAL,
}
