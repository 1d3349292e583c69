"""Opening a file from a program: the whole file as plain values, and the entry that it was seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anxin.book.customers import rules
from anxin.book.customers.queries import file as files
from anxin.book.customers.services import viewing
from anxin.kernel.actor import Actor


def open_as_json(*, actor: Actor, now: datetime, ref: str) -> dict[str, Any]:
    """The file with its related records, masked. Writes one view entry. Raises NotPermitted and CustomerNotFound."""
    file, answer = files.load_whole(actor, ref, today=rules.day_of(now))
    viewing.record_view(actor=actor, now=now, party_id=file.id, ref=file.ref)
    return answer
