"""Work on batches in the background: checks, runs, undoing; waking up what fell asleep; the folder drop."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from anxin.foundation.intake import services
from anxin.kernel import clock


@app.task(name="intake.work_on_batch", queue="intake")
def work_on_batch(batch_id: str) -> None:
    """Whatever the batch waits for. One that another worker holds, or that waits for nothing, is left alone."""
    services.work_on(UUID(batch_id), clock=clock.now)


@app.periodic(cron="* * * * * */10", periodic_id="wake-imports")
@app.task(queueing_lock="wake-imports", queue="housekeeping")
def wake_imports(timestamp: int) -> None:
    """Imports whose worker died go on where it stopped."""
    services.wake_sleepers(now=clock.now())


@app.periodic(cron="* * * * *", periodic_id="pick-up-inbox")
@app.task(queueing_lock="pick-up-inbox", queue="housekeeping")
def pick_up_inbox(timestamp: int) -> None:
    services.pick_up(folder=Path(settings.INBOX_FOLDER), clock=clock.now)
