"""Who sees runs and may start one."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.book.segments.models import Run
from anxin.kernel.actor import Actor


def visible_runs(actor: Actor) -> QuerySet[Run]:
    """Runs hold counts of the whole company: whoever sees classes may know when they were made."""
    actor.require("segments.view")
    return Run.objects.all()
