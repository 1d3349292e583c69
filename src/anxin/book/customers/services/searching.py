"""Recording that customers were looked up by personal numbers."""

from __future__ import annotations

from datetime import datetime

from anxin.book.customers.queries import terms
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor


def record_search(actor: Actor, text: str, *, now: datetime, found: int) -> None:
    """Note by what kind of number customers were looked up, and how many were found; never the value."""
    kinds = sorted(terms.meanings(text) & terms.RECORDED)
    if kinds:
        audit.record(
            actor=actor,
            now=now,
            action="customers.search",
            object_kind="party",
            detail={"by": [str(kind) for kind in kinds], "found": found},
        )
