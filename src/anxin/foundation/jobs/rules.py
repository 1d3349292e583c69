"""When a job may be taken, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from anxin.foundation.jobs.data import JobState

LEASE = timedelta(seconds=15)
HEARTBEAT = timedelta(seconds=5)
# A worker that was stopped inside a transaction holds its row locks: the server ends such a session after this long.
LONGEST_IDLE_TRANSACTION = timedelta(seconds=60)
MOST_ATTEMPTS = 3
# A job that waits longer than this without a place in the queue lost it (killed between taking and claiming).
WAITING_IS_LOST_AFTER = timedelta(seconds=20)


def may_be_taken(state: JobState, lease_until: datetime | None, now: datetime) -> bool:
    """True for work nobody does: waiting, or its worker let the lease run out."""
    if state is JobState.WAITING:
        return True
    return state is JobState.RUNNING and (lease_until is None or lease_until <= now)


def is_given_up(attempt: int) -> bool:
    """True when the work has been begun as often as it may: what kills every worker must not kill them for ever."""
    return attempt >= MOST_ATTEMPTS
