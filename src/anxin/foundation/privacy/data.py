"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="privacy.view",
        label=_("See the personal-data register"),
        defaults={
            Role.AUDITOR: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "KeyProof.sealed": PersonalData(Kind.NOT_PERSONAL, Protection.ENCRYPTED, purpose=""),
    "KeyProof.blind": PersonalData(Kind.NOT_PERSONAL, Protection.BLIND_INDEX, purpose=""),
}


class WrongKeys(Exception):
    """The keys of this process are not those this database was sealed with. The text never holds a key."""


@dataclass(frozen=True, kw_only=True)
class RegisterLine:
    """One column of the register, with the room and table it stands in."""

    room: str
    room_name: str
    model: str
    column: str
    table: str
    entry: PersonalData

    @property
    def is_personal(self) -> bool:
        return self.entry.kind is not Kind.NOT_PERSONAL
