"""Separating merged files again, one by one or many as one set, also after further work. Silent: nobody is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

import pghistory
from django.db import transaction

from anxin.book.customers.services import golden
from anxin.book.customers.services import merging as register
from anxin.book.customers.services.golden import Held
from anxin.book.matching import access
from anxin.book.matching.data import CandidateState
from anxin.book.matching.models import Candidate, Merge
from anxin.book.matching.services import announcing, merging, records, rows
from anxin.foundation.audit import services as audit
from anxin.kernel import bulk
from anxin.kernel.actor import Actor
from anxin.kernel.among import among
from anxin.kernel.words import mark as _

ERASED = _("The file was erased and cannot be separated any more.")


class CannotSeparate(ValueError):
    """This merge cannot be undone now. The message is an English text of the catalogue."""


def unmerge(*, actor: Actor, now: datetime, merge_id: UUID, reason: str = "") -> str:
    """Separate a file from the one it was merged into; its rows go back to it, those that came later stay. Any order.

    Returns the reference of the file that stands for itself again. Raises NotPermitted, MergeNotFound, CannotSeparate.
    """
    merge = access.get_merge(actor, merge_id, access.CHANGE)
    batch_id = merge.run.batch_id if merge.run is not None else None
    with linked(batch_id), transaction.atomic():
        done, failed = bulk.retrying(
            lambda: _separate(actor, now, [merge_id], reason.strip()[:200]), attempts=merging.ATTEMPTS
        )
    if failed:
        raise CannotSeparate(failed[merge_id])
    return done[merge_id]


def unmerge_of_batch(*, actor: Actor, now: datetime, merge_ids: Sequence[UUID], batch_id: UUID, reason: str) -> int:
    """Separate what the linking of an import batch merged, as one set in one transaction; how many. One that cannot be
    (its file was erased, somebody separated it just now) holds up nobody. For jobs: asks only for the permission."""
    actor.require(access.CHANGE)
    with linked(batch_id), transaction.atomic():
        done, _failed = bulk.retrying(
            lambda: _separate(actor, now, merge_ids, reason.strip()[:200]), attempts=merging.ATTEMPTS
        )
    return len(done)


def linked(batch_id: UUID | None) -> AbstractContextManager[Any]:
    """What linking a batch changes, and what taking that back does, is nobody's change of rows (kernel.bulk_undo)."""
    return pghistory.context(linked=str(batch_id)) if batch_id is not None else nullcontext()


def _separate(
    actor: Actor, now: datetime, merge_ids: Sequence[UUID], reason: str
) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Merge → reference of the file that stands for itself again; merge → why it could not be."""
    losers = dict(Merge.objects.filter(pk__in=merge_ids).values_list("pk", "loser"))
    try:
        held = merging.lock(losers.values())
    except merging.CannotMerge as error:
        return {}, dict.fromkeys(losers, str(error))
    # The state is read only now that nobody else can change it.
    merges = {one.pk: one for one in Merge.objects.filter(pk__in=merge_ids).order_by("-at", "-pk")}
    failed = {key: why for key, one in merges.items() if (why := _why_not(one, held))}
    left = [one for key, one in merges.items() if key not in failed]
    done: dict[UUID, str] = {}
    while left:
        # A file that many came to lets them go one after the other.
        part: dict[UUID, Merge] = {}
        for one in left:
            root = held[one.loser_id].replaced_by
            assert root is not None
            part.setdefault(root, one)
        _separate_round(actor, now, part, held, reason)
        done |= {one.pk: held[one.loser_id].ref for one in part.values()}
        left = [one for one in left if one.pk not in done]
        if left:
            held = merging.lock(one.loser_id for one in left)
    return done, failed


def _why_not(merge: Merge, held: Mapping[UUID, Held]) -> str:
    if merge.state != Merge.State.DONE:
        return _("These two are separated already.")
    leaving = held[merge.loser_id]
    root = leaving.replaced_by
    if root is None or leaving.state != "merged" or held[root].state == "erased":
        return ERASED
    return ""


def _separate_round(
    actor: Actor, now: datetime, merges: Mapping[UUID, Merge], held: Mapping[UUID, Held], reason: str
) -> None:
    """`merges`: living file → the one merge in its cluster that is undone."""
    leaving = {one.loser_id: root for root, one in merges.items()}
    members = {
        key: root for key, one in held.items() if (root := one.replaced_by or key) in merges
    }  # fmt: skip
    families = _families(leaving, members)
    records.note_own([held[root] for root in merges], now=now)
    records.give_back_changes(merges)
    Merge.objects.filter(pk__in=[one.pk for one in merges.values()]).update(
        state=Merge.State.UNDONE, undone_at=now, undone_by_id=actor.user_id, undone_by_name=actor.display_name,
        undone_reason=reason,
    )  # fmt: skip
    rows.stand_alone(list(leaving))
    golden.mark_living(leaving, now=now)
    sides = {key: families.get(key, root) for key, root in members.items()}
    rows.give_back(sides)
    merging.sweep({key: side for key, side in sides.items() if key != side})
    rows.raise_flags(sides)
    records.recompute(list(leaving), now=now)
    _recompute_upwards([one.survivor_id for one in merges.values()], now)
    golden.touch(list(merges), now=now)
    records.forget_if_alone(members)
    _ask_again(members, sides)
    concerned = [*leaving, *merges]
    register.recompute(concerned, now)
    announcing.regrouped(concerned)
    for action, keys in (("matching.separate", list(leaving)), ("matching.separate_from", list(leaving.values()))):
        audit.record_many(
            actor=actor, now=now, action=action, object_kind="party", objects=[(key, held[key].ref) for key in keys],
            reason=reason, details=[{"merge": str(merges[root].pk)} for root in leaving.values()],
        )  # fmt: skip


def _families(leaving: Iterable[UUID], members: Iterable[UUID]) -> dict[UUID, UUID]:
    """File that leaves its cluster, by itself or below another one → the file it then belongs to."""
    below: dict[UUID, list[UUID]] = defaultdict(list)
    in_force = Merge.objects.filter(among("loser__pk", members), state=Merge.State.DONE)
    for loser, survivor in in_force.values_list("loser", "survivor"):
        below[survivor].append(loser)
    found: dict[UUID, UUID] = {}
    for head in leaving:
        layer = [head]
        while layer:
            found |= dict.fromkeys(layer, head)
            layer = [low for one in layer for low in below[one] if low not in found]
    return found


def _recompute_upwards(party_ids: Iterable[UUID], now: datetime) -> None:
    """Layer by layer: no file of a layer is merged into another of it, for each belongs to a cluster of its own."""
    layer = set(party_ids)
    while layer:
        records.recompute(sorted(layer), now=now)
        above = Merge.objects.filter(among("loser__pk", layer), state=Merge.State.DONE)
        layer = set(above.values_list("survivor", flat=True))


def _ask_again(members: Mapping[UUID, UUID], sides: Mapping[UUID, UUID]) -> None:
    """Pairs that are two files again may be asked about again."""
    pairs = Candidate.objects.filter(
        among("left__pk", members), among("right__pk", members), state=CandidateState.MERGED
    ).values_list("pk", "left", "right")
    apart = [key for key, left, right in pairs if members[left] == members[right] and sides[left] != sides[right]]
    if apart:
        Candidate.objects.filter(pk__in=apart).update(
            state=CandidateState.OPEN, decided_at=None, decided_by_id=None, decided_by_name="", reason=""
        )
