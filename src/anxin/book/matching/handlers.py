"""An import came in: link what it brought with all that was there. It was taken back: nothing is asked about it."""

from __future__ import annotations

from typing import Final

from anxin.book.matching import tasks
from anxin.book.matching.services import linking, unlinking
from anxin.foundation.intake.events import BatchFinished, BatchUndone
from anxin.kernel import clock
from anxin.kernel.actor import Actor

KINDS: Final = frozenset({"customer"})


def batch_finished(event: BatchFinished) -> None:
    if KINDS & set(event.kinds_of):
        linking.start(
            actor=Actor.system("matching", channel="worker"), now=clock.now(), task=tasks.link, batch_id=event.batch_id
        )


def batch_undone(event: BatchUndone) -> None:
    if KINDS & set(event.kinds_of):
        unlinking.forget_questions()
