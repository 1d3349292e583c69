"""The dry run of a draft on the whole book: the last judged day judged again with other rules, as a job.

The engine works in a process of its own (`analytics.preview`): what it holds goes with it, and a job that is stopped
stops it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from anxin.analytics.classes import registry
from anxin.book.segments import rules
from anxin.book.segments.models import Run
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

KIND: Final = "segments.trial"
PROGRAM: Final = (sys.executable, "-m", "anxin.analytics.preview")
LONGEST_SECONDS: Final = 1_800
# In the order `analytics.standing.STEPS` tells them; the last is the comparison after them.
STEP_WORDS: Final = {
    "worth": _("Retention per line is fitted"),
    "figures": _("Figures are computed"),
    "fitted": _("Cuts and clusters are found"),
    "classes": _("Customers are classified"),
}


def start(*, actor: Actor, now: datetime, version_id: UUID, task: jobs.QueuedTask) -> JobView:
    """Begin the dry run of a draft. Raises NotPermitted, SchemeNotFound. The same draft is tried once at a time."""
    actor.require("schemes.edit")
    seen = schemes.get_version(actor, version_id)
    if seen.kind not in rules.SCHEMES:
        raise schemes.SchemeNotFound(str(version_id))
    return jobs.start(
        actor=actor, now=now, kind=KIND, title=f"{seen.kind} {seen.version}", task=task,
        arguments={"version": str(version_id)}, dedupe_key=f"{version_id}-{seen.edition}",
        total=len(STEP_WORDS) + 1,
    )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    """Result: `kind`, `version_id`, `version`, `as_of`, `moves` as `analytics.preview` prints them; counts only."""
    seen = schemes.get_version(running.actor, UUID(running.arguments["version"]))
    run = Run.objects.filter(state=Run.State.DONE, is_replay=False).order_by("-as_of", "-started_at").first()
    folder = Path(settings.ANXIN_HOME) / "analytics" / run.as_of.isoformat() if run is not None else None
    if run is None or folder is None or not (folder / "standing.parquet").exists():
        raise jobs.JobFailed(_("There is no nightly run on this machine to compare with."))
    contents: dict[str, Any] = {one: schemes.active(one, on=run.as_of).content for one in rules.SCHEMES}
    asked = {"folder": str(folder), "as_of": run.as_of.isoformat(), "rules": contents | {seen.kind: seen.content}}
    moves = _moves(asked, running)
    moved = sum(row[2] for code, rows in moves.items() if code != registry.SCORE for row in rows if row[0] != row[1])
    return Finished(
        message=_("%(moves)s moves from class to class."),
        values={"moves": moved},
        result={
            "kind": seen.kind, "version": seen.version, "version_id": str(seen.id), "as_of": run.as_of.isoformat(),
            "moves": moves,
        },
    )  # fmt: skip


def _moves(asked: dict[str, Any], running: jobs.Running) -> dict[str, list[list[Any]]]:
    moves: dict[str, list[list[Any]]] | None = None
    with subprocess.Popen(PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        limit = threading.Timer(LONGEST_SECONDS, process.kill)
        limit.start()
        try:
            process.stdin.write(json.dumps(asked))
            process.stdin.close()
            for line in process.stdout:
                told = json.loads(line)
                if isinstance(told, dict):
                    moves = told
                else:
                    running.progress([*STEP_WORDS].index(told) + 1, len(STEP_WORDS) + 1, STEP_WORDS[told])
        finally:
            # Whoever asked may have stopped it (JobCancelled): then nobody waits for its answer.
            limit.cancel()
            process.kill()
    if moves is None:
        raise jobs.JobFailed(_("The dry run did not finish."))
    return moves
