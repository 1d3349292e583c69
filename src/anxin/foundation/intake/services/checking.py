"""The check before a run: every row understood, written portion by portion and rolled back; only the findings are kept.

What is rolled back is not there for the next portion: a row that builds on one far above it in the same file is judged
by what is on record.
"""

from __future__ import annotations

import logging
import time
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from anxin.foundation.intake.data import BatchState, KindCount
from anxin.foundation.intake.models import Batch
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import ImportProfile, parse_profile
from anxin.foundation.intake.services import batches, keeping, lease, reading, work
from anxin.foundation.intake.services.lease import Clock, Hold, LeaseLost
from anxin.foundation.intake.services.work import Part, Taken, Understood
from anxin.kernel import bulk_statistics, masking

SAMPLE_ROWS = 8
log = logging.getLogger(__name__)


class _RollBack(Exception):
    """Leaves the trial's transaction."""


def check_batch(batch_id: UUID, *, clock: Clock) -> bool:
    """Check a batch in state CHECKING to its end. False when another worker is at it or took it over."""
    hold = lease.take(batch_id, BatchState.CHECKING, clock)
    if hold is None:
        return False
    began = time.monotonic()
    batch = Batch.objects.get(pk=batch_id)
    try:
        with lease.heartbeat(hold), bulk_statistics.without_memory():
            preview, totals = _look_through(batch, hold)
    except LeaseLost:
        log.warning("The check of %s was taken over.", batch.ref)
        return False
    except FileRefused as refusal:
        hold.write(**lease.over(BatchState.FAILED, clock(), refusal))
        return False
    except (OperationalError, InterfaceError):
        # The database went away: the sweep wakes the check up again when the lease is over.
        raise
    except Exception as error:
        # The text of an unexpected exception may quote a value: only its class is kept.
        hold.write(**lease.over(BatchState.FAILED, clock(), FileRefused("unexpected", error=type(error).__name__)))
        raise
    hold.write(
        **lease.over(BatchState.CHECKED, clock())
        | {"preview": preview, "seconds": time.monotonic() - began, "finished_at": None, **totals}
    )
    return True


def _look_through(batch: Batch, hold: Hold) -> tuple[dict[str, Any], dict[str, int]]:
    profile = parse_profile(batch.profile_content)
    source, form = batches.source_of(batch), batches.form_of(batch)
    parts, _ = work.parts_of(profile, form)
    now = hold.clock()
    contexts = [part.context(batch, profile, now, is_trial=True) for part in parts]
    sums = _Sums(profile)
    keeping.forget_problems(batch.id)
    trial: dict[str, KindCount] = {kind: KindCount(kind=kind) for kind in profile.kinds}
    samples: list[dict[str, Any]] = []
    read = rejected = warned = problems = kept = 0
    for chunk in reading.chunks(source, form):
        taken, understood = _trial(parts, chunk, contexts)
        trial = {count.kind: _plus(trial[count.kind], count) for count in taken.counts}
        if chunk.number == 0:
            samples = [_sample(one) for one in understood]
        sums.add(taken)
        read, rejected, warned = read + taken.rows_read, rejected + taken.rows_rejected, warned + taken.rows_warned
        problems += taken.problems.height
        with transaction.atomic():
            kept += keeping.keep_problems(batch.id, chunk.number, taken.problems, kept=kept)
            hold.write(rows_read=read, rows_rejected=rejected, rows_warned=warned, problem_count=problems, attempts=0)
        if Batch.objects.filter(pk=batch.pk, is_cancel_wanted=True).exists():
            break
    if read == 0:
        raise FileRefused("header_only")
    preview = {
        "trial_rows": read,
        "kinds": [
            {
                **count.__dict__,
                "trial": {key: value for key, value in trial[count.kind].__dict__.items() if key != "kind"},
            }
            for count in sums.counts()
        ],
        "samples": samples,
    }
    return preview, {"rows_read": read, "rows_rejected": rejected, "rows_warned": warned, "rows_total": read}


def _trial(parts: list[Part], chunk: reading.Chunk, contexts: list[Any]) -> tuple[Taken, list[Understood]]:
    """Write the portion for a moment, to hear what writing has to say, and take it back."""
    found: list[tuple[Taken, list[Understood]]] = []
    try:
        with transaction.atomic():
            lease.end_idle_transactions()
            found.append(work.take(parts, chunk, contexts, write=True))
            raise _RollBack
    except _RollBack:
        return found[0]


def _plus(one: KindCount, other: KindCount) -> KindCount:
    sums = {name: value + getattr(other, name) for name, value in vars(one).items() if name != "kind"}
    return KindCount(kind=one.kind, **sums)


class _Sums:
    def __init__(self, profile: ImportProfile) -> None:
        self._counts = {kind: KindCount(kind=kind) for kind in profile.kinds}

    def add(self, taken: Taken) -> None:
        for count in taken.counts:
            before = self._counts[count.kind]
            self._counts[count.kind] = KindCount(
                kind=count.kind,
                rows_read=before.rows_read + count.rows_read,
                rejected=before.rejected + count.rejected,
                unchanged=before.unchanged + count.unchanged + count.created + count.updated,
                warnings=before.warnings + count.warnings,
            )

    def counts(self) -> list[KindCount]:
        return list(self._counts.values())


def _sample(one: Understood) -> dict[str, Any]:
    """The first rows as they were understood, masked: what is shown before the import is not stored in clear."""
    specs = {spec.name: spec for spec in one.part.importer.fields}
    filled = [
        name
        for name in (rule.field for rule in one.part.entity.columns)
        if name in one.rows.columns and not one.rows.get_column(name).is_null().all()
    ]
    rows = []
    for row in one.rows.head(SAMPLE_ROWS).select(["line", *filled]).iter_rows(named=True):
        cells = []
        for name in filled:
            value = row[name]
            text = "" if value is None else str(value)
            if text and specs[name].kind == "money":
                text = f"{value / 100:.2f}"
            cells.append(masking.mask(specs[name].personal, text))
        rows.append([row["line"], *cells])
    return {"kind": one.part.entity.kind, "fields": filled, "rows": rows}
