"""Telling other rooms what came in. Called inside the transaction that ends a batch."""

from __future__ import annotations

from uuid import UUID

from anxin.foundation.intake.events import BatchFinished, BatchUndone
from anxin.foundation.intake.models import Batch
from anxin.foundation.intake.rules.profile import parse_profile
from anxin.kernel import outbox


def finished(batch_id: UUID) -> None:
    """The batch is over; nothing is said of one that wrote no portion."""
    batch = Batch.objects.get(pk=batch_id)
    if batch.chunks_done:
        outbox.publish(
            BatchFinished(batch_id=batch.id, source=batch.source, kinds=_kinds(batch), state=str(batch.state))
        )


def undone(batch_id: UUID) -> None:
    batch = Batch.objects.get(pk=batch_id)
    outbox.publish(BatchUndone(batch_id=batch.id, source=batch.source, kinds=_kinds(batch)))


def _kinds(batch: Batch) -> str:
    return ",".join(parse_profile(batch.profile_content).kinds)
