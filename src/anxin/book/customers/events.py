"""What happened to a file, for the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class NoteChanged(Event):
    """A note got, changed or lost its due date, or is gone. Whoever listens reads it as it is now."""

    note_id: UUID
