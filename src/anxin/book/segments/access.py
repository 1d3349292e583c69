"""Who sees runs and segments, and may start or keep one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.book.segments.models import Run, Segment
from anxin.kernel.actor import Actor


def visible_runs(actor: Actor) -> QuerySet[Run]:
    """Runs hold counts of the whole company: whoever sees classes may know when they were made."""
    actor.require("segments.view")
    return Run.objects.all()


def visible_segments(actor: Actor) -> QuerySet[Segment]:
    """One's own and the shared ones. Everybody finds their own customers in a shared one."""
    actor.require("segments.view")
    return Segment.objects.filter(Q(owner_id=actor.user_id) | Q(is_shared=True))


def get_segment(actor: Actor, segment_id: UUID) -> Segment:
    """Raises Segment.DoesNotExist for what is not there and for what is not the actor's."""
    return visible_segments(actor).get(pk=segment_id)
