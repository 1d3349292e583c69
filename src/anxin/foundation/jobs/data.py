"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="jobs.view",
        label=_("See jobs"),
        defaults={
            Role.CALL_AGENT: Scope.OWN,
            Role.COUNTER_STAFF: Scope.OWN,
            Role.LOBBY_MANAGER: Scope.OWN,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.OWN,
            Role.COMPLAINT_HANDLER: Scope.OWN,
            Role.COMPLAINT_REVIEWER: Scope.OWN,
            Role.BRANCH_MANAGER: Scope.OWN,
            Role.HEAD_OFFICE: Scope.OWN,
            Role.AUDITOR: Scope.OWN,
            Role.ADMINISTRATOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.OWN,
            Role.DATA_PROTECTION: Scope.OWN,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Job.kind": NOT_PERSONAL,
    "Job.task_name": NOT_PERSONAL,
    "Job.title": NOT_PERSONAL,
    "Job.state": NOT_PERSONAL,
    "Job.arguments": NOT_PERSONAL,
    "Job.message": NOT_PERSONAL,
    "Job.message_values": NOT_PERSONAL,
    "Job.result": NOT_PERSONAL,
    "Job.dedupe_key": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "jobs.start": _("Started a job"),
    "jobs.cancel": _("Stopped a job"),
}
THINGS: dict[str, str] = {"job": _("Job")}


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


def percent(done: int, total: int | None) -> int | None:
    """0 to 100 rounded down, so that 100 means all of it; None while nobody knows how much there is."""
    return min(100, done * 100 // total) if total else None


@dataclass(frozen=True, kw_only=True)
class JobView:
    """A job as others see it. `is_new` False: the same work was already under way, this is it."""

    id: UUID
    kind: str
    title: str
    state: JobState
    owner_id: UUID | None
    owner_name: str
    done: int
    total: int | None
    message: str
    message_values: Mapping[str, str | int]
    result: Mapping[str, object]
    document_id: UUID | None
    attempt: int
    is_cancel_wanted: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    is_new: bool = False

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def percent(self) -> int | None:
        return percent(self.done, self.total)


@dataclass(frozen=True, kw_only=True)
class OtherWork:
    """Long work that another room keeps for itself and that people look for among the jobs. Texts are as shown."""

    kind: str
    title: str
    url: str
    state: str
    level: str
    is_over: bool
    done: int
    total: int | None
    owner_name: str
    created_at: datetime
    message: str = ""
    all_url: str = ""  # where the room lists all of it


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What a piece of work leaves behind. `message` is an English text of the catalogue, `values` fills its places."""

    message: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    result: Mapping[str, object] = field(default_factory=dict)
    document_id: UUID | None = None
