"""Colleagues who may be asked to do something about a customer, and what they were asked by a note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anxin.book.customers.models import Note, Party
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope

MOST = 500


@dataclass(frozen=True, kw_only=True)
class DueNote:
    id: UUID
    party_id: UUID
    text: str
    due_date: date
    assignee_id: UUID


def who_may_follow(actor: Actor, party: Party) -> dict[UUID, str]:
    """Id and “name · unit” of whom the actor may give a note about this customer to: the team, the customer's manager,
    and everybody within the actor's reach of `customers.edit`."""
    near = {actor.user_id, party.manager_id, *org.colleagues_of(actor)} - {None}
    found = org.find_staff(actor, ids=[person for person in near if person is not None], limit=MOST)
    if actor.scope("customers.edit") in {Scope.UNIT, Scope.ALL}:
        found += org.find_staff(actor, permission="customers.edit", limit=MOST)
    return {one.id: f"{one.name} · {one.unit}" for one in found}


def find_due_note(note_id: UUID) -> DueNote | None:
    """The note while it has a due date; None when it has none or is gone. For the room that keeps the work list."""
    row = Note.objects.filter(pk=note_id, due_date__isnull=False).first()
    if row is None or row.due_date is None or row.assignee_id is None:
        return None
    return DueNote(id=row.pk, party_id=row.party_id, text=row.text, due_date=row.due_date, assignee_id=row.assignee_id)
