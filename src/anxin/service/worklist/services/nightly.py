"""What the nightly run makes on the work list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from anxin.kernel.actor import Actor
from anxin.service.worklist.services.birthdays import ensure_birthdays


def nightly(*, actor: Actor, now: datetime, progress: Callable[[str, int], None] | None = None) -> dict[str, int]:
    """Birthdays. Any number of times with the same end. `progress(step, made)` after each step."""
    made = ensure_birthdays(now=now)
    if progress is not None:
        progress("birthdays", made)
    return {"birthdays": made}
