"""What every request passes: outage answers, who acts, which language, whose change it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth import logout
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from anxin.foundation.org import queries as org
from anxin.kernel import clock

Answer = Callable[[HttpRequest], HttpResponse]
OPEN_WITHOUT_SECOND_FACTOR = ("/accounts/", "/i18n/", "/static/", "/health/")


class DatabaseOutage:
    """503 with a retry hint instead of 500 while the database is away."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["ANXIN_REQUEST_REF"] = uuid.uuid4().hex[:12]
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return self.outage(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            return self.outage(request)
        return None

    def outage(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            response: HttpResponse = HttpResponse(
                '{"error": "database_unavailable", "detail": "The database is not available. Try again shortly."}',
                content_type="application/json",
            )
        else:
            # No context processors: they would ask the database.
            from django.template.loader import render_to_string

            response = HttpResponse(render_to_string("ui/outage.html"))
        response.status_code = 503
        response["Retry-After"] = "10"
        return response


class SignedInActor:
    """Sets `request.actor` (None when signed out); ends idle and too old sessions; asks for the second factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        user: Any = getattr(request, "user", None)
        if request.path.startswith("/static/") or user is None or not user.is_authenticated:
            return self.get_response(request)
        now = clock.now()
        if self._is_over(request, now):
            logout(request)
            return self.get_response(request)
        request.actor = org.actor_for(  # type: ignore[attr-defined]
            user,
            today=clock.today(),
            address=request.META.get("REMOTE_ADDR", ""),
            request_ref=request.META.get("ANXIN_REQUEST_REF", ""),
        )
        if settings.MFA_REQUIRED and not request.path.startswith(OPEN_WITHOUT_SECOND_FACTOR):
            from allauth.mfa.utils import is_mfa_enabled

            if not is_mfa_enabled(user):
                return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    @staticmethod
    def _is_over(request: HttpRequest, now: datetime) -> bool:
        session = request.session
        began = session.setdefault("began", now.timestamp())
        seen = session.get("seen", now.timestamp())
        if now.timestamp() - began > settings.SESSION_ABSOLUTE.total_seconds():
            return True
        if now.timestamp() - seen > settings.SESSION_IDLE.total_seconds():
            return True
        # Written once a minute, not with every request: polling pages would otherwise write all day.
        if now.timestamp() - seen > 60 or "seen" not in session:
            session["seen"] = now.timestamp()
        return False


class Language:
    """The cookie's language, else the user's, else the site's. Never the browser's: the product speaks Chinese first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = dict(settings.LANGUAGES)
        user: Any = getattr(request, "user", None)
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if wanted not in known and user is not None and user.is_authenticated:
            wanted = user.language
        language = wanted if wanted in known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class HistoryContext:
    """Every row change made in an unsafe request remembers who made it and in which request."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if request.method in {"GET", "HEAD", "OPTIONS"} or actor is None:
            return self.get_response(request)
        with pghistory.context(actor=str(actor.user_id), name=actor.display_name, request=actor.request_ref):
            return self.get_response(request)


def not_permitted(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "ui/error.html", {"status": 403}, status=403)
