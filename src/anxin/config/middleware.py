"""What every request passes: outage answers, who acts, which language, whose change it is."""

from __future__ import annotations

import logging
import select
import uuid
from collections.abc import Callable
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth import logout
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from anxin.config import signin
from anxin.foundation.accounts import services as accounts
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.web import errors

Answer = Callable[[HttpRequest], HttpResponse]
# What a value raises that no column can hold: a NUL, half of a surrogate pair, a number or a day out of range.
UNFIT = (DataError, UnicodeEncodeError)
WITHOUT_ACTOR = ("/static/", "/health/", "/api/")
OPEN_WITHOUT_SECOND_FACTOR = ("/accounts/", "/i18n/")


class DatabaseOutage:
    """503 with a retry hint instead of 500 while the database is away."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["ANXIN_REQUEST_REF"] = uuid.uuid4().hex[:12]
        _let_go_if_lost()
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


def _let_go_if_lost() -> None:
    """Close the kept connection if the server hung up meanwhile, so that the request opens another.

    An idle connection has nothing to read but the end. Django's own check is a query with every request.
    """
    kept: Any = connection.connection
    if kept is None or connection.in_atomic_block:
        return
    if not kept.closed:
        waiting = select.poll()
        waiting.register(kept.fileno(), select.POLLIN)
        if not waiting.poll(0):
            return
    connection.close()


class UnfitValue:
    """400 instead of 500 when the address or a form held what the database cannot store or compare with.

    Forms refuse most of it by themselves; this is for what pages read straight from the address.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, UNFIT):
            return None
        # Without the value: it may be somebody's ID number.
        logging.getLogger("anxin").warning("A value that fits no column: %s %s", request.method, request.path)
        return errors.answer(request, 400)


class SignedInActor:
    """Sets `request.actor` (None when signed out); ends idle and too old sessions; asks for the second factor.

    Costs two queries besides those of session and user. The API has its own caller: a session does not count there.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if request.path.startswith(WITHOUT_ACTOR) or not request.user.is_authenticated:
            return self.get_response(request)
        if accounts.is_over(
            request.session, now=clock.now(), idle=settings.SESSION_IDLE, absolute=settings.SESSION_ABSOLUTE
        ):
            logout(request)
            return self.get_response(request)
        signed_on = org.sign_on(
            request.user,
            today=clock.today(),
            address=signin.client_address(request),
            request_ref=request.META.get("ANXIN_REQUEST_REF", ""),
        )
        request.actor = signed_on.actor  # type: ignore[attr-defined]
        request.posts = signed_on.posts  # type: ignore[attr-defined]
        if settings.MFA_REQUIRED and not request.path.startswith(OPEN_WITHOUT_SECOND_FACTOR):
            missing = self._second_factor(request)
            if missing is not None:
                return missing
        return self.get_response(request)

    @staticmethod
    def _second_factor(request: HttpRequest) -> HttpResponse | None:
        """None for a session that passed a second factor. Having one is not enough: this session must have used it."""
        if accounts.has_passed_second_factor(request.session):
            return None
        from allauth.mfa.utils import is_mfa_enabled

        if is_mfa_enabled(request.user):
            logout(request)
            return redirect(reverse("account_login"))
        return redirect(reverse("mfa_activate_totp"))


class Language:
    """The user's stored language, else the cookie's, else the site's. Never the browser's: Chinese comes first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = dict(settings.LANGUAGES)
        user: Any = getattr(request, "user", None)
        wanted = user.language if user is not None and user.is_authenticated else ""
        if wanted not in known:
            wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
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
