"""Customers change hands, many at once. Decided elsewhere (`service.managers`); written here, with history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import polars as pl
from django.db import transaction

from anxin.book.customers import access
from anxin.book.customers.models import Custody, Party
from anxin.foundation.audit import services as audit
from anxin.kernel import bulk
from anxin.kernel.actor import Actor, NotPermitted

BEYOND: Final = "customers.assign_beyond"


@dataclass(frozen=True, kw_only=True)
class Room:
    """How many more of these customers a manager can carry, and the load after all of them, in per cent; None for a
    manager who is to carry nobody."""

    customers: int
    load_after: int | None


# Who can carry how much is known by a room above: (manager, keys of customers, now) → Room.
_rooms: list[Callable[[UUID, Sequence[UUID], datetime], Room]] = []


class NoRoom(ValueError):
    """The manager cannot carry these customers; who may give beyond capacity has to say so."""

    def __init__(self, room: Room) -> None:
        self.room = room
        super().__init__(f"room for {room.customers}")


def register_room(source: Callable[[UUID, Sequence[UUID], datetime], Room]) -> None:
    """A door for the room that knows capacities."""
    _rooms.append(source)


def check_room(
    *, actor: Actor, now: datetime, manager_id: UUID, party_ids: Sequence[UUID], is_beyond: bool = False
) -> None:
    """Raises NoRoom when a manager cannot carry these customers besides those they have.

    `is_beyond`: do it all the same. Raises NotPermitted without the permission for that, with these customers.
    """
    if is_beyond:
        if access.reached_of(actor, party_ids, BEYOND) < set(party_ids):
            raise NotPermitted(BEYOND)
        return
    for source in _rooms:
        room = source(manager_id, party_ids, now)
        if room.customers < len(party_ids):
            raise NoRoom(room)


@dataclass(frozen=True, kw_only=True)
class Move:
    """A customer goes from `before` to `after`; None is nobody. `reason` is what the history says, in Chinese."""

    party_id: UUID
    before: UUID | None
    after: UUID | None
    reason: str


@transaction.atomic
def move(*, actor: Actor, now: datetime, moves: Sequence[Move], action: str = "customers.assign") -> set[UUID]:
    """Move those that are still where `before` says, living and not merged; returns whom.

    A constant number of statements. Files are locked in the order of their keys; their version rises.
    """
    wanted = {one.party_id: one for one in moves}
    locked = list(
        Party.objects.select_for_update()
        .filter(pk__in=list(wanted), state=Party.State.ACTIVE)
        .order_by("pk")
        .only("id", "ref", "manager_id")
    )
    going = [party for party in locked if party.manager_id == wanted[party.pk].before]
    going = [party for party in going if party.manager_id != wanted[party.pk].after]
    if not going:
        return set()
    keys = [party.pk for party in going]
    frame = pl.DataFrame(
        [(key.hex, _hex(wanted[key].after)) for key in keys],
        schema={"id": pl.String(), "manager_id": pl.String()}, orient="row",
    )  # fmt: skip
    bulk.update_frame("customers_party", frame.with_columns(updated_at=pl.lit(now)), bump=["version"])
    Custody.objects.filter(party__in=keys, until_at__isnull=True).update(until_at=now)
    given = [wanted[key] for key in keys if wanted[key].after is not None]
    new, _ = bulk.new_keys(len(given))
    # By COPY: a night may move a million, and objects of the ORM cost more than their rows.
    bulk.copy_frame(
        "customers_custody",
        pl.DataFrame(
            {
                "id": new, "party_id": [one.party_id.hex for one in given],
                "manager_id": [_hex(one.after) for one in given],
                "reason": [one.reason[:200] for one in given],
            },
            schema=dict.fromkeys(("id", "party_id", "manager_id", "reason"), pl.String()),
        ).with_columns(from_at=pl.lit(now), assigned_by_id=pl.lit(_hex(actor.user_id), dtype=pl.String())),
    )  # fmt: skip
    audit.record_many(
        actor=actor, now=now, action=action, object_kind="party", objects=[(party.pk, party.ref) for party in going],
        detail={"fields": ["manager"]},
    )  # fmt: skip
    return set(keys)


def _hex(key: UUID | None) -> str | None:
    return key.hex if key is not None else None
