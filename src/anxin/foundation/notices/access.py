"""Notices are seen by the user they are for, and by nobody else."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.foundation.notices.models import Notice
from anxin.kernel.actor import Actor


def visible_notices(actor: Actor) -> QuerySet[Notice]:
    actor.require("notices.view")
    if actor.user_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(user_id=actor.user_id)
