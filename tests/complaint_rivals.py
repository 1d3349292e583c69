"""A move of a complaint in a process of its own (`tests.another`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID


def review(user_id: UUID, ref: str, guarded: bool) -> str:
    """Pass the review; says what came of it. Unguarded: as if nobody looked at the version that is on record."""
    from django.db.models import F

    from anxin.foundation.accounts.models import User
    from anxin.kernel.states import IllegalTransition, StaleState
    from anxin.service.complaints import services
    from anxin.service.complaints.models import Complaint, Move
    from anxin.service.complaints.services import stored
    from tests import build

    actor = build.actor(User.objects.get(pk=user_id))
    if not guarded:

        def save(row: Complaint, version: int, before: str, **changes: Any) -> None:
            Complaint.objects.filter(pk=row.pk).update(version=F("version") + 1, state=row.state)
            row.version = Move.objects.filter(complaint=row.pk).count() + 100 + hash(user_id) % 10_000

        stored.save = save
    seen = Complaint.objects.get(ref=ref)
    # Everybody saw the same version, as with a button pressed twice.
    try:
        services.move(
            actor=actor, now=build.NOW + timedelta(hours=1), ref=seen.ref, action="review", version=1,
            facts={"severity": "plain"},
        )  # fmt: skip
    except (StaleState, IllegalTransition) as error:
        return type(error).__name__
    return "done"
