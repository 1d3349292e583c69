"""What leaves this room; `register` says what may be permitted in it and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.paging import Page
from anxin.kernel.words import mark as _
from anxin.service.managers.data.register import DEEDS as DEEDS
from anxin.service.managers.data.register import NOT_BY_HELP as NOT_BY_HELP
from anxin.service.managers.data.register import PERMISSIONS as PERMISSIONS
from anxin.service.managers.data.register import PERSONAL_DATA as PERSONAL_DATA
from anxin.service.managers.data.register import THINGS as THINGS

TIERS: Final = ("standard", "gold", "platinum", "diamond", "supreme")
# Classes of the nightly run that may give more than the tier does.
CLASSES: Final = ("abc", "profit_tier", "value_tier", "quadrant", "lifecycle", "key_account", "pyramid")
LINES: Final[Mapping[str, str]] = {
    "motor": _("Motor"),
    "property": _("Property"),
    "liability": _("Liability"),
    "accident": _("Accident"),
    "health": _("Health"),
    "life": _("Life"),
    "annuity": _("Annuity"),
    "group": _("Group insurance"),
}
ITEM_CHANNELS: Final[Mapping[str, str]] = {
    "phone": _("By telephone"),
    "message": _("By message"),
    "visit": _("In person"),
    "counter": _("At the counter"),
    "partner": _("By a partner"),
    "event": _("Event"),
}
ABSENCES: Final[Mapping[str, str]] = {
    "leave": _("Leave"),
    "sick": _("Illness"),
    "training": _("Training"),
    "maternity": _("Maternity leave"),
    "other": _("Other"),
}


class Choice(StrEnum):
    """How a rule finds a manager."""

    OWNER = "owner"  # who made the business
    DIVISION = "division"  # the branch of the place of residence
    NEAREST = "nearest"  # the customer's unit, then the units above
    UNIT = "unit"  # the unit the rule names
    POOL = "pool"  # nobody: a person decides


class Reason(StrEnum):
    """Why a customer has the manager they have, or none. The first five are also `Choice`."""

    OWNER = "owner"
    DIVISION = "division"
    NEAREST = "nearest"
    UNIT = "unit"
    KEPT = "kept"
    CHOSEN = "chosen"  # a person chose who takes over
    DEPUTY = "deputy"
    BACK = "back"  # the absent manager is here again
    CLAIMED = "claimed"
    RECYCLED = "recycled"
    ALL_FULL = "all_full"
    NO_MANAGER = "no_manager"
    NO_PLACE = "no_place"
    NO_RULE = "no_rule"
    BY_HAND = "by_hand"


class RunKind(StrEnum):
    ALLOCATE = "allocate"
    HAND_OVER = "hand_over"
    LEAVE = "leave"
    ABSENCE = "absence"
    RECYCLE = "recycle"
    CLAIM = "claim"


class RunState(StrEnum):
    PLANNING = "planning"
    PLANNED = "planned"
    APPLYING = "applying"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"


class DecisionState(StrEnum):
    PLANNED = "planned"
    APPLIED = "applied"
    SKIPPED = "skipped"  # somebody was faster, the customer is gone, or the new manager is full by now
    UNDONE = "undone"


class Cause(StrEnum):
    """Why a customer waits in the pool."""

    NEW = "new"
    RECYCLED = "recycled"
    RELEASED = "released"


class RunNotFound(Exception):
    """No such run within the actor's reach."""


class ManagerNotFound(Exception):
    """No such customer manager within the actor's reach."""


class Refused(ValueError):
    """What was asked for cannot be. `message` is an English text of the catalogue."""

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message)
        self.message, self.values = message, values


