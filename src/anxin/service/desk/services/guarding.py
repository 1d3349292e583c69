"""Who may not work on a certain ticket, though permission and reach would let them: rooms above say so.

A guard answers for a ticket and a user with an English reason of its catalogue, or nothing. It is asked wherever a
ticket gets into hands or is resolved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from anxin.book.customers.data import Rejected
from anxin.service.desk.models import Ticket

Guard = Callable[[Ticket, UUID], str]
_guards: Final[dict[str, Guard]] = {}


def register(code: str, guard: Guard) -> None:
    """Called from AppConfig.ready."""
    if _guards.setdefault(code, guard) is not guard:
        raise ValueError(f"The guard {code!r} is registered twice.")


def why_not(ticket: Ticket, user_id: UUID | None) -> str:
    """The first reason against this person; "" when there is none."""
    if user_id is None:
        return ""
    return next((why for guard in _guards.values() if (why := guard(ticket, user_id))), "")


def check(ticket: Ticket, user_id: UUID | None) -> None:
    """Raises Rejected."""
    if why := why_not(ticket, user_id):
        raise Rejected("to", why)
