"""Agents at the desk in processes of their own (`tests.another`)."""

from __future__ import annotations

import contextlib
import random
from typing import Any
from uuid import UUID

from tests.build import NOW


def take_all(user_id: UUID, guarded: bool) -> list[str]:
    """Take tickets until none is left. `guarded` False: the negative control, without lock and compare-and-set."""
    from anxin.foundation.accounts.models import User
    from anxin.service.desk import services
    from anxin.service.desk.services import moves, taking
    from tests import build

    if not guarded:
        taking.locked = lambda rows, queue: rows.filter(queue=queue, state="new", owner__isnull=True)[:1]
        moves.change = _without_asking
    actor = build.actor(User.objects.get(pk=user_id))
    taken = []
    with contextlib.suppress(services.NothingToTake):
        while True:
            taken.append(str(services.take_next(actor=actor, now=NOW, queues=["general"]).pk))
    return taken


def edit(user_id: UUID, ticket_id: UUID, times: int, guarded: bool) -> dict[str, Any]:
    """Add notes, each on the version last seen; note what was acknowledged and what was refused."""
    from anxin.foundation.accounts.models import User
    from anxin.kernel.states import StaleState
    from anxin.service.desk import services
    from anxin.service.desk.data import MessageKind
    from anxin.service.desk.models import Ticket
    from anxin.service.desk.services import moves
    from tests import build

    if not guarded:
        moves.change = _without_asking
    actor = build.actor(User.objects.get(pk=user_id))
    dice = random.Random(str(user_id))
    done, refused = [], 0
    version = Ticket.objects.values_list("version", flat=True).get(pk=ticket_id)
    for number in range(times):
        text = f"{user_id}:{number}"
        try:
            seen = services.say(
                actor=actor, now=NOW, ticket_id=ticket_id, kind=MessageKind.NOTE, body=text, version=version
            )
            done.append(text)
            version = seen.version
        except StaleState as error:
            refused += 1
            version = error.version
        if dice.random() < 0.2:
            version = Ticket.objects.values_list("version", flat=True).get(pk=ticket_id)
    return {"done": done, "refused": refused}


def _without_asking(ticket: Any, version: int, **columns: Any) -> None:
    """What a save without compare-and-set does: write back what was read."""
    from anxin.service.desk.models import Ticket

    Ticket.objects.filter(pk=ticket.pk).update(**columns, version=version + 1)
    ticket.version = version + 1
