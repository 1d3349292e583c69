"""Housekeeping of what sign-in leaves behind."""

from __future__ import annotations

from django.core.management import call_command
from procrastinate.contrib.django import app

from anxin.foundation.accounts import services
from anxin.kernel import clock


@app.periodic(cron="*/10 * * * *")
@app.task(queue="housekeeping", queueing_lock="accounts.drop_expired")
def drop_expired(timestamp: int) -> None:
    """Counters, one-time marks, sessions and API answers past their time."""
    services.drop_expired(now=clock.now())
    call_command("clearsessions")
