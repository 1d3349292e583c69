"""The run: portion by portion, each in one transaction with its counts, its problems and the mark how far the run is.

A worker that dies leaves the marks of whole portions only; whoever takes over reads the file again and skips what is
marked. A portion is written once or not at all, so the end is the same as of a run nobody disturbed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pghistory
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from anxin.foundation.audit import services as audit
from anxin.foundation.intake.data import BatchState
from anxin.foundation.intake.models import Batch, BatchCount
from anxin.foundation.intake.rules import timing
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import parse_profile
from anxin.foundation.intake.services import (
    announcing,
    batches,
    checking,
    finishing,
    keeping,
    lease,
    reading,
    undoing,
    work,
)
from anxin.foundation.intake.services.lease import Clock, Hold, LeaseLost
from anxin.foundation.intake.services.reading import PathSource, files
from anxin.kernel import bulk_statistics
from anxin.kernel.actor import Actor

Progress = Callable[[int, int | None], None]
log = logging.getLogger(__name__)


class _Stopped(Exception):
    """Somebody asked to stop."""


class _HasErrors(Exception):
    """A row was refused and the batch refuses files with errors."""


def run_batch(
    batch_id: UUID, *, clock: Clock, progress: Progress | None = None, lease_time: timedelta = timing.LEASE
) -> bool:
    """Bring a batch in state RUNNING to its end, from where it stands. False when another worker is at it, or took it
    over. Unexpected exceptions end the batch as failed and are raised again."""
    hold = lease.take(batch_id, BatchState.RUNNING, clock, lease_time)
    if hold is None:
        return False
    batch = Batch.objects.get(pk=batch_id)
    began = time.monotonic() - batch.seconds
    try:
        with lease.heartbeat(hold, min(timing.HEARTBEAT, lease_time / 3)), bulk_statistics.without_memory():
            _run(batch, hold, progress, began)
    except LeaseLost:
        log.warning("Import %s was taken over by another worker; what was open here was rolled back.", batch.ref)
        return False
    except _Stopped:
        _end(hold, batch, BatchState.STOPPED, began)
        return True
    except _HasErrors:
        _take_back(hold, batch)
        return True
    except FileRefused as refusal:
        _end(hold, batch, BatchState.FAILED, began, refusal)
        return True
    except (OperationalError, InterfaceError):
        # The database went away, or ended this session because it was silent: the sweep wakes the run up again.
        raise
    except Exception as error:
        _end(hold, batch, BatchState.FAILED, began, FileRefused("unexpected", error=type(error).__name__))
        raise
    _end(hold, batch, BatchState.DONE, began)
    return True


def work_on(batch_id: UUID, *, clock: Clock) -> bool:
    """Do what the batch waits for: its check, its run or its undoing. False when there is nothing to do here."""
    state = Batch.objects.filter(pk=batch_id).values_list("state", flat=True).first()
    if state == BatchState.CHECKING:
        return checking.check_batch(batch_id, clock=clock)
    if state == BatchState.RUNNING:
        return run_batch(batch_id, clock=clock)
    if state == BatchState.UNDOING:
        return undoing.undo_batch(batch_id, clock=clock)
    return False


def _run(batch: Batch, hold: Hold, progress: Progress | None, began: float) -> None:
    profile = parse_profile(batch.profile_content)
    source, form = batches.source_of(batch), batches.form_of(batch)
    if isinstance(source, PathSource) and files.fingerprint(source)[0] != bytes(batch.file_sha256):
        raise FileRefused("changed")
    parts, _ = work.parts_of(profile, form)
    contexts = [part.context(batch, profile, batch.started_at or hold.clock(), is_trial=False) for part in parts]
    refuses = batch.on_error == "refuse"
    if refuses and batch.chunks_done == 0:
        for chunk in reading.chunks(source, form):
            if work.take(parts, chunk, contexts, write=False)[0].rows_rejected:
                raise _HasErrors
    kept = batch.problems.count()
    read = batch.rows_read
    for chunk in reading.chunks(source, form, start=batch.chunks_done):
        with transaction.atomic(), pghistory.context(batch=str(batch.id)):
            lease.end_idle_transactions()
            hold.check()
            taken, _ = work.take(parts, chunk, contexts, write=True)
            if refuses and taken.rows_rejected:
                raise _HasErrors
            bulk_statistics.forget_plans()
            added = keeping.keep_problems(batch.id, chunk.number, taken.problems, kept=kept)
            for count in taken.counts:
                BatchCount.objects.filter(batch_id=batch.id, kind=count.kind).update(
                    rows_read=F("rows_read") + count.rows_read,
                    created=F("created") + count.created,
                    updated=F("updated") + count.updated,
                    unchanged=F("unchanged") + count.unchanged,
                    rejected=F("rejected") + count.rejected,
                    warnings=F("warnings") + count.warnings,
                )
            # Last of all: a zombie's whole portion falls with this line, and the row is locked for a moment only.
            hold.write(
                chunks_done=chunk.number + 1,
                rows_read=F("rows_read") + taken.rows_read,
                rows_rejected=F("rows_rejected") + taken.rows_rejected,
                rows_warned=F("rows_warned") + taken.rows_warned,
                problem_count=F("problem_count") + taken.problems.height,
                seconds=time.monotonic() - began,
                attempts=0,
            )
        kept += added
        read += taken.rows_read
        if progress is not None:
            progress(read, batch.rows_total)
        if Batch.objects.filter(pk=batch.pk, is_cancel_wanted=True).exists():
            raise _Stopped
    if read == 0:
        raise FileRefused("header_only")
    hold.write(rows_total=read)
    if batch.is_full_load:
        finishing.finish(batch, hold, profile, parts, contexts, source, form)


def _end(hold: Hold, batch: Batch, state: BatchState, began: float, refusal: FileRefused | None = None) -> None:
    bulk_statistics.tell_planner()
    with transaction.atomic():
        hold.write(**lease.over(state, hold.clock(), refusal) | {"seconds": time.monotonic() - began})
        audit.record(
            actor=Actor.system("intake"), now=hold.clock(), action=f"intake.{state.value}", object_kind="batch",
            object_id=batch.id, object_ref=batch.ref, detail={"code": refusal.code if refusal else ""},
        )  # fmt: skip
        announcing.finished(batch.id)


def _take_back(hold: Hold, batch: Batch) -> None:
    """The batch wants all or nothing: undo what was written, and say why."""
    batch.refresh_from_db()
    rows = max(1, batch.rows_rejected)
    undoing.take_back(batch, hold.check)
    refusal = FileRefused("has_errors", rows=rows)
    with transaction.atomic():
        BatchCount.objects.filter(batch_id=batch.id).update(created=0, updated=0, unchanged=0, rejected=F("rows_read"))
        hold.write(**lease.over(BatchState.FAILED, hold.clock(), refusal) | {"chunks_done": 0})
