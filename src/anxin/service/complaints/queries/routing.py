"""Whose turn it is, and to whom a complaint may be given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from anxin.foundation.org import queries as org
from anxin.foundation.org.queries import Holder
from anxin.service.complaints.data import State
from anxin.service.complaints.models import Complaint
from anxin.service.complaints.rules import flow, routing

MOST: Final = 3


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Who does the next step: a few names with their units, and how many there are."""

    people: Sequence[tuple[str, str]]
    count: int


def turn_of(row: Complaint, *, today: date) -> Turn:
    """The one whose turn it is, or those nearest to the unit who may do the step."""
    owner = owner_of(row)
    if owner is not None:
        one = row.handler if owner == row.handler_id else row.registered_by
        names = [(one.display_name, "")] if one is not None else []
        return Turn(people=names, count=len(names))
    wanted = routing.NEXT.get(State(row.state), flow.HANDLE)
    found = list({one.user_id: one for one in nearest(wanted, row.unit_id, today=today)}.values())
    return Turn(people=[(one.name, one.unit) for one in found[:MOST]], count=len(found))


def owner_of(row: Complaint) -> UUID | None:
    """Whose turn it is, where one person is known."""
    state = State(row.state)
    if state in (State.INCOMPLETE, State.ACCEPTED, State.EXECUTED):
        return row.registered_by_id
    if state in (State.INVESTIGATING, State.FED_BACK, State.APPROVED, State.NOTIFIED):
        return row.handler_id
    return None


def nearest(permission: str, unit_id: UUID | None, *, today: date) -> list[Holder]:
    """Those who hold a permission at the unit or nearest above it."""
    return routing.nearest(org.list_holders(permission, today=today), org.path_of(unit_id))


def handlers(*, today: date) -> list[Holder]:
    """Everybody a complaint may be dispatched to."""
    return org.list_holders(flow.HANDLE, today=today)


def handlers_of(unit_id: UUID | None, *, today: date) -> list[Holder]:
    """Everybody who may handle complaints of a unit, the nearest first, each once."""
    found = routing.reaching(handlers(today=today), org.path_of(unit_id))
    return list({one.user_id: one for one in reversed(found)}.values())[::-1]
