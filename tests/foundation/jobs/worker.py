"""A real worker in a process of its own, with short leases and tasks that can be caught in the act.

Started by test_killed_workers.py through `tests.another`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.db import connections, transaction
from procrastinate.contrib.django import app

from anxin.foundation.jobs import rules, services
from anxin.foundation.jobs.models import Job
from anxin.foundation.schemes.models import SchemeVersion
from anxin.kernel import clock

KIND = "test.killed"
services.register_kind(KIND, "Being killed")


@app.task(queue="jobs", name="tests.killed")
def killed(job_id: str) -> None:
    services.run(job_id, work, clock=clock.now)


@app.task(queue="jobs", name="tests.after")
def after(job_id: str) -> None:
    services.run(job_id, lambda running: None, clock=clock.now)


def work(running: services.Running) -> None:
    """The first attempt stands still where it can be caught; every attempt then has one effect."""
    mark = Path(str(running.arguments["mark"]))
    how = str(running.arguments["how"])
    # Whoever waits for the file reads it at once: it appears whole.
    note = mark / f"begins-{running.attempt}"
    note.write_text(f"{os.getpid()} {time.time()}")
    note.rename(mark / f"began-{running.attempt}")
    if how == "poison":
        os._exit(9)
    if running.attempt == 1:
        limit = time.monotonic() + 60
        # Not one long sleep: SIGSTOP does not stop the clock, a zombie must wake up by itself.
        while not (mark / "go-on").exists() and time.monotonic() < limit:
            time.sleep(0.05)
    with transaction.atomic():
        if how != "unguarded":
            running.fence()
        SchemeVersion.objects.create(
            kind="effect", version=running.attempt, content={}, created_at=clock.now(), note=str(os.getpid())
        )
    (mark / f"ended-{running.attempt}").write_text("")


def work_off() -> None:
    """Be a worker until somebody kills it."""
    from django.core.management import call_command

    rules.LEASE = timedelta(seconds=3)
    rules.HEARTBEAT = timedelta(seconds=1)
    rules.LONGEST_IDLE_TRANSACTION = timedelta(seconds=5)
    _end_idle_transactions(5000)
    sys.argv = ["worker"]
    call_command("procrastinate", "worker", "--concurrency", "2", "--queues", "jobs,housekeeping")


def stop_amid_a_transaction(idle_limit: int) -> None:
    """Lock the job's row and stand still, as a process does that is stopped between a statement and its commit."""
    if idle_limit:
        _end_idle_transactions(idle_limit)
    with transaction.atomic():
        Job.objects.select_for_update().get()
        os.kill(os.getpid(), signal.SIGSTOP)


def _end_idle_transactions(milliseconds: int) -> None:
    # As the settings of a worker do, with a shorter limit.
    options = connections["default"].settings_dict["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c idle_in_transaction_session_timeout={milliseconds}"
