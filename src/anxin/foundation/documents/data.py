"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anxin.kernel.permissions import Permission
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

# Who may open a file besides its owner is said by its purpose (services.register_purpose), in the owning room's code.
PERMISSIONS: tuple[Permission, ...] = ()

PERSONAL_DATA: dict[str, PersonalData] = {
    "Document.name": PersonalData(Kind.FREE_TEXT),
    "Document.content_type": NOT_PERSONAL,
    "Document.sha256": NOT_PERSONAL,
    "Document.purpose": NOT_PERSONAL,
    "Document.key_sealed": PersonalData(Kind.CREDENTIAL, Protection.ENCRYPTED),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "documents.download": _("Downloaded a file"),
}
THINGS: dict[str, str] = {"document": _("Stored file")}


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """A stored file as other rooms see it. `sha256` is of the bytes as they came in, in hexadecimal."""

    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    purpose: str
    owner_id: UUID | None
    created_at: datetime
    expires_at: datetime | None
