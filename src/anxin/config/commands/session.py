"""What every command needs first: the database up, Django ready."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click

from anxin.config import embedded


def ensure_catalogues() -> None:
    """Compile translations that are missing or older than their source; the pages would else fall back to English.

    Raises ClickException where they are missing and may not be written (an installation owned by somebody else).
    """
    from anxin.config.settings import PACKAGE
    from anxin.kernel.web import catalogues

    try:
        catalogues.compile_stale(PACKAGE)
    except OSError as error:
        if missing := catalogues.missing(PACKAGE):
            raise click.ClickException(
                f"The translations are not compiled ({missing[0]} and {len(missing) - 1} more) and cannot be written "
                f"here ({error.strerror}): run `make setup` as the owner of the installation."
            ) from error


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """Database running and Django set up; the database stops with the last process that uses it."""
    with embedded.server_if_needed():
        import django

        django.setup()
        yield
