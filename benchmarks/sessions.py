"""Signed-in sessions for clients of a benchmark, without the page of signing in."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any


def cookie(user: Any, now: datetime) -> str:
    """The `Cookie` header of a browser in which `user` is signed in and that has seen a page before.

    Sent with `X-CSRFToken: <token_of(cookie)>` it may also write.
    """
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils.crypto import get_random_string

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["began"] = session["seen"] = now.timestamp()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={get_random_string(32)}"


def token_of(cookie: str) -> str:
    """The token against forged requests in a header made by `cookie`."""
    return cookie.rpartition("=")[2]
