"""Agents who call back in processes of their own (`tests.another`)."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

from tests.build import NOW


def take_all(user_id: UUID, guarded: bool) -> list[str]:
    """Take call-backs until none is left. `guarded` False: the negative control, without lock and compare-and-set."""
    from anxin.foundation.accounts.models import User
    from anxin.service.callbacks.data import NothingToCall
    from anxin.service.callbacks.services import calling
    from tests import build

    if not guarded:
        calling.locked = lambda rows: rows.order_by("due_at", "id").first()
        calling.change = _without_asking
    actor = build.actor(User.objects.get(pk=user_id))
    taken = []
    with contextlib.suppress(NothingToCall):
        while True:
            taken.append(str(calling.take_next(actor=actor, now=NOW).pk))
    return taken


def finish(user_id: UUID, call_back_id: UUID, version: int, guarded: bool) -> str:
    """End the same call-back with what everybody saw; "done", or the kind of refusal."""
    from anxin.foundation.accounts.models import User
    from anxin.kernel.states import IllegalTransition, StaleState
    from anxin.service.callbacks.models import CallBack
    from anxin.service.callbacks.services import calling
    from tests import build

    if not guarded:
        calling.change = _without_asking
        CallBack.objects.select_for_update = lambda: _Unlocked(version)
    actor = build.actor(User.objects.get(pk=user_id))
    try:
        calling.finish(actor=actor, now=NOW, call_back_id=call_back_id, version=version)
    except (StaleState, IllegalTransition):
        return "refused"
    return "done"


def resolve(ticket_id: UUID, party_id: UUID, guarded: bool) -> None:
    """A ticket of the customer is solved. `guarded` False: the negative control, without the lock."""
    import time

    from anxin.service.callbacks import services
    from anxin.service.callbacks.services import following, generation

    if not guarded:
        generation.hold = lambda: None
    making = following.plan

    def slowly(**columns: Any) -> Any:
        time.sleep(0.3)
        return making(**columns)

    following.plan = slowly
    services.ticket_resolved(now=NOW, ticket_id=ticket_id, party_id=party_id)


class _Unlocked:
    """Looks as the row did before anybody wrote."""

    def __init__(self, version: int) -> None:
        self.version, self.ended_at = version, None

    def get(self, **_which: Any) -> _Unlocked:
        return self


def _without_asking(row: Any, version: int, **columns: Any) -> None:
    """What a save without compare-and-set does: write back what was read."""
    import time

    from anxin.service.callbacks.models import CallBack

    time.sleep(0.02)
    CallBack.objects.filter(pk=row.pk).update(**columns, version=version + 1)
    for name, value in columns.items():
        setattr(row, name, value)
    row.version = version + 1
