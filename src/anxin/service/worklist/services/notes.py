"""Notes with a due date, on the list of the person they name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from anxin.book.customers.queries import staff
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.service.worklist import rules
from anxin.service.worklist.data import ItemState, NewItem
from anxin.service.worklist.models import WorkItem
from anxin.service.worklist.services.generation import close_for_subjects, ensure_items

KIND = "note"
SUPERSEDED = "superseded"


@transaction.atomic
def follow_note(*, now: datetime, note_id: UUID) -> None:
    """Bring the item of a note in line with the note as it is now. Any number of times with the same end.

    Another day makes another item: one that was done for the old day stays done.
    """
    actor = Actor.system("worklist")
    note = staff.find_due_note(note_id)
    if note is None:
        close_for_subjects(actor=actor, now=now, kinds=[KIND], subject_ids=[note_id], outcome=SUPERSEDED)
        return
    occurrence = f"{note.id}:{note.due_date.isoformat()}"
    title = note.text.splitlines()[0][: WorkItem._meta.get_field("title").max_length]
    kept = WorkItem.objects.filter(kind=KIND, occurrence=occurrence).values_list("pk", flat=True).first()
    close_for_subjects(actor=actor, now=now, kinds=[KIND], subject_ids=[note_id], outcome=SUPERSEDED, except_item=kept)
    unit_id = org.unit_of(note.assignee_id)
    item = NewItem(
        kind=KIND, occurrence=occurrence, starts_at=now, due_at=rules.end_of(note.due_date), party_id=note.party_id,
        owner_id=note.assignee_id, unit_id=unit_id, title=title, subject_kind="note", subject_id=note.id,
    )  # fmt: skip
    if not ensure_items(now=now, items=[item]):
        WorkItem.objects.filter(kind=KIND, occurrence=occurrence, state=ItemState.OPEN).exclude(
            Q(owner=note.assignee_id) & Q(title=title)
        ).update(owner_id=note.assignee_id, unit_id=unit_id, title=title, version=F("version") + 1)
