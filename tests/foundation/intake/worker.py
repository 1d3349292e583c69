"""Imports in processes of their own, which tests kill, stop and start twice: `-m tests.foundation.intake.worker`."""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()

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


if __name__ == "__main__":
    timing.HEARTBEAT = timedelta(seconds=0.5)  # type: ignore[misc]
    if os.environ.get("ANXIN_TEST_UNGUARDED"):
        unguarded()
    {"run": run, "run-slowly": run_slowly, "run-file": run_file}[sys.argv[1]](*sys.argv[2:])
