"""Taking a batch back: what it created goes, what it changed is as before. Each importer knows how."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pghistory
import polars as pl
from django.db import InterfaceError, OperationalError, transaction

from anxin.foundation.audit import services as audit
from anxin.foundation.intake import access, queries
from anxin.foundation.intake.data import BatchState, BatchView
from anxin.foundation.intake.models import Batch, BatchCount, RowNote
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import parse_profile
from anxin.foundation.intake.services import announcing, finishing, lease, queue, registry
from anxin.foundation.intake.services.lease import Clock, LeaseLost
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState

# What a room above did because of the batch, and takes back before the rows go. Called with the batch, the clock and a
# check that raises when another worker has taken over; returns how much was taken back. Called again after a kill.
Prepare = Callable[[UUID, Clock, Callable[[], None]], int]
# What that will be, and what will stay: sentences in the language of the reader.
Foretell = Callable[[UUID], Sequence[str]]


@dataclass(frozen=True)
class _Preparation:
    prepare: Prepare
    foretell: Foretell
    said: str


_prepared: dict[str, _Preparation] = {}
UNDOABLE = (BatchState.DONE, BatchState.STOPPED, BatchState.FAILED)
log = logging.getLogger(__name__)


def register_preparation(room: str, prepare: Prepare, foretell: Foretell, *, said: str) -> None:
    """Let a room above take back its own before the rows of a batch are. Registering the same again changes nothing.

    `said`: what the page says afterwards, English and marked, with the place count.
    """
    one = _Preparation(prepare, foretell, said)
    if _prepared.setdefault(room, one) != one:
        raise ValueError(f"“{room}” prepares twice.")


def foretold(actor: Actor, ref: str) -> list[str]:
    """What taking the batch back would do besides its rows, in the reader's language. Raises BatchNotFound."""
    batch = access.get_batch(actor, ref)
    return [sentence for one in _prepared.values() for sentence in one.foretell(batch.id)]


@transaction.atomic
def begin_undo(*, actor: Actor, now: datetime, ref: str, reason: str = "") -> BatchView:
    """Send a finished batch to be undone. Raises StaleState when it is not finished or already undone."""
    actor.require("intake.undo")
    batch = access.get_batch(actor, ref)
    changed = Batch.objects.filter(pk=batch.pk, state__in=UNDOABLE, chunks_done__gt=0).update(
        state=BatchState.UNDOING, attempts=0, lease_until=None, lease_holder="", finished_at=None, kinds_undone=[]
    )
    if not changed:
        raise StaleState(batch.state, 0)
    audit.record(
        actor=actor, now=now, action="intake.undo", object_kind="batch", object_id=batch.id, object_ref=batch.ref,
        reason=reason,
    )  # fmt: skip
    queue.wake(batch.id)
    return queries.get_batch(actor, ref)


def undo_batch(batch_id: UUID, *, clock: Clock) -> bool:
    """Undo a batch in state UNDOING to its end, the last kind first. Goes on where a dead worker stopped."""
    hold = lease.take(batch_id, BatchState.UNDOING, clock)
    if hold is None:
        return False
    batch = Batch.objects.get(pk=batch_id)
    try:
        with lease.heartbeat(hold):
            before = {room: one.prepare(batch_id, clock, hold.check) for room, one in _prepared.items()}
            rows = take_back(batch, hold.check)
    except LeaseLost:
        log.warning("The undoing of %s was taken over.", batch.ref)
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        hold.write(**lease.over(BatchState.FAILED, clock(), FileRefused("unexpected", error=type(error).__name__)))
        raise
    with transaction.atomic():
        hold.write(**lease.over(BatchState.UNDONE, clock()) | _message(before))
        audit.record(
            actor=Actor.system("intake"), now=clock(), action="intake.undone", object_kind="batch", object_id=batch.id,
            object_ref=batch.ref, detail={"rows": rows, **{room: count for room, count in before.items() if count}},
        )  # fmt: skip
        announcing.undone(batch.id)
    return True


def _message(before: Mapping[str, int]) -> dict[str, Any]:
    """What else was taken back. One room prepares so far: there is room for one sentence."""
    for room, count in before.items():
        if count:
            return {"message": _prepared[room].said, "message_values": {"count": count}}
    return {}


def take_back(batch: Batch, still_mine: Callable[[], None]) -> int:
    """Undo every kind of the batch that is not undone yet; returns rows touched."""
    rows = 0
    done = list(batch.kinds_undone)
    for kind in reversed(parse_profile(batch.profile_content).kinds):
        if kind in done:
            continue
        done.append(kind)
        with transaction.atomic(), pghistory.context(undone=str(batch.id)):
            undone = registry.importer_of(kind).undo(batch.id)
            rows += undone.touched
            kept = undone.kept.select(pl.col("name").alias("key"), pl.lit("").alias("ref"), "reason")
            finishing.keep_notes(batch, kind, RowNote.Matter.KEPT, kept)
            BatchCount.objects.filter(batch=batch, kind=kind).update(kept=kept.height)
            Batch.objects.filter(pk=batch.pk).update(kinds_undone=done)
            still_mine()
    return rows
