"""What other rooms tell, and what follows from it here."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from anxin.book.customers.events import NoteChanged
from anxin.book.diligence.events import ReviewDue
from anxin.book.upkeep.events import CardAnswered, CardDecided, CorrectionClosed, CorrectionOpened
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.worklist import rules, services
from anxin.service.worklist.data import NewItem

# Days to put a finding right, and to decide on what a customer filled in.
CORRECTION_DAYS: Final = 7
CARD_DAYS: Final = 2


def note_changed(event: NoteChanged) -> None:
    services.follow_note(now=clock.now(), note_id=event.note_id)


def correction_opened(event: CorrectionOpened) -> None:
    """A finding of a file is to be put right: for the customer's manager, else for whoever takes work of the unit."""
    now = clock.now()
    services.ensure_items(
        now=now,
        items=[
            NewItem(
                kind="correction", occurrence=str(event.correction_id), starts_at=now,
                due_at=rules.end_of(rules.day_of(now) + timedelta(days=CORRECTION_DAYS)), party_id=event.party_id,
                owner_id=event.owner_id, unit_id=event.unit_id, subject_kind="correction",
                subject_id=event.correction_id,
            )
        ],
    )  # fmt: skip


def correction_closed(event: CorrectionClosed) -> None:
    services.close_for_subjects(
        actor=Actor.system("upkeep"), now=clock.now(), kinds=["correction"], subject_ids=[event.correction_id],
        outcome="completed",
    )  # fmt: skip


def card_answered(event: CardAnswered) -> None:
    """A customer filled in a card: somebody is to decide on the values."""
    now = clock.now()
    services.ensure_items(
        now=now,
        items=[
            NewItem(
                kind="card", occurrence=str(event.answer_id), starts_at=now,
                due_at=rules.end_of(rules.day_of(now) + timedelta(days=CARD_DAYS)), party_id=event.party_id,
                owner_id=event.owner_id, unit_id=event.unit_id, subject_kind="card", subject_id=event.answer_id,
            )
        ],
    )  # fmt: skip


def card_decided(event: CardDecided) -> None:
    services.close_for_subjects(
        actor=Actor.system("upkeep"), now=clock.now(), kinds=["card"], subject_ids=[event.answer_id],
        outcome="completed",
    )  # fmt: skip


def review_due(event: ReviewDue) -> None:
    """A customer's due diligence is to be looked at again: once for each due day."""
    now = clock.now()
    services.ensure_items(
        now=now,
        items=[
            NewItem(
                kind="diligence", occurrence=f"{event.party_id}-{event.due.isoformat()}-{event.why}", starts_at=now,
                due_at=rules.end_of(event.due), party_id=event.party_id, owner_id=event.manager_id,
                unit_id=event.unit_id,
            )
        ],
    )  # fmt: skip
