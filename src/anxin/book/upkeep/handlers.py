"""An import came in: judge the files it touched."""

from __future__ import annotations

from anxin.book.customers.queries import kinship
from anxin.book.upkeep import services
from anxin.foundation.intake.events import BatchFinished
from anxin.kernel import clock


def batch_finished(event: BatchFinished) -> None:
    if {"customer", "relation"} & set(event.kinds_of):
        services.score_some(now=clock.now(), parties=kinship.of_batch(event.batch_id))
