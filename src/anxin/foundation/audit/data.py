"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="audit.view",
        label=_("See the audit trail"),
        defaults={
            Role.AUDITOR: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
        },
    ),
    Permission(
        code="audit.export",
        label=_("Export the audit trail"),
        defaults={
            Role.AUDITOR: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Entry.actor_name": PersonalData(Kind.NAME),
    "Entry.action": NOT_PERSONAL,
    "Entry.object_kind": NOT_PERSONAL,
    "Entry.object_id": NOT_PERSONAL,
    "Entry.object_ref": NOT_PERSONAL,
    "Entry.reason": PersonalData(Kind.FREE_TEXT),
    "Entry.detail": PersonalData(Kind.FREE_TEXT),
    "Entry.channel": NOT_PERSONAL,
    "Entry.address": NOT_PERSONAL,
    "Entry.request_ref": NOT_PERSONAL,
    "Seal.gaps": NOT_PERSONAL,
    "Seal.late": NOT_PERSONAL,
    "Seal.digest": NOT_PERSONAL,
}


@dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """What to show of the trail; dates are whole days in Shanghai, both included."""

    who: str = ""
    action: str = ""
    thing: str = ""
    first: date | None = None
    last: date | None = None

    def names(self) -> list[str]:
        """Which filters are set, without their values: for the trail itself."""
        return [name for name in ("who", "action", "thing", "first", "last") if getattr(self, name)]
