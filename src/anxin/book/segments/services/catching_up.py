"""Files were merged or separated by day: the figures and classes of these customers follow, of nobody else.

They are judged beside all others as the last run found them: by its cuts, clusters and rules, as of its day.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db import transaction

from anxin.analytics import engines, extract, marts, standing
from anxin.analytics.classes import registry
from anxin.book.customers.services import standings
from anxin.book.segments import rules
from anxin.book.segments.models import ClassChange, Regrouped, Run
from anxin.book.segments.services import feeds, running
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import bulk
from anxin.kernel.among import among

# Past that a run of the whole book is no dearer.
MOST: Final = 2_000


def catch_up() -> int:
    """Judge the customers that wait for it; how many rows were written. Waits for a run under way.

    0 as well when no run has said how all others stand, or when more than MOST wait: that is a run's work.
    """
    address = running.address()
    with extract.exclusive(address, "segments.run"):
        waiting = dict(Regrouped.objects.values_list("party", "at")[: MOST + 1])
        run = Run.objects.filter(state=Run.State.DONE, is_replay=False).order_by("-as_of", "-started_at").first()
        if not waiting or len(waiting) > MOST or run is None or "cuts" not in run.fitted:
            return 0
        parent = Path(settings.ANXIN_HOME) / "analytics"
        with tempfile.TemporaryDirectory(prefix="few-", dir=parent) as folder:
            return _judge(run, waiting, address, Path(folder))


def _judge(run: Run, waiting: dict[UUID, datetime], address: str, folder: Path) -> int:
    keys = list(waiting)
    extract.extract(address, marts.few(keys, feeds.fed(), registry.HISTORY), folder, as_of=run.as_of, keep_state=True)
    versions = {code: schemes.active(code, on=run.as_of) for code in rules.SCHEMES}
    contents: dict[str, Any] = {code: version.content for code, version in versions.items()}
    with engines.duckdb(folder / "spill") as engine:
        result = standing.compute_few(engine, folder, as_of=run.as_of, rules=contents, models=run.fitted)
        changes = standing.changes(engine, folder)
    mine = pl.col("party_id").is_in([key.hex for key in keys])
    with transaction.atomic():
        old = pl.DataFrame({"party_id": [key.hex for key in keys]})
        fresh = pl.concat(running.standing_rows(result, run, versions)).filter(mine)
        standings.put(old, fresh)
        bulk.delete_rows("segments_profile", old)
        bulk.copy_frame("segments_profile", pl.concat(running.profile_rows(result, run)).filter(mine))
        _note_changes(run, changes.with_columns(pl.col("party").bin.encode("hex").alias("party_id")).filter(mine))
        for key, at in waiting.items():
            # Whoever was merged again meanwhile waits on.
            Regrouped.objects.filter(party=key, at=at).delete()
    return fresh.height


def _note_changes(run: Run, changes: pl.DataFrame) -> None:
    """A class that changed in the run and once more since changed once, or not at all."""
    wanted = {
        (UUID(party), scheme): (before, after)
        for party, scheme, before, after in changes.select("party_id", "scheme", "before", "after").iter_rows()
    }
    known = {
        (one.party_id, one.scheme): one
        for one in ClassChange.objects.filter(among("party__pk", (key for key, _scheme in wanted)), run=run)
    }
    fresh = []
    for (party, scheme), (before, after) in wanted.items():
        one = known.get((party, scheme))
        if one is None:
            fresh.append(ClassChange(run=run, party_id=party, scheme=scheme, before=before, after=after))
        elif one.before == after:
            one.delete()
        else:
            one.after = after
            one.save(update_fields=["after"])
    ClassChange.objects.bulk_create(fresh)
