"""Customers change hands, many at once. Decided elsewhere (`service.managers`); written here, with history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import polars as pl
from django.db import connection, transaction

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


# Who can carry how much is known by a room above: (manager → keys of customers, now) → manager → Room.
Rooms = Callable[[Mapping[UUID, Sequence[UUID]], datetime], Mapping[UUID, Room]]
_rooms: list[Rooms] = []
# Beside the number of a manager, so that no other advisory lock on a user is meant.
_LOCK: Final = int.from_bytes(b"room")


class NoRoom(ValueError):
    """The manager cannot carry these customers; who may give beyond capacity has to say so."""

    def __init__(self, room: Room) -> None:
        self.room = room
        super().__init__(f"room for {room.customers}")


def register_rooms(source: Rooms) -> None:
    """A door for the room that knows capacities."""
    _rooms.append(source)


def check_room(
    *, actor: Actor, now: datetime, manager_id: UUID, party_ids: Sequence[UUID], is_beyond: bool = False
) -> None:
    """Raises NoRoom when a manager cannot carry these customers besides those they have.

    Call in the transaction that moves them, their files locked: from here to its end nobody else's check for this
    manager passes. `is_beyond`: do it all the same. Raises NotPermitted without the permission for that, with these
    customers.
    """
    if is_beyond:
        if access.reached_of(actor, party_ids, BEYOND) < set(party_ids):
            raise NotPermitted(BEYOND)
        return
    room = _rooms_of({manager_id: party_ids}, now).get(manager_id)
    if room is not None and room.customers < len(party_ids):
        raise NoRoom(room)


def _rooms_of(wanted: Mapping[UUID, Sequence[UUID]], now: datetime) -> dict[UUID, Room]:
    """What each manager can carry; their load stays as it is read until the transaction ends."""
    hold_managers(wanted)
    found: dict[UUID, Room] = {}
    for source in _rooms:
        for manager_id, room in source(wanted, now).items():
            known = found.get(manager_id, room)
            found[manager_id] = min(known, room, key=lambda one: one.customers)
    return found


def hold_managers(manager_ids: Iterable[UUID]) -> None:
    """Whoever asks for the room of these managers waits until this transaction ends, and then sees what it did.

    Files are locked before managers, everywhere, and both in the order of their keys: nobody waits in a circle.
    """
    with connection.cursor() as cursor:
        for number in sorted({manager_id.int % 2**31 for manager_id in manager_ids}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, number])


@dataclass(frozen=True, kw_only=True)
class Move:
    """A customer goes from `before` to `after`; None is nobody. `reason` is what the history says, in Chinese."""

    party_id: UUID
    before: UUID | None
    after: UUID | None
    reason: str


@transaction.atomic
def move(
    *, actor: Actor, now: datetime, moves: Sequence[Move], action: str = "customers.assign", keeps_room: bool = False
) -> set[UUID]:
    """Move those that are still where `before` says, living and not merged; returns whom.

    `keeps_room`: a manager whose room ends gets the first ones only, in the order of `moves`. The number of statements
    does not grow with the customers. Files are locked in the order of their keys; their version rises.
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
    if keeps_room:
        still = {party.pk for party in going}
        fitting = _fitting([one for one in moves if one.party_id in still], now)
        going = [party for party in going if party.pk in fitting]
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


def _fitting(moves: Sequence[Move], now: datetime) -> set[UUID]:
    coming: dict[UUID, list[UUID]] = defaultdict(list)
    for one in moves:
        if one.after is not None:
            coming[one.after].append(one.party_id)
    fitting = {one.party_id for one in moves}
    for manager_id, room in _rooms_of(coming, now).items():
        fitting -= set(coming[manager_id][room.customers :])
    return fitting


def _hex(key: UUID | None) -> str | None:
    return key.hex if key is not None else None
