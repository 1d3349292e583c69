"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from anxin.kernel.paging import Page
from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="matching.review",
        label=_("See likely duplicates and merges"),
        defaults={
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="matching.merge",
        label=_("Merge and separate customers"),
        defaults={
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="matching.run",
        label=_("Link the whole book and train the model"),
        defaults={
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Run.kind": NOT_PERSONAL,
    "Run.state": NOT_PERSONAL,
    "Run.stage": NOT_PERSONAL,
    "Run.figures": NOT_PERSONAL,
    "Candidate.state": NOT_PERSONAL,
    "Candidate.evidence": NOT_PERSONAL,
    "Candidate.contradiction": NOT_PERSONAL,
    "Candidate.sources": NOT_PERSONAL,
    "Candidate.decided_by_name": NOT_PERSONAL,
    "Candidate.reason": PersonalData(Kind.FREE_TEXT),
    "Merge.state": NOT_PERSONAL,
    "Merge.origin": NOT_PERSONAL,
    "Merge.reason": PersonalData(Kind.FREE_TEXT),
    "Merge.counts": NOT_PERSONAL,
    "Merge.by_name": NOT_PERSONAL,
    "Merge.undone_by_name": NOT_PERSONAL,
    "Merge.undone_reason": PersonalData(Kind.FREE_TEXT),
    "Move.table_name": NOT_PERSONAL,
    "Move.column_name": NOT_PERSONAL,
    "ShelvedRow.table_name": NOT_PERSONAL,
    "ShelvedRow.payload": PersonalData(Kind.FREE_TEXT),
    "Golden.own": PersonalData(Kind.FREE_TEXT),
    "Golden.computed": PersonalData(Kind.FREE_TEXT),
    "Golden.why": NOT_PERSONAL,
    "Golden.chosen": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "matching.run": _("Looked for duplicates"),
    "matching.merge": _("Merged a file into another"),
    "matching.merge_into": _("Took another file in"),
    "matching.separate": _("Separated a merged file"),
    "matching.separate_from": _("Let a merged file go"),
    "matching.different": _("Judged two files different customers"),
    "matching.later": _("Put a likely duplicate off"),
    "matching.reopen": _("Took a decision on duplicates back"),
}
THINGS: dict[str, str] = {"match": _("Likely duplicate"), "run": _("Run")}

Plain: TypeAlias = str | int | bool | None


class Origin(StrEnum):
    """How a merge came about."""

    HAND = "hand"
    REVIEW = "review"
    BULK = "bulk"
    AUTOMATIC = "automatic"


class Decision(StrEnum):
    MERGE = "merge"
    DIFFERENT = "different"
    LATER = "later"
    REOPEN = "reopen"


class CandidateState(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    DIFFERENT = "different"
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one file says under a field: the value, who said it when, and whether somebody verified it."""

    value: Plain
    source: str
    day: str = ""  # ISO date; "" when nobody noted it
    is_verified: bool = False
    party: str = ""
    entry: tuple[str, str] | None = None  # as the file's provenance has it


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The value that survives, and the rule that chose it: own, only, by_hand, verified, trusted, recent, complete …"""

    said: Said
    rule: str


@dataclass(frozen=True, kw_only=True)
class MergeView:
    """One merge, for people. Names are masked outside the reach."""

    id: UUID
    loser_ref: str
    loser_name: str
    survivor_ref: str
    survivor_name: str
    is_in_force: bool
    origin: Origin
    reason: str
    counts: Sequence[tuple[str, int]]
    at: datetime
    by: str
    undone_at: datetime | None = None
    undone_by: str = ""
    undone_reason: str = ""
    may_separate: bool = False
    waits_for: str = ""


@dataclass(frozen=True, kw_only=True)
class Going:
    """What goes where when a merge is undone: rows by what they are called, and values that will change."""

    back: Sequence[tuple[str, int]]
    put_back: Sequence[tuple[str, int]]
    staying: int
    values: Sequence[tuple[str, str, str]]  # field, now, afterwards; masked


@dataclass(frozen=True, kw_only=True)
class CandidateFilter:
    """Conditions that all hold."""

    state: CandidateState = CandidateState.OPEN
    source: str = ""
    unit_id: UUID | None = None
    weight_from: float | None = None
    weight_to: float | None = None
    only_contradictions: bool = False


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one comparison says for (positive) or against: in log2 of the Bayes factor."""

    field: str
    level: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class CandidateRow:
    id: UUID
    version: int
    state: CandidateState
    weight: float
    contradiction: str
    left_ref: str
    left_name: str
    left_unit: str
    left_source: str
    right_ref: str
    right_name: str
    right_unit: str
    right_source: str
    evidence: Sequence[Evidence]
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""
    later_until: date | None = None


class CandidatePage(Page[CandidateRow]):
    """One page of pairs."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field of two files side by side, masked; `golden` is the side the rules would keep."""

    field: str
    left: str
    right: str
    is_same: bool
    golden: str  # left, right or ""
    rule: str
    weight: float | None = None
    level: str = ""
    left_from: str = ""
    right_from: str = ""
    may_choose: bool = False


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    row: CandidateRow
    lines: Sequence[Line]
    left_version: int
    right_version: int
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    survivor: str = "left"
