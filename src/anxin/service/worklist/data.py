"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from anxin.kernel.paging import Page
from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="worklist.work",
        label=_("Work on work items"),
        defaults={
            Role.CALL_AGENT: Scope.OWN,
            Role.COUNTER_STAFF: Scope.OWN,
            Role.LOBBY_MANAGER: Scope.OWN,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.COMPLAINT_HANDLER: Scope.OWN,
            Role.COMPLAINT_REVIEWER: Scope.OWN,
            Role.DATA_STEWARD: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="worklist.give",
        label=_("Give work to others"),
        defaults={
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "WorkItem.kind": NOT_PERSONAL,
    "WorkItem.title": PersonalData(Kind.FREE_TEXT),
    "WorkItem.detail": PersonalData(Kind.FREE_TEXT),
    "WorkItem.state": NOT_PERSONAL,
    "WorkItem.outcome": NOT_PERSONAL,
    "WorkItem.outcome_note": PersonalData(Kind.FREE_TEXT),
    "WorkItem.occurrence": NOT_PERSONAL,
    "WorkItem.subject_kind": NOT_PERSONAL,
    "WorkItemMove.action": NOT_PERSONAL,
    "WorkItemMove.before": NOT_PERSONAL,
    "WorkItemMove.after": NOT_PERSONAL,
    "WorkItemMove.actor_name": PersonalData(Kind.NAME),
    "WorkItemMove.why": PersonalData(Kind.FREE_TEXT),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "worklist.create": _("Created a work item"),
    "worklist.complete": _("Completed a work item"),
    "worklist.attempt": _("Recorded an attempt"),
    "worklist.snooze": _("Put a work item off"),
    "worklist.hand_over": _("Handed a work item over"),
    "worklist.reopen": _("Reopened a work item"),
    "worklist.cancel": _("Cancelled a work item"),
}
THINGS: dict[str, str] = {"work_item": _("Work item"), "work_items": _("Work items")}


class ItemState(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Action(StrEnum):
    CREATE = "create"
    COMPLETE = "complete"
    ATTEMPT = "attempt"
    SNOOZE = "snooze"
    HAND_OVER = "hand_over"
    REOPEN = "reopen"
    CANCEL = "cancel"


class Due(StrEnum):
    """When an open item is due, seen from now; days end at midnight in Shanghai."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


class Whose(StrEnum):
    MINE = "mine"
    REACH = "reach"  # everything within the actor's scope


@dataclass(frozen=True, kw_only=True)
class ItemKind:
    """A kind of work item. `text` is an English text of the catalogue with places that `detail` fills; empty: the title
    is what somebody typed. `words`: the places of `text` that are filled with texts of the catalogue themselves. `page`
    gives the address of what the item is about."""

    code: str
    label: str
    icon: str
    text: str = ""
    words: tuple[str, ...] = ()
    page: Callable[[UUID], str] | None = None


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """An item to be made by a room above. The same (kind, occurrence) is never made twice."""

    kind: str
    occurrence: str
    starts_at: datetime
    due_at: datetime
    party_id: UUID | None
    owner_id: UUID | None
    unit_id: UUID | None
    title: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)
    priority: int = 2
    subject_kind: str = ""
    subject_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ItemFilter:
    whose: Whose = Whose.MINE
    state: ItemState = ItemState.OPEN
    kinds: tuple[str, ...] = ()
    due: Due | None = None
    is_snoozed: bool = False
    owner_id: UUID | None = None
    party_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ItemView:
    """A work item as pages show it; `title` is already in the reader's language."""

    id: UUID
    kind: str
    kind_label: str
    icon: str
    title: str
    url: str
    party_id: UUID | None
    party_ref: str
    party_name: str
    tier: str
    owner_id: UUID | None
    owner_name: str
    given_by_name: str
    unit_name: str
    priority: int
    state: ItemState
    outcome: str
    outcome_note: str
    starts_at: datetime
    due_at: datetime
    snoozed_until: datetime | None
    subject_kind: str
    subject_id: UUID | None
    version: int
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MoveView:
    action: str
    before: str
    after: str
    actor_name: str
    at: datetime
    why: str


class ItemPage(Page[ItemView]):
    """One page of items."""


@dataclass(frozen=True, kw_only=True)
class Counters:
    """Open items of one person by when they are due; snoozed ones and such that have not begun count nowhere else."""

    open: int = 0
    overdue: int = 0
    today: int = 0
    week: int = 0
    snoozed: int = 0
    done_today: int = 0
    by_kind: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a contact ended. One that does not close leaves the item open for another try."""

    code: str
    label_zh: str
    label_en: str
    closes: bool
    kinds: tuple[str, ...]

    def fits(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """What a change of many items did: changed, and left alone (finished meanwhile, out of reach, not possible)."""

    done: Sequence[UUID]
    skipped: int
