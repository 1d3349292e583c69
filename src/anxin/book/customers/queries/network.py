"""Relations two steps around a customer, within what the actor may know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from anxin.book.customers import access, data
from anxin.book.customers.models import Party, Relation
from anxin.kernel.actor import Actor

FIRST: Final = 24
BEHIND: Final = 60


@dataclass(frozen=True, kw_only=True)
class Knot:
    """A party of the network. Outside the actor's reach the name is masked and `ref` empty."""

    party_id: UUID
    ref: str
    name: str
    party_kind: str
    tier: str
    step: int


@dataclass(frozen=True, kw_only=True)
class Thread:
    """`right` is the `kind` of `left`."""

    left: UUID
    right: UUID
    kind: str
    group: str
    shape: str
    is_confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Network:
    """`is_cut`: there are more than are told."""

    middle: UUID
    knots: tuple[Knot, ...]
    threads: tuple[Thread, ...]
    is_cut: bool


def around(actor: Actor, ref: str, *, groups: Collection[str] = (), steps: int = 2) -> Network:
    """At most six queries. The second step leads only from customers within the reach: who stands around somebody
    else's customer is theirs to know. Raises CustomerNotFound."""
    me = access.get_party(actor, ref)
    kinds = [code for code, kind in data.RELATION_KINDS.items() if not groups or kind.group in groups]
    rows = _rows({me.pk}, kinds, FIRST + 1)
    first = list(dict.fromkeys(_other(row, me.pk) for row in rows))
    is_cut, first = len(rows) > FIRST, first[:FIRST]
    reached = access.reached_of(actor, first) if first else set()
    step = dict.fromkeys(first, 1) | {me.pk: 0}
    if steps > 1 and reached:
        further = _rows(reached, kinds, BEHIND + 1 + len(rows))
        is_cut = is_cut or len(further) > BEHIND + len(rows)
        for row in further:
            for end in (row["from_party_id"], row["to_party_id"]):
                if end not in step and len(step) < FIRST + BEHIND:
                    step[end] = 2
        rows = [*rows, *further]
    behind = [key for key, number in step.items() if number == 2]
    reached = reached | {me.pk} | (access.reached_of(actor, behind) if behind else set())
    parties: dict[UUID, Any] = {
        row["id"]: row
        for row in Party.objects.filter(pk__in=step).values("id", "ref", "name", "kind", "standing__tier")
    }
    knots = tuple(_knot(parties[key], number, key in reached) for key, number in step.items() if key in parties)
    known = {knot.party_id for knot in knots}
    threads: dict[tuple[UUID, UUID, str], Thread] = {}
    for row in rows:
        thread = _thread(row, step)
        if thread is not None and {thread.left, thread.right} <= known:
            threads.setdefault((thread.left, thread.right, thread.kind), thread)
    return Network(middle=me.pk, knots=knots, threads=tuple(threads.values()), is_cut=is_cut)


def _rows(ends: Collection[UUID], kinds: list[str], limit: int) -> list[dict[str, Any]]:
    if not ends:
        return []
    rows = Relation.objects.filter(Q(from_party__in=ends) | Q(to_party__in=ends), kind__in=kinds, until_date=None)
    columns = ("from_party_id", "to_party_id", "kind", "is_confirmed")
    found: list[Any] = list(rows.order_by("created_at", "id").values(*columns)[:limit])
    return found


def _other(row: dict[str, Any], me: UUID) -> UUID:
    other: UUID = row["to_party_id"] if row["from_party_id"] == me else row["from_party_id"]
    return other


def _thread(row: dict[str, Any], step: dict[UUID, int]) -> Thread | None:
    """Told outwards: what the farther one is to the nearer."""
    subject, other = row["from_party_id"], row["to_party_id"]
    if subject not in step or other not in step:
        return None
    kind = row["kind"]
    if step[subject] < step[other]:
        subject, other = other, subject
        kind = data.RELATION_KINDS[kind].reverse
    told = data.RELATION_KINDS[kind]
    return Thread(
        left=other, right=subject, kind=kind, group=told.group, shape=told.shape, is_confirmed=row["is_confirmed"]
    )


def _knot(row: dict[str, Any], step: int, is_reached: bool) -> Knot:
    return Knot(
        party_id=row["id"], ref=row["ref"] if is_reached else "", party_kind=row["kind"], step=step,
        name=row["name"] if is_reached else access.shown("name", row["name"]),
        tier=(row["standing__tier"] or "") if is_reached else "",
    )  # fmt: skip