@dataclass(frozen=True, kw_only=True)
class Load:
    """A manager, a unit or everything: what is carried, out of what. Weights in 1/10000 average customers."""

    id: UUID | None
    name: str
    unit_id: UUID | None = None
    unit: str = ""
    managers: int = 1
    customers: int = 0
    by_tier: Mapping[str, int] = field(default_factory=dict)
    weight: int = 0
    capacity: int = 0
    has_own_capacity: bool = False
    budget_minutes: int = 0
    actual_minutes: int = 0
    away_until: date | None = None
    deputy: str = ""

    @property
    def share(self) -> int:
        """Load in 1/10000 of the capacity."""
        return self.weight * 10_000 // self.capacity if self.capacity else 0

    @property
    def level(self) -> str:
        return "danger" if self.share > 10_000 else "warn" if self.share > 9_000 else "ok"

    @property
    def weighted(self) -> float:
        return self.weight / 10_000

    @property
    def room(self) -> int:
        """Average customers there is room for."""
        return max(self.capacity - self.weight, 0) // 10_000


@dataclass(frozen=True, kw_only=True)
class RunView:
    id: UUID
    kind: RunKind
    state: RunState
    is_automatic: bool
    scheme_version: int
    summary: Mapping[str, int]
    reason: str
    tells: bool
    unit_id: UUID | None
    unit: str
    manager_id: UUID | None
    manager: str
    target: str
    asked_by: str
    asked_at: datetime
    confirmed_by: str
    finished_at: datetime | None
    undone_by: str
    undone_at: datetime | None
    job_id: UUID | None
    version: int


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """One customer of a run. `text` says why in the reader's language."""

    party_id: UUID
    ref: str
    name: str
    tier: str
    before: str
    after: str
    reason: Reason
    text: str
    state: DecisionState


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many a manager gets by a run, and their load before and after it, in 1/10000."""

    id: UUID
    name: str
    unit: str
    customers: int
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How far a hand-over is told to the customers."""

    total: int = 0
    done: int = 0
    overdue: int = 0
    due_at: datetime | None = None

    @property
    def open(self) -> int:
        return self.total - self.done


@dataclass(frozen=True, kw_only=True)
class WaitingView:
    """A customer in the pool. Names are masked for those who do not reach the file."""

    id: UUID
    ref: str
    name: str
    tier: str
    unit: str
    premium_fen: int
    since: datetime
    cause: Cause
    text: str
    last_manager: str


class PoolPage(Page[WaitingView]):
    """One page of the pool."""


@dataclass(frozen=True, kw_only=True)
class AssistantView:
    id: UUID
    line: str
    name: str
    since: datetime
    note: str


@dataclass(frozen=True, kw_only=True)
class Custodian:
    """Who looks after a customer, and why."""

    party_id: UUID
    ref: str
    manager_id: UUID | None
    manager: str
    since: datetime | None
    text: str
    rule: str
    decided_at: datetime | None
    deputy_of: str
    assistants: tuple[AssistantView, ...]


@dataclass(frozen=True, kw_only=True)
class AbsenceView:
    id: UUID
    manager_id: UUID
    manager: str
    deputy: str
    cause: str
    first: date
    last: date
    state: str
    customers: int


@dataclass(frozen=True, kw_only=True)
class ItemUse:
    """A service item of one customer: entitled and given this year."""

    code: str
    name: str
    channel: str
    times: int
    because: str
    given: int
    cost_fen: int
    minutes: int
    last_on: date | None

    @property
    def left(self) -> int:
        return max(self.times - self.given, 0)


@dataclass(frozen=True, kw_only=True)
class GivenView:
    id: UUID
    item: str
    name: str
    given_on: date
    by: str
    note: str
    cost_fen: int


@dataclass(frozen=True, kw_only=True)
class PackageOf:
    """What a customer gets this year, and what was given."""

    ref: str
    tier: str
    year: int
    scheme_version: int
    items: tuple[ItemUse, ...]
    beyond: tuple[ItemUse, ...]  # given, though the class does not get it
    given: tuple[GivenView, ...]

    @property
    def budget_fen(self) -> int:
        return sum(one.times * one.cost_fen for one in self.items)

    @property
    def spent_fen(self) -> int:
        return sum(one.cost_fen for one in self.given)
