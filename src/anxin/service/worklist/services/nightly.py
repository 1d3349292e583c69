"""What the nightly run makes on the work list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from anxin.kernel.actor import Actor
from anxin.service.worklist.services.birthdays import ensure_birthdays
from anxin.service.worklist.services.facts import ensure_fact_prompts


def nightly(*, actor: Actor, now: datetime, progress: Callable[[str, int], None] | None = None) -> dict[str, int]:
    """Birthdays and facts that end. Any number of times with the same end. `progress(step, made)` after each step."""
    made: dict[str, int] = {}
    for step, ensure in (("birthdays", ensure_birthdays), ("facts", ensure_fact_prompts)):
        made[step] = ensure(now=now)
        if progress is not None:
            progress(step, made[step])
    return made
