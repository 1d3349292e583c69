"""What happened to the organisation, for the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class CalendarChanged(Event):
    """A working calendar has other hours or days. `version`: of the calendar after it; `unit_id` None: of the site."""

    calendar_id: UUID
    unit_id: UUID | None
    version: int
    at: datetime
