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
from anxin.book.customers.models import Party
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
_EVERYBODY: Final = -1


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
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_LOCK, _EVERYBODY])
        for number in sorted({manager_id.int % 2**31 for manager_id in manager_ids}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, number])


def hold_all_managers() -> None:
    """The same for all of them, in one lock: thousands would fill the table of locks. Not after `hold_managers`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, _EVERYBODY])


@dataclass(frozen=True, kw_only=True)
class Move:
    """A customer goes from `before` to `after`; None is nobody. `reason` is what the history says, in Chinese."""

    party_id: UUID
    before: UUID | None
    after: UUID | None
    reason: str


FRAME: Final[Mapping[str, pl.DataType]] = {
    "party": pl.String(), "before": pl.String(), "after": pl.String(), "reason": pl.String()
}  # fmt: skip


@transaction.atomic
def move(
    *, actor: Actor, now: datetime, moves: Sequence[Move], action: str = "customers.assign", keeps_room: bool = False
) -> set[UUID]:
    """Move those that are still where `before` says, living and not merged; returns whom.

    `keeps_room`: a manager whose room ends gets the first ones only, in the order of `moves`. The number of statements
    does not grow with the customers. Files are locked in the order of their keys; their version rises.
    """
    if keeps_room:
        moves = _fitting(moves, now)
    frame = pl.DataFrame(
        [(one.party_id.hex, _hex(one.before), _hex(one.after), one.reason) for one in moves],
        schema=dict(FRAME), orient="row",
    )  # fmt: skip
    return {UUID(key) for key in move_frame(actor=actor, now=now, moves=frame, action=action)}


@transaction.atomic
def move_frame(*, actor: Actor, now: datetime, moves: pl.DataFrame, action: str) -> pl.Series:
    """The same for columns of FRAME; returns the keys of those moved, as 32 hex digits."""
    changes = moves.filter(pl.col("before").ne_missing(pl.col("after")))
    told = bulk.compare_and_set(
        "customers_party", changes.select(id="party", was="before", manager_id="after"), expected={"manager_id": "was"},
        only={"state": Party.State.ACTIVE.value}, also={"updated_at": now}, bump=["version"], told=["id", "ref"],
    )  # fmt: skip
    if told.is_empty():
        return pl.Series("party", [], dtype=pl.String())
    keys = told["id"].str.replace_all("-", "", literal=True).alias("party")
    bulk.compare_and_set(
        "customers_custody", pl.DataFrame({"party_id": keys}).with_columns(until_at=pl.lit(now)), key="party_id",
        only={"until_at": None},
    )  # fmt: skip
    given = moves.filter(pl.col("party").is_in(keys.implode()) & pl.col("after").is_not_null())
    new, _ = bulk.new_keys(given.height)
    # By COPY: a night may move a million, and objects of the ORM cost more than their rows.
    bulk.copy_frame(
        "customers_custody",
        given.select(
            id=pl.Series(new, dtype=pl.String()), party_id="party", manager_id="after",
            reason=pl.col("reason").str.slice(0, 200), from_at=pl.lit(now),
            assigned_by_id=pl.lit(_hex(actor.user_id), dtype=pl.String()),
        ),
    )  # fmt: skip
    audit.record_many(
        actor=actor, now=now, action=action, object_kind="party", objects=told.rows(), detail={"fields": ["manager"]}
    )
    return keys


def _fitting(moves: Sequence[Move], now: datetime) -> list[Move]:
    """Those whose new manager has room for them, and such that go to nobody; their files locked."""
    files = Party.objects.select_for_update().filter(pk__in=[one.party_id for one in moves], state=Party.State.ACTIVE)
    held = dict(files.order_by("pk").values_list("pk", "manager_id"))
    moves = [one for one in moves if one.party_id in held and held[one.party_id] == one.before]
    coming: dict[UUID, list[UUID]] = defaultdict(list)
    for one in moves:
        if one.after is not None:
            coming[one.after].append(one.party_id)
    full: set[UUID] = set()
    for manager_id, room in _rooms_of(coming, now).items():
        full.update(coming[manager_id][room.customers :])
    return [one for one in moves if one.party_id not in full]


def _hex(key: UUID | None) -> str | None:
    return key.hex if key is not None else None
