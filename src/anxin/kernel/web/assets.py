"""Files from other projects that are fetched at build time. A page without them must work, so each is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage


@lru_cache(maxsize=64)
def _known(path: str) -> str:
    manifest = getattr(staticfiles_storage, "hashed_files", None)
    if manifest is not None and not settings.DEBUG:
        # Manifest storage raises on a file it does not know; here absence is an ordinary case.
        return staticfiles_storage.url(path) if path in manifest else ""
    return staticfiles_storage.url(path) if finders.find(path) else ""


def vendor_url(name: str) -> str:
    """Address of `static/vendor/<name>`, or "" when it was never fetched."""
    return _known(f"vendor/{name}")


_when_forgotten: list[Callable[[], None]] = []


def when_forgotten(forget_too: Callable[[], None]) -> None:
    """What holds addresses of fetched files drops them when they are looked up again."""
    _when_forgotten.append(forget_too)


def forget() -> None:
    """Look again: for tests, and after the files were fetched while the server runs."""
    _known.cache_clear()
    for forget_too in _when_forgotten:
        forget_too()
