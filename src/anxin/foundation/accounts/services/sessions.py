"""How long a session lives, and what it has shown."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession

from anxin.foundation.accounts.models import CacheEntry
from anxin.foundation.accounts.services.calls import drop_old_calls
from anxin.foundation.accounts.services.limits import drop_old_counts

NOTE_EVERY = timedelta(minutes=1)


def begin_session(session: MutableMapping[str, Any], *, now: datetime) -> None:
    session["began"] = session["seen"] = now.timestamp()


def is_over(session: Any, *, now: datetime, idle: timedelta, absolute: timedelta) -> bool:
    """Whether a session lay idle too long or is too old; otherwise notes, at most once a minute, that it is in use."""
    if "began" not in session:
        begin_session(session, now=now)
    moment = now.timestamp()
    if moment - session["began"] > absolute.total_seconds() or moment - session["seen"] > idle.total_seconds():
        return True
    # Not with every request: pages that poll would otherwise write all day.
    if moment - session["seen"] > NOTE_EVERY.total_seconds():
        session["seen"] = moment
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=now)
    return False


def pass_second_factor(session: MutableMapping[str, Any]) -> None:
    session["second_factor"] = True


def forget_second_factor(session: MutableMapping[str, Any]) -> None:
    session.pop("second_factor", None)


def has_passed_second_factor(session: MutableMapping[str, Any]) -> bool:
    return session.get("second_factor") is True


def drop_expired(*, now: datetime) -> None:
    """Forget shared-cache entries past their time, and API answers kept long enough."""
    drop_old_calls(now=now)
    drop_old_counts(now=now)
    # Django removes an expired entry only when somebody asks for it or when the table is full.
    CacheEntry.objects.filter(expires__lt=now).delete()
