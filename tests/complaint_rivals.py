"""A move of a complaint in a process of its own (`tests.another`)."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

RIVALS = 4


def review(user_id: UUID, ref: str, meeting: str, guarded: bool) -> str:
    """Pass the review; says what came of it. Every rival has read the complaint before the first of them writes.

    Unguarded: as if nobody looked at the state and version on record, nor numbered the history by it.
    """
    from anxin.foundation.accounts.models import User
    from anxin.kernel.states import IllegalTransition, StaleState
    from anxin.service.complaints import services
    from anxin.service.complaints.models import Complaint
    from anxin.service.complaints.services import stored
    from tests import build

    conditional = stored.save

    def save(row: Complaint, version: int, before: str, **changes: Any) -> None:
        _meet(Path(meeting))
        if guarded:
            conditional(row, version, before, **changes)
        else:
            Complaint.objects.filter(pk=row.pk).update(state=row.state)
            row.version = version + os.getpid()

    stored.save = save
    try:
        services.move(
            actor=build.actor(User.objects.get(pk=user_id)), now=build.NOW + timedelta(hours=1), ref=ref,
            action="review", version=1, facts={"severity": "plain"},
        )  # fmt: skip
    except (StaleState, IllegalTransition) as error:
        return type(error).__name__
    return "done"


def _meet(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    limit = time.monotonic() + 30
    while len(list(folder.iterdir())) < RIVALS:
        if time.monotonic() > limit:
            raise TimeoutError("The other rivals did not come.")
        time.sleep(0.01)
