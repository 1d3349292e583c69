"""One file from beginning to end, for the command line, the API and the folder drop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from anxin.foundation.intake.data import BatchState, BatchView
from anxin.foundation.intake.models import Batch
from anxin.foundation.intake.queries import view
from anxin.foundation.intake.services import batches, checking, profiles, running
from anxin.foundation.intake.services.batches import AlreadyRunning
from anxin.foundation.intake.services.running import Progress
from anxin.kernel.actor import Actor

POLL_SECONDS = 0.3


def import_file(
    *,
    actor: Actor,
    path: Path,
    profile: str | Path | Mapping[str, Any],
    clock: Callable[[], datetime],
    dry_run: bool = False,
    full: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Import one file to its end and report on it.

    `profile`: its content, the path of a TOML file or the name of a kept profile. `progress(rows, of)` is called after
    every portion. With `dry_run` every row is checked, written for a moment and rolled back. `full`: the file
    is all the source has, whatever the profile says. Raises FileRefused, ProfileError, ProfileNotFound.

    Returns {"batch": ref, "state": …, "rows_read": n, "entities": {kind: {"created": …, "updated": …, "unchanged": …,
    "rejected": …}}, "seconds": s}, and "message" when the batch ended otherwise than done. A full load adds "absent"
    and "ended" to the counts, an undone batch "kept".

    The same file with the same profile under way elsewhere is one job: this call waits for it, or takes it over when
    its worker died, and reports on it.
    """
    began = time.monotonic()
    content = profile if isinstance(profile, Mapping) else profiles.load_profile(profile)
    if full:
        content = {**content, "full_load": True}
    batch = batches.create_from_path(actor=actor, now=clock(), path=path, profile=content)
    if dry_run:
        batches.begin_check(actor=actor, now=clock(), ref=batch.ref, in_background=False)
        checking.check_batch(batch.id, clock=clock)
        checked = _fresh(batch)
        if checked.state is BatchState.CHECKED:
            batches.cancel(actor=actor, now=clock(), ref=batch.ref)
        return _dry_report(checked, time.monotonic() - began)
    try:
        batch = batches.confirm(actor=actor, now=clock(), ref=batch.ref, in_background=False)
    except AlreadyRunning as running_already:
        batches.cancel(actor=actor, now=clock(), ref=batch.ref)
        batch = running_already.view
    while not running.run_batch(batch.id, clock=clock, progress=progress):
        batch = _fresh(batch)
        if batch.state is not BatchState.RUNNING:
            break
        if progress is not None:
            progress(batch.rows_read, batch.rows_total)
        time.sleep(POLL_SECONDS)
    return report(_fresh(batch), time.monotonic() - began)


def _fresh(batch: BatchView) -> BatchView:
    return view(Batch.objects.select_related("owner").get(pk=batch.id))


def report(batch: BatchView, seconds: float) -> dict[str, Any]:
    """The JSON of `anxin import --json`."""
    found: dict[str, Any] = {
        "batch": batch.ref,
        "state": batch.state.value,
        "rows_read": batch.rows_read,
        "entities": {
            count.kind: {
                "created": count.created,
                "updated": count.updated,
                "unchanged": count.unchanged,
                "rejected": count.rejected,
                **({"absent": count.absent, "ended": count.ended} if batch.is_full_load else {}),
                **({"kept": count.kept} if batch.state is BatchState.UNDONE else {}),
            }
            for count in batch.counts
        },
        "seconds": round(seconds, 3),
    }
    if batch.message:
        found["message"] = batch.message % batch.message_values if batch.message_values else batch.message
    return found


def _dry_report(batch: BatchView, seconds: float) -> dict[str, Any]:
    found = report(batch, seconds)
    found["dry_run"] = True
    found["trial_rows"] = batch.preview.get("trial_rows", 0)
    for kind in batch.preview.get("kinds", ()):
        trial = kind["trial"]
        found["entities"][kind["kind"]] = {
            "created": trial["created"],
            "updated": trial["updated"],
            "unchanged": trial["unchanged"],
            "rejected": kind["rejected"],
        }
    return found
