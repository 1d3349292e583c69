"""Answers when something went wrong. They must work without database, session and context processors."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from django_stubs_ext import StrOrPromise

from anxin.kernel import clock

KNOWN: Final = (400, 403, 404, 405, 409, 413, 429, 500, 503)


def answer(request: HttpRequest, status: int, *, detail: StrOrPromise = "") -> HttpResponse:
    """The page of an error: what, number of the request, time, way out. `detail` replaces the usual explanation."""
    with override(getattr(request, "LANGUAGE_CODE", None) or "zh-hans"):
        html = render_to_string(
            "ui/error.html",
            {
                "status": status,
                "detail": detail,
                "reference": request.META.get("ANXIN_REQUEST_REF", ""),
                "at": clock.now(),
                "csp_nonce": getattr(request, "csp_nonce", None),
            },
        )
    return HttpResponse(html, status=status)


def heading(status: int) -> str:
    return {
        400: gettext("This request cannot be understood"),
        403: gettext("You do not have permission for this page"),
        404: gettext("This page does not exist, or you may not see it"),
        405: gettext("This address does not answer that kind of request"),
        409: gettext("Someone else was faster"),
        413: gettext("The file is too large"),
        429: gettext("Too many requests"),
        503: gettext("The service is not available for a moment"),
    }.get(status, gettext("Something went wrong on our side"))


def explanation(status: int) -> str:
    return {
        400: gettext("Something in the address or the form was incomplete. Go back and try again."),
        403: gettext("If you need it for your work, ask your administrator for the role and give the number below."),
        404: gettext("The link may be old, or the record was merged or belongs to another unit."),
        405: gettext("Go back and use the buttons of the page."),
        409: gettext("The record was changed while you worked on it. Go back, reload and compare."),
        413: gettext("Make the file smaller or split it, then send it again."),
        429: gettext("Wait a minute and try again."),
        503: gettext("Your work up to the last saved step is safe. This page tries again by itself in ten seconds."),
    }.get(
        status,
        gettext("The error has been recorded. Try again; if it stays, give your administrator the number below."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500)
