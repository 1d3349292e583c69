"""Sealing the trail."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.foundation.audit import services
from anxin.kernel import clock


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="audit.seal")
def seal(timestamp: int) -> None:
    """Chain what was recorded since the last time."""
    services.seal(now=clock.now())
