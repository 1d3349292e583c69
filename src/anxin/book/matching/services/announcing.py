"""Telling rooms above that files were merged or separated. Called inside the transaction that does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from anxin.book.matching.events import Regrouped
from anxin.kernel import outbox

# Keys in one event: a run of linking merges a hundred thousand files.
PART: Final = 1_000


def regrouped(files: Sequence[UUID]) -> None:
    """`files`: those that became part of another or stand for themselves again, and those they were or are part of."""
    keys = sorted(set(files))
    for start in range(0, len(keys), PART):
        outbox.publish(Regrouped.of(keys[start : start + PART]))
