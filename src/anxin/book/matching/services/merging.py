"""Merging files into one, one by one or many as one set. Silent: nobody is told. Taking it back: `separating`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Q
from psycopg.errors import UniqueViolation

from anxin.book.customers import queries as customers
from anxin.book.customers.services import golden
from anxin.book.customers.services import merging as register
from anxin.book.customers.services.golden import Held
from anxin.book.matching import access
from anxin.book.matching.data import CandidateState, Origin
from anxin.book.matching.models import Candidate, Merge
from anxin.book.matching.services import announcing, records, rows
from anxin.foundation.audit import services as audit
from anxin.kernel import bulk
from anxin.kernel.actor import Actor
from anxin.kernel.among import among
from anxin.kernel.bulk_merge import Pair
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _

ATTEMPTS: Final = 5
GONE: Final = _("One of the two was merged by somebody else just now.")


class CannotMerge(ValueError):
    """These two cannot be one customer now. The message is an English text of the catalogue."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """One merge that is wanted. Versions as seen, or None for whatever they are now; `chosen`: field → file."""

    survivor: UUID
    loser: UUID
    survivor_version: int | None = None
    loser_version: int | None = None
    candidate: UUID | None = None
    reason: str = ""
    chosen: Mapping[str, UUID] = field(default_factory=dict)


def merge(
    *, actor: Actor, now: datetime, survivor_ref: str, loser_ref: str, survivor_version: int | None = None,
    loser_version: int | None = None, reason: str = "", chosen: Mapping[str, UUID] | None = None,
    candidate_id: UUID | None = None, origin: Origin = Origin.HAND,
) -> UUID:  # fmt: skip
    """Merge one file into another; returns the merge. Both must be within reach, and as of the versions seen.

    Raises NotPermitted, CustomerNotFound, CannotMerge and StaleState.
    """
    survivor = customers.get_party(actor, survivor_ref, access.CHANGE)
    loser = customers.get_party(actor, loser_ref, access.CHANGE)
    wanted = Order(
        survivor=survivor.pk, loser=loser.pk, survivor_version=survivor_version, loser_version=loser_version,
        candidate=candidate_id, reason=reason, chosen=dict(chosen or {}),
    )  # fmt: skip
    return merge_set(actor=actor, now=now, orders=[wanted], origin=origin)[0]


def merge_refs(*, actor: Actor, now: datetime, chosen: Mapping[str, str], **order: Any) -> UUID:
    """`merge`, with the files whose values are kept named by their numbers."""
    party_of = {ref: customers.get_party(actor, ref, access.CHANGE).pk for ref in set(chosen.values())}
    return merge(actor=actor, now=now, chosen={name: party_of[ref] for name, ref in chosen.items()}, **order)


def merge_set(
    *, actor: Actor, now: datetime, orders: Sequence[Order], origin: Origin, run_id: UUID | None = None
) -> list[UUID]:
    """Several merges in one transaction: all or none. Chains (c into b into a) are allowed. For jobs, too: asks only
    for the permission, not for the reach. `run_id`: the linking that wants them.

    Raises NotPermitted, CannotMerge and StaleState.
    """
    actor.require(access.CHANGE)
    with transaction.atomic():
        return bulk.retrying(lambda: _merge_all(actor, now, orders, origin, run_id), attempts=ATTEMPTS)


def merge_as_far_as_possible(
    *, actor: Actor, now: datetime, orders: Sequence[Order], origin: Origin, run_id: UUID | None = None
) -> tuple[list[Order], list[tuple[Order, str]]]:
    """`merge_set` of those that can be merged, in as few transactions as it takes: who was merged, and who was not and
    why. One that cannot (somebody decided meanwhile) does not keep the others waiting. Raises NotPermitted."""
    if not orders:
        return [], []
    try:
        merge_set(actor=actor, now=now, orders=orders, origin=origin, run_id=run_id)
    except (CannotMerge, StaleState) as error:
        if len(orders) == 1:
            return [], [(orders[0], str(error))]
        half = len(orders) // 2
        first, rest = (
            merge_as_far_as_possible(actor=actor, now=now, orders=part, origin=origin, run_id=run_id)
            for part in (orders[:half], orders[half:])
        )
        return first[0] + rest[0], first[1] + rest[1]
    return list(orders), []


def _merge_all(actor: Actor, now: datetime, orders: Sequence[Order], origin: Origin, run_id: UUID | None) -> list[UUID]:
    held = lock({key for one in orders for key in (one.survivor, one.loser)})
    for one in orders:
        _check(held, one)
    _check_decisions(held, orders)
    book = records.Book.of(held[key] for key in {key for one in orders for key in (one.survivor, one.loser)})
    rounds = _rounds(orders)
    coming = Counter(one.survivor for one in orders)
    merges: dict[UUID, Merge] = {}
    for part in rounds:
        merges |= _merge_round(actor, now, part, origin, run_id)
        for one in part:
            book.merged(one.loser, one.survivor, {name: str(key) for name, key in one.chosen.items()})
        coming.subtract(one.survivor for one in part)
        # A file to which more will come is judged once, when all is there.
        book.recompute([one.survivor for one in part if not coming[one.survivor]], now=now)
    book.write(now=now)
    _settle_candidates(actor, now, held, orders)
    register.recompute([key for one in orders for key in (one.survivor, one.loser)], now)
    announcing.regrouped([key for one in orders for key in (one.survivor, one.loser)])
    for action, side in (("matching.merge", "loser"), ("matching.merge_into", "survivor")):
        audit.record_many(
            actor=actor, now=now, action=action, object_kind="party",
            objects=[(getattr(one, side), held[getattr(one, side)].ref) for one in orders],
            reasons=[one.reason for one in orders],
            details=[{"origin": str(origin), "rows": sum(merges[one.loser].counts.values())} for one in orders],
        )  # fmt: skip
    return [merges[one.loser].pk for one in orders]


def _merge_round(
    actor: Actor, now: datetime, orders: Sequence[Order], origin: Origin, run_id: UUID | None
) -> dict[UUID, Merge]:
    """Orders in which every file stands once: file that goes → its merge."""
    merges = {
        one.loser: Merge(
            id=uuid7(), loser_id=one.loser, survivor_id=one.survivor, origin=origin, reason=one.reason.strip()[:200],
            candidate_id=one.candidate, run_id=run_id, at=now, by_id=actor.user_id, by_name=actor.display_name,
        )
        for one in orders
    }  # fmt: skip
    counts = rows.take([Pair(loser=one.loser, survivor=one.survivor, merge=merges[one.loser].pk) for one in orders])
    for one in merges.values():
        one.counts = counts[one.pk]
    try:
        with transaction.atomic():
            # Behind the rows that name them: the keys are asked for at the end of the transaction.
            bulk.copy_frame(Merge._meta.db_table, _as_frame(merges.values()))
    except UniqueViolation as error:
        raise CannotMerge(GONE) from error
    golden.mark_merged({one.loser: one.survivor for one in orders}, now=now)
    golden.touch([one.survivor for one in orders], now=now)
    return merges


def _as_frame(merges: Iterable[Merge]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                one.pk.hex, one.loser_id.hex, one.survivor_id.hex, str(one.state), str(one.origin), one.reason,
                one.candidate_id and one.candidate_id.hex, one.run_id and one.run_id.hex, json.dumps(one.counts),
                one.at, one.by_id and one.by_id.hex, one.by_name, "", "",
            )
            for one in merges
        ],
        schema={
            **dict.fromkeys(
                (
                    "id", "loser_id", "survivor_id", "state", "origin", "reason", "candidate_id", "run_id", "counts",
                ),
                pl.String(),
            ),
            "at": pl.Datetime("us", "UTC"),
            **dict.fromkeys(("by_id", "by_name", "undone_by_name", "undone_reason"), pl.String()),
        },
        orient="row",
    )  # fmt: skip


def gather(*, now: datetime, merged_since: datetime | None = None, limit: int = 10_000) -> int:
    """Rows that were put to a merged file while the merge was under way follow it. Returns how many files were looked
    at. For a periodic task."""
    merges = Merge.objects.filter(state=Merge.State.DONE)
    if merged_since is not None:
        merges = merges.filter(at__gte=merged_since)
    keys = list(merges.order_by("-at").values_list("loser", flat=True)[:limit])
    for start in range(0, len(keys), 500):
        with transaction.atomic():
            held = lock(keys[start : start + 500])
            sweep(
                {
                    key: one.replaced_by
                    for key, one in held.items()
                    if one.replaced_by is not None and held[one.replaced_by].state == "active"
                }
            )
    return len(keys)


def living_of(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """File → the living one it is part of."""
    ids = list(ids)
    merged = golden.roots_with(ids)
    return {key: merged.get(key, key) for key in ids}


def lock(ids: Iterable[UUID]) -> dict[UUID, Held]:
    """The files with their whole clusters, locked in the order of their keys, as they then are."""
    ids = set(ids)
    for _attempt in range(ATTEMPTS):
        roots = set(golden.roots_of(ids))
        cluster = golden.cluster_of(ids | roots)
        held = golden.lock(cluster)
        # Somebody may have merged a file of the cluster away before we had the locks.
        if set(golden.cluster_of(ids | set(golden.roots_of(ids)))) <= set(held):
            return held
    raise CannotMerge(GONE)


def sweep(root_of: Mapping[UUID, UUID]) -> None:
    """Rows that stand at merged files, because they came late or did not fit, go on if they can."""
    merge_of = dict(
        Merge.objects.filter(state=Merge.State.DONE, loser__in=list(root_of))
        .order_by("at", "pk")
        .values_list("loser", "pk")
    )
    left = [Pair(loser=key, survivor=root_of[key], merge=merge) for key, merge in merge_of.items()]
    while left:
        part: dict[UUID, Pair] = {}
        for pair in left:
            part.setdefault(pair.survivor, pair)
        rows.take(list(part.values()))
        left = [pair for pair in left if part[pair.survivor] is not pair]


# --- Pieces -----------------------------------------------------------------------------------------------------------


def _check(held: Mapping[UUID, Held], order: Order) -> None:
    if order.survivor == order.loser:
        raise CannotMerge(_("A file cannot be merged with itself."))
    for key, version in ((order.survivor, order.survivor_version), (order.loser, order.loser_version)):
        one = held.get(key)
        if one is None or one.state == "erased":
            raise CannotMerge(_("One of the two files is gone."))
        if one.state != "active":
            raise CannotMerge(GONE)
        if version is not None and one.version != version:
            raise StaleState(one.state, one.version)
    if held[order.survivor].kind != held[order.loser].kind:
        raise CannotMerge(_("A person and an organisation cannot be one customer."))


def _check_decisions(held: Mapping[UUID, Held], orders: Sequence[Order]) -> None:
    """What somebody judged to be different people stays apart until the judgement is taken back."""
    apart = Candidate.objects.filter(_within(held), state=CandidateState.DIFFERENT)
    judged = list(apart.values_list("left", "right"))
    if not judged:
        return
    top = _joined(held, orders)
    if any(top(left) == top(right) for left, right in judged):
        raise CannotMerge(_("Somebody judged these two to be different customers. Take that back first."))


def _within(held: Mapping[UUID, Held]) -> Q:
    return among("left__pk", held) & among("right__pk", held)


def _joined(held: Mapping[UUID, Held], orders: Sequence[Order]) -> Callable[[UUID], UUID]:
    """File → one file of the group that will be one customer."""
    parent: dict[UUID, UUID] = {}

    def top(key: UUID) -> UUID:
        while (above := parent.get(key, key)) != key:
            key = above
        return key

    for key, one in held.items():
        if one.replaced_by is not None:
            parent[top(key)] = top(one.replaced_by)
    for order in orders:
        if (low := top(order.loser)) != (high := top(order.survivor)):
            parent[low] = high
    return top


def _rounds(orders: Sequence[Order]) -> list[list[Order]]:
    """Parts in which every file stands once, those at the ends of chains first."""
    coming = Counter(one.survivor for one in orders)
    left = list(orders)
    parts: list[list[Order]] = []
    while left:
        taken: set[UUID] = set()
        part: list[Order] = []
        rest: list[Order] = []
        for one in left:
            # A file goes away only when nothing comes to it any more.
            if not coming[one.loser] and taken.isdisjoint((one.survivor, one.loser)):
                part.append(one)
                taken |= {one.survivor, one.loser}
            else:
                rest.append(one)
        if not part:
            raise CannotMerge(_("These merges go in a circle."))
        coming.subtract(one.survivor for one in part)
        parts.append(part)
        left = rest
    return parts


def _settle_candidates(actor: Actor, now: datetime, held: Mapping[UUID, Held], orders: Sequence[Order]) -> None:
    """Pairs that are one file now need no judgement any more, by whatever way they became one."""
    waiting = Candidate.objects.filter(_within(held), state__in=[CandidateState.OPEN, CandidateState.LATER])
    top = _joined(held, orders)
    found = [key for key, left, right in waiting.values_list("pk", "left", "right") if top(left) == top(right)]
    if found:
        Candidate.objects.filter(among("pk", found)).update(
            state=CandidateState.MERGED, decided_at=now, decided_by_id=actor.user_id, decided_by_name=actor.display_name
        )
