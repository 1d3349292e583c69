"""Macros as they leave the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.words import mark as _


class MacroReach(StrEnum):
    """Who sees a macro."""

    SHARED = "shared"
    TEAM = "team"
    OWN = "own"


REACHES: Final = {
    MacroReach.OWN: (_("Mine"), "user"),
    MacroReach.TEAM: (_("My team's"), "users"),
    MacroReach.SHARED: (_("Everybody's"), "world"),
}


@dataclass(frozen=True, kw_only=True)
class MacroRow:
    """One macro with everything it does. `may_edit`: whether who asked may change it."""

    id: UUID
    name: str
    name_en: str
    reach: MacroReach
    unit: str
    type: str
    priority: int | None
    queue: str
    action: str
    why: str
    tag: str
    note: str
    reply: str
    reply_en: str
    version: int
    may_edit: bool


@dataclass(frozen=True, kw_only=True)
class MacroPreview:
    """What a macro would do with one ticket. `changes`: (field, code before, code after); `refused`: why it cannot."""

    macro: MacroRow
    reply: str
    note: str
    why: str
    moves: Sequence[str]
    changes: Sequence[tuple[str, str, str]]
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class MacroResult:
    """How many tickets a macro was applied to, and the numbers of those it could not be."""

    done: int
    refused: Sequence[str]


class MacroNotFound(Exception):
    """No such macro within the actor's reach."""
