"""What others ask or tell this room: an import came in, or was taken back, and what lists and files show of these
customers is judged again, once for all; files were merged or separated: these customers alone are; and what the
premium tiers are called today."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from procrastinate import exceptions as queue_errors

from anxin.book.matching.events import Regrouped
from anxin.book.segments import tasks
from anxin.book.segments.queries import runs
from anxin.book.segments.services import following
from anxin.foundation.intake.events import BatchFinished, BatchUndone
from anxin.kernel import clock

KINDS: Final = frozenset({"customer", "relation", "policy", "claim", "touchpoint", "consent", "complaint"})
# Files come in rows of a dozen, and what they brought is linked first.
QUIET: Final = timedelta(minutes=1)
# Whoever works off likely duplicates merges one every few seconds.
SOON: Final = timedelta(seconds=20)


def batch_finished(event: BatchFinished) -> None:
    _follow(event)


def batch_undone(event: BatchUndone) -> None:
    _follow(event)


def regrouped(event: Regrouped) -> None:
    """Files were merged or separated: these customers alone are judged again."""
    following.note(event.keys, now=clock.now())
    try:
        with transaction.atomic():
            tasks.catch_up.configure(schedule_in={"seconds": int(SOON.total_seconds())}).defer()
    except queue_errors.AlreadyEnqueued:
        return


def names_of_tiers() -> dict[str, tuple[str, str]]:
    """Chinese and English name by code, lowest tier first."""
    return {tier.code: (tier.name_zh, tier.name_en) for tier in runs.tiers(on=clock.today())}


def _follow(event: BatchFinished | BatchUndone) -> None:
    if not KINDS & set(event.kinds_of):
        return
    try:
        with transaction.atomic():
            tasks.follow.configure(schedule_in={"seconds": int(QUIET.total_seconds())}).defer()
    except queue_errors.AlreadyEnqueued:
        return
