"""Imports in processes of their own, which tests kill, stop and start twice.

The processes are forked from one that has loaded Django already (multiprocessing's fork server, which imports this
module and runs nothing), so that a test with twenty of them waits for twenty imports and not for twenty interpreters.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from anxin.foundation.intake import services
from anxin.foundation.intake.rules import timing
from anxin.foundation.intake.services import work
from anxin.kernel import clock

LEASE = timedelta(seconds=2)


def run(batch_id: str) -> None:
    """Bring the batch forward as far as this process lives."""
    while not services.run_batch(UUID(batch_id), clock=clock.now, lease_time=LEASE):
        from anxin.foundation.intake.models import Batch

        if Batch.objects.get(pk=batch_id).state != "running":
            return
        time.sleep(0.1)


def run_slowly(batch_id: str, mark: str) -> None:
    """Stands still inside the transaction of its first portion, its rows written, until `mark`/go-on is there."""
    taken = work.take

    def take(*args: object, **fields: object) -> object:
        found = taken(*args, **fields)  # type: ignore[arg-type]
        (Path(mark) / "inside").write_text("")
        while not (Path(mark) / "go-on").exists():
            time.sleep(0.02)
        return found

    work.take = take  # type: ignore[assignment]
    finished = services.run_batch(UUID(batch_id), clock=clock.now, lease_time=LEASE)
    (Path(mark) / "finished").write_text(str(finished))


def unguarded() -> None:
    """The negative control: nobody waits for anybody else's decision about a person."""
    from anxin.book.customers.services import holding

    holding.hold = lambda persons: None


def run_file(path: str, profile: str) -> None:
    """As the command line does; prints the report."""
    import json
    import re

    from anxin.kernel.actor import Actor

    report = services.import_file(
        actor=Actor.system("test", channel="cli"), path=Path(path), profile=Path(profile), clock=clock.now
    )
    # Not getrusage: what the parent had before it became this process counts there.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps(report | {"peak_mb": int(peak[1]) // 1024 if peak else 0}))


def main(arguments: list[str], more: dict[str, str], out: str, errors: str) -> None:
    """What a forked process does; its exit code and what it prints are looked at by the test."""
    os.environ.update(more)
    for path, target in ((out, 1), (errors, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), target)
    sys.stdout = os.fdopen(1, "w")
    timing.HEARTBEAT = timedelta(seconds=0.5)  # type: ignore[misc]
    if more.get("ANXIN_TEST_UNGUARDED"):
        unguarded()
    {"run": run, "run-slowly": run_slowly, "run-file": run_file}[arguments[0]](*arguments[1:])
    sys.stdout.flush()
