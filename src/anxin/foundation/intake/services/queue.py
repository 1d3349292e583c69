"""Waking a worker up for a batch. What is to be done, and whether by this worker, the batch itself says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from procrastinate import exceptions as queue_errors

from anxin.foundation.intake.data import BatchState
from anxin.foundation.intake.models import Batch

TASK: Final = "intake.work_on_batch"
# A file on a path may lie on another machine: its own process is given time to begin.
NEVER_BEGUN_AFTER: Final = timedelta(seconds=30)


def wake(batch_id: UUID) -> bool:
    """Put the batch into the queue, in the caller's transaction; False when it waits there already."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    place = f"intake-{batch_id}"
    if ProcrastinateJob.objects.filter(queueing_lock=place, status="todo").exists():
        return False
    try:
        with transaction.atomic():
            app.configure_task(TASK, queueing_lock=place, queue="intake").defer(batch_id=str(batch_id))
    except queue_errors.AlreadyEnqueued:
        return False
    return True


def wake_sleepers(*, now: datetime) -> int:
    """Wake up again what lost its worker; returns how many."""
    moving = Q(state__in=(BatchState.CHECKING, BatchState.RUNNING, BatchState.UNDOING))
    asleep = Q(lease_until__lte=now) | Q(lease_until__isnull=True, created_at__lte=now - NEVER_BEGUN_AFTER)
    found = Batch.objects.filter(moving & asleep).order_by("created_at").values_list("id", flat=True)[:100]
    return sum(wake(batch_id) for batch_id in found)
