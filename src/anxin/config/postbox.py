"""How mail leaves this instance: `ANXIN_MAIL_URL`, one address that says server, account and encryption."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_BACKENDS = "django.core.mail.backends"
# scheme → (port, STARTTLS, TLS from the first byte)
_SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtps": (465, False, True)}


@dataclass(frozen=True, kw_only=True)
class Postbox:
    """What Django's mail settings want. `is_set` is False where nothing that is sent would arrive."""

    backend: str
    is_set: bool
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def from_environment(*, is_demo: bool) -> Postbox:
    """Read `ANXIN_MAIL_URL` (`smtp://`, `smtp+tls://`, `smtps://`) or a Django backend named in `ANXIN_EMAIL_BACKEND`.

    Without either a demo prints mail to its window and any other instance sends none.
    """
    url, backend = os.environ.get("ANXIN_MAIL_URL", ""), os.environ.get("ANXIN_EMAIL_BACKEND", "")
    if url:
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ImproperlyConfigured("ANXIN_MAIL_URL must look like smtp+tls://user:password@host:587.")
        port, starts_tls, is_tls = _SCHEMES[parts.scheme]
        return Postbox(
            backend=f"{_BACKENDS}.smtp.EmailBackend", is_set=True, host=parts.hostname, port=parts.port or port,
            user=unquote(parts.username or ""), password=unquote(parts.password or ""), starts_tls=starts_tls,
            is_tls=is_tls,
        )  # fmt: skip
    if backend:
        return Postbox(backend=backend, is_set=not backend.endswith(("console.EmailBackend", "dummy.EmailBackend")))
    if is_demo:
        return Postbox(backend=f"{_BACKENDS}.console.EmailBackend", is_set=True)
    return Postbox(backend=f"{_BACKENDS}.dummy.EmailBackend", is_set=False)
