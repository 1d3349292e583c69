"""What other rooms tell, and what follows from it here."""

from __future__ import annotations

from anxin.book.customers.events import NoteChanged
from anxin.kernel import clock
from anxin.service.worklist import services


def note_changed(event: NoteChanged) -> None:
    services.follow_note(now=clock.now(), note_id=event.note_id)
