"""What every command needs first: the database up, Django ready."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from anxin.config import embedded


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """Database running and Django set up; the database stops with the last process that uses it."""
    with embedded.server_if_needed():
        import django

        django.setup()
        yield
