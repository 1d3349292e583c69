"""How many API calls a token and its owner may make in a minute, whichever process they reach.

A process takes calls from the shared count in small blocks and hands them out from memory: most calls cost no
statement, nobody ever makes more than the limit, and what a process did not use (at most a fiftieth of the limit) is
lost when the minute ends.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from anxin.foundation.accounts.models import CallCount

MINUTE = 60
BLOCKS = 50
KEPT = timedelta(minutes=10)

_lock = threading.Lock()
_minute = 0
_free: dict[UUID, int] = {}  # calls this process may still hand out in this minute; -1: the limit is reached


def take_call(*, limits: Mapping[UUID, int], now: datetime) -> int:
    """Count one call against every subject (token id, user id → calls per minute; 0: no limit).

    Returns 0 when the call may go on, else the seconds until it may be tried again.
    """
    global _minute
    minute = int(now.timestamp()) // MINUTE
    for subject, limit in limits.items():
        if not limit:
            continue
        with _lock:
            if minute != _minute:
                _minute = minute
                _free.clear()
            free = _free.get(subject, 0)
            if free > 0:
                _free[subject] = free - 1
        if free < 0 or (free == 0 and not _take_block(subject, limit, minute)):
            return MINUTE - int(now.timestamp()) % MINUTE
    return 0


def _take_block(subject: UUID, limit: int, minute: int) -> bool:
    size = max(1, limit // BLOCKS)
    taken = _add(subject, limit, minute, size)
    if not taken:
        CallCount.objects.bulk_create([CallCount(subject=subject, minute=minute, calls=0)], ignore_conflicts=True)
        taken = _add(subject, limit, minute, size)
    with _lock:
        if minute == _minute:
            # Another thread may have taken a block meanwhile: both count.
            _free[subject] = max(0, _free.get(subject, 0)) + size - 1 if taken else -1
    return taken


def _add(subject: UUID, limit: int, minute: int, size: int) -> bool:
    room = CallCount.objects.filter(subject=subject, minute=minute, calls__lte=limit - size)
    return bool(room.update(calls=F("calls") + size))


def drop_old_counts(*, now: datetime) -> None:
    CallCount.objects.filter(minute__lt=int((now - KEPT).timestamp()) // MINUTE).delete()
