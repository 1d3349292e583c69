"""The clock. Only edges (pages, api, tasks, commands) read it; everything below is given `now`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen_at: ContextVar[datetime | None] = ContextVar("anxin_frozen_at", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen_at.get() or datetime.now(UTC)


def today(tz: str = "Asia/Shanghai") -> date:
    """The calendar day it is now in `tz` (an IANA name)."""
    return now().astimezone(ZoneInfo(tz)).date()


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Hold the clock at `at` (aware) for tests.

    Context-local: a thread started inside sees the real clock, unless it runs in `contextvars.copy_context()`.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("frozen() needs an aware datetime; give it a timezone.")
    token = _frozen_at.set(at.astimezone(UTC))
    try:
        yield at.astimezone(UTC)
    finally:
        _frozen_at.reset(token)
