"""Who works on a batch. One holder at a time; whoever lost the hold writes nothing more.

Every write of a worker is one UPDATE that demands its own name as the holder. A worker that was stopped and comes back
after another took over finds another name there, and its whole portion is rolled back with it.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q

from anxin.foundation.intake.data import BatchState
from anxin.foundation.intake.models import Batch
from anxin.foundation.intake.rules import timing
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.services import announcing

Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Another worker has taken the batch over, or it was stopped. Write nothing more."""


@dataclass(frozen=True)
class Hold:
    """The hold on a batch in one state."""

    batch_id: UUID
    holder: str
    state: BatchState
    clock: Clock
    lease: timedelta = timing.LEASE

    def write(self, **changes: Any) -> None:
        """Change the batch, and go on holding it; LeaseLost when it is not ours any more."""
        changes.setdefault("lease_until", self.clock() + self.lease)
        if not self._mine().update(**changes):
            raise LeaseLost(str(self.batch_id))

    def check(self) -> None:
        if not self._mine().exists():
            raise LeaseLost(str(self.batch_id))

    def release(self) -> None:
        """Let somebody else take it at once."""
        self._mine().update(lease_until=None, lease_holder="")

    def _mine(self) -> Any:
        return Batch.objects.filter(pk=self.batch_id, lease_holder=self.holder, state=self.state)


def take(batch_id: UUID, state: BatchState, clock: Clock, lease: timedelta = timing.LEASE) -> Hold | None:
    """Hold the batch if it is in `state` and nobody living holds it; None otherwise.

    Raises FileRefused when it was begun too often without coming further.
    """
    now = clock()
    holder = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(6)}"[:60]
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    taken = Batch.objects.filter(free, pk=batch_id, state=state).update(
        lease_holder=holder, lease_until=now + lease, attempts=F("attempts") + 1
    )
    if not taken:
        return None
    hold = Hold(batch_id, holder, state, clock, lease)
    attempts = Batch.objects.values_list("attempts", flat=True).get(pk=batch_id)
    if attempts > timing.MOST_ATTEMPTS:
        with transaction.atomic():
            hold.write(**over(BatchState.FAILED, clock(), FileRefused("attempts", attempts=timing.MOST_ATTEMPTS)))
            if state is BatchState.RUNNING:
                announcing.finished(batch_id)
        return None
    return hold


def over(state: BatchState, now: datetime, refusal: FileRefused | None = None) -> dict[str, Any]:
    """The changes that end the work on a batch."""
    from anxin.foundation.intake.rules.problems import FILE_HINTS

    return {
        "state": state,
        "finished_at": now,
        "lease_until": None,
        "lease_holder": "",
        "attempts": 0,
        "is_cancel_wanted": False,
        "message": FILE_HINTS[refusal.code] if refusal else "",
        "message_values": dict(refusal.values_of) if refusal else {},
    }


class heartbeat:  # noqa: N801 - used like a function
    """Keeps the hold alive from a thread of its own while the work is inside one long portion."""

    def __init__(self, hold: Hold, every: timedelta = timing.HEARTBEAT) -> None:
        self._hold, self._every = hold, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{hold.batch_id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=self._every.total_seconds())

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._every.total_seconds()):
                try:
                    with transaction.atomic():
                        with connection.cursor() as cursor:
                            # The work may be committing its own change of the row: no need to queue up behind it.
                            cursor.execute("SET LOCAL lock_timeout = '2s'")
                        with suppress(LeaseLost):
                            self._hold.write()
                except (OperationalError, InterfaceError):
                    connection.close()
        finally:
            connection.close()


def end_idle_transactions() -> None:
    """Inside a portion's transaction: let the server end this session when the process no longer speaks, so that the
    rows it locked are free for whoever takes over."""
    milliseconds = int(timing.LONGEST_IDLE_TRANSACTION.total_seconds() * 1000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [str(milliseconds)])
