"""What can be permitted. Each room names its permissions once, in `data.py`; roles are data that refer to the codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """How far a permission reaches over rows, narrow to wide."""

    OWN = "own"
    TEAM = "team"
    UNIT = "unit"
    ALL = "all"

    @property
    def width(self) -> int:
        return list(Scope).index(self)


class Role(StrEnum):
    """Codes of the roles that are shipped. A site may change what they may do and add its own."""

    CALL_AGENT = "call_agent"
    COUNTER_STAFF = "counter_staff"
    LOBBY_MANAGER = "lobby_manager"
    CUSTOMER_MANAGER = "customer_manager"
    TEAM_LEAD = "team_lead"
    COMPLAINT_HANDLER = "complaint_handler"
    COMPLAINT_REVIEWER = "complaint_reviewer"
    BRANCH_MANAGER = "branch_manager"
    HEAD_OFFICE = "head_office"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    DATA_STEWARD = "data_steward"
    DATA_PROTECTION = "data_protection"


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One thing that may be done. `defaults` says which shipped role has it, and how far."""

    code: str
    label: str  # English, marked for translation
    defaults: Mapping[Role, Scope] = field(default_factory=dict)


_registered: dict[str, Permission] = {}


def register(permissions: Iterable[Permission]) -> None:
    for permission in permissions:
        if _registered.setdefault(permission.code, permission) != permission:
            raise ValueError(f"Permission {permission.code!r} is registered twice with different content.")


def registered() -> Mapping[str, Permission]:
    return dict(sorted(_registered.items()))
