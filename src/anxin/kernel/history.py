"""Keeping what a row was before a change or deletion, by statement-level triggers (so bulk and SQL writes count too).

Inserts leave no history row: a row that was never changed is its own history, and an import of millions would
otherwise write everything twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import pghistory
from django.db import models

ModelClass = TypeVar("ModelClass", bound=type[models.Model])


def keeps_history(
    *, exclude: Sequence[str] = (), with_inserts: bool = False, unasked: Sequence[str] = ()
) -> Callable[[ModelClass], ModelClass]:
    """Class decorator: store the old row of every update and delete in `<Model>Event`.

    `exclude` names columns without worth as history (search terms, secrets). `with_inserts` also stores new rows, for
    tables whose very existence is a decision (grants, posts). `unasked` names foreign keys by which nobody looks for
    old rows: they get no index, which every change would pay for.
    """
    trackers = [
        pghistory.UpdateEvent(row=pghistory.Old, level=pghistory.Statement),
        pghistory.DeleteEvent(level=pghistory.Statement),
    ]
    if with_inserts:
        trackers.append(pghistory.InsertEvent(level=pghistory.Statement))
    tracked: Callable[[ModelClass], ModelClass] = pghistory.track(*trackers, exclude=list(exclude) or None)

    def decorate(model: ModelClass) -> ModelClass:
        found = tracked(model)
        columns = cast(Any, found).pgh_event_model._meta
        for name in unasked:
            columns.get_field(name).db_index = False
        return found

    return decorate
