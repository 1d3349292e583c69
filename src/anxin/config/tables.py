"""Bringing the tables up to date, in the time it needs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """No search for garbage meanwhile: migrating builds models anew tens of thousands of times, all of them cyclic, and
    looking for what is free among them takes two fifths of the time. What it leaves is collected at the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect()
