"""Response headers of every page: content security policy, isolation, no caching of what was seen signed in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def policy(nonce: str) -> str:
    """The policy of a page. `data:` images are the arrow of select boxes and QR codes; nothing else may be embedded."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "object-src 'none'",
        )
    )


class ContentSecurityPolicy:
    """Sets `request.csp_nonce` and the headers. Stands before the session middleware: it looks at the answer last.

    A response that brings its own header keeps it: a page that scans codes sends its own Permissions-Policy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(18)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy(nonce))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if reference := request.META.get("ANXIN_REQUEST_REF"):
            response.headers.setdefault("X-Request-ID", reference)
        if _is_personal(request):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _is_personal(request: HttpRequest) -> bool:
    if "Authorization" in request.headers:
        return True
    session = getattr(request, "session", None)
    # Only what the view has already loaded or what the cookie names; an anonymous visitor costs no query.
    return session is not None and bool(session.session_key) and SESSION_KEY in session
