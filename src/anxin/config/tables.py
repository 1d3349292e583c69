"""Bringing the tables up to date, in the time it needs."""

from __future__ import annotations

import copy
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from django.db.models import Field
from django.utils.functional import cached_property


@contextmanager
def quickly() -> Iterator[None]:
    """Around `migrate`: no search for garbage, and fields copied instead of made anew."""
    with _without_collecting(), _copying_fields():
        yield


@contextmanager
def _without_collecting() -> Iterator[None]:
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


@contextmanager
def _copying_fields() -> Iterator[None]:
    """For every model built anew Django takes its fields apart and makes them again: half of what was left. A field
    that belongs to no model yet can be copied instead."""
    kind: Any = Field
    made_anew = kind.clone

    def copied(field: Any) -> Any:
        if hasattr(field, "model"):
            return made_anew(field)
        twin, own = copy.deepcopy(field), cast(Any, type(field))
        for name in _derived(own) & twin.__dict__.keys():
            del twin.__dict__[name]
        # The order of columns is that in which fields were made.
        twin.creation_counter = kind.creation_counter
        kind.creation_counter += 1
        return twin

    kind.clone = copied
    try:
        yield
    finally:
        kind.clone = made_anew


@cache
def _derived(kind: Any) -> frozenset[str]:
    """What a field has worked out and kept, which holds for the states it was worked out in."""
    return frozenset(
        name for base in kind.__mro__ for name, value in vars(base).items() if isinstance(value, cached_property)
    )
