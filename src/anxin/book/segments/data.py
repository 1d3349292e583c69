"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="segments.view",
        label=_("See segments and classes"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
    Permission(
        code="segments.run",
        label=_("Start the nightly run by hand"),
        defaults={
            Role.HEAD_OFFICE: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Run.engine": NOT_PERSONAL,
    "Run.state": NOT_PERSONAL,
    "Run.scheme_versions": NOT_PERSONAL,
    "Run.summary": NOT_PERSONAL,
    "Run.input_digest": NOT_PERSONAL,
    "Run.message": NOT_PERSONAL,
    "ClassChange.scheme": NOT_PERSONAL,
    "ClassChange.before": NOT_PERSONAL,
    "ClassChange.after": NOT_PERSONAL,
}


@dataclass(frozen=True, kw_only=True)
class RunView:
    """One run. `summary` holds counts only; `is_new` False: the same night had the same result already."""

    id: UUID
    as_of: date
    engine: str
    state: str
    scheme_versions: Mapping[str, int]
    summary: Mapping[str, object]
    started_at: datetime
    finished_at: datetime | None
    message: str
    is_new: bool = False

    @property
    def seconds(self) -> int | None:
        return int((self.finished_at - self.started_at).total_seconds()) if self.finished_at is not None else None


@dataclass(frozen=True, kw_only=True)
class TierName:
    code: str
    name_zh: str
    name_en: str
    from_fen: int


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """A customer's move from one class to another."""

    as_of: date
    scheme: str
    before: str
    after: str
