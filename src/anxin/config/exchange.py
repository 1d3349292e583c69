"""Which telephone exchange this instance works with: `ANXIN_TELEPHONE_URL`, one address that says it all."""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from anxin.foundation.channels.data import Exchange, Protocol

# scheme → (protocol, TLS, port)
_SCHEMES = {
    "ami": (Protocol.AMI, False, 5038), "amis": (Protocol.AMI, True, 5039),
    "ari+http": (Protocol.ARI, False, 8088), "ari+https": (Protocol.ARI, True, 8089),
}  # fmt: skip
_MORE = {"system": r"[\w.-]{1,20}", "seats": r".{1,60}", "technology": r"\w{1,20}", "context": r"[\w.-]{1,80}",
         "application": r"[\w.-]{1,40}"}  # fmt: skip


def from_environment() -> Exchange | None:
    """None without `ANXIN_TELEPHONE_URL`. The message of an error never repeats the address: it holds the secret."""
    url = os.environ.get("ANXIN_TELEPHONE_URL", "")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        protocol, is_tls, port = _SCHEMES[parts.scheme]
        more = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        if not parts.hostname or not parts.username or not parts.password:
            raise ValueError
        if any(name not in _MORE or not re.fullmatch(_MORE[name], value) for name, value in more.items()):
            raise ValueError
        re.compile(more.get("seats", ""))
        return Exchange(
            protocol=protocol, host=parts.hostname, port=parts.port or port, user=unquote(parts.username),
            secret=unquote(parts.password), is_tls=is_tls, **more,
        )  # fmt: skip
    except (KeyError, ValueError, re.error):
        raise ImproperlyConfigured(
            "ANXIN_TELEPHONE_URL must look like ami://user:secret@host:5038?context=from-internal "
            "(or amis, ari+http, ari+https); known after the question mark: " + ", ".join(_MORE) + "."
        ) from None
