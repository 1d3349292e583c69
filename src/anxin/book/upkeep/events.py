"""What happens to the quality of files, for rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class CorrectionOpened(Event):
    """Somebody is to put one finding of a file right. `owner_id`: the customer's manager, if there is one."""

    correction_id: UUID
    party_id: UUID
    code: str
    owner_id: UUID | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class CorrectionClosed(Event):
    """The finding is put right, gone, or was none."""

    correction_id: UUID
    party_id: UUID
    state: str = "resolved"


@dataclass(frozen=True)
class CardAnswered(Event):
    """A customer filled in a card; somebody is to decide on the values."""

    answer_id: UUID
    party_id: UUID
    owner_id: UUID | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class CardDecided(Event):
    """Every value of a filled-in card was taken over or refused."""

    answer_id: UUID
    party_id: UUID
