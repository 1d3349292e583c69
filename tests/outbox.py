"""What waits in the outbox, and its delivery without a worker, inside the test's transaction."""

from __future__ import annotations

from typing import Any

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from anxin.kernel import outbox


def waiting(event: str = "") -> list[dict[str, Any]]:
    """The stored deliveries, oldest first: {"event": …, "handler": …, "data": {…}}."""
    jobs = ProcrastinateJob.objects.filter(task_name=outbox.TASK, status="todo").order_by("id")
    return [job.args for job in jobs if not event or job.args["event"] == event]


def deliver() -> int:
    """Hand every stored event to its handler, also those that handlers publish meanwhile; returns how many."""
    delivered = 0
    while jobs := list(ProcrastinateJob.objects.filter(task_name=outbox.TASK, status="todo").order_by("id")):
        for job in jobs:
            outbox.deliver(**job.args)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            delivered += 1
    return delivered
