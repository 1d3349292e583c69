"""Merging many pairs of the review queue at once: counted first, then done as a job, pair by pair told what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from anxin.book.matching import access
from anxin.book.matching.data import CandidateState, Origin
from anxin.book.matching.models import Candidate
from anxin.book.matching.services import deciding, merging
from anxin.book.matching.services.merging import CannotMerge
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

KIND: Final = "matching.bulk"
MOST: Final = 2_000
CHUNK: Final = 500
ERRORS_KEPT: Final = 100


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a bulk merge would do: pairs chosen, those that can be merged, those that contradict themselves or are in
    one group with a pair judged different, and how many files become how many customers."""

    chosen: int
    mergeable: int
    contradicted: int
    files: int
    customers: int


def preview(actor: Actor, ids: Sequence[UUID]) -> Preview:
    """Raises NotPermitted."""
    pairs = _pairs(actor, ids)
    sound = [one for one in pairs if not one.contradiction]
    parent: dict[UUID, UUID] = {}

    def top(key: UUID) -> UUID:
        parent.setdefault(key, key)
        while parent[key] != key:
            key = parent[key]
        return key

    for one in sound:
        parent[top(one.left_id)] = top(one.right_id)
    return Preview(
        chosen=len(set(ids)), mergeable=len(sound), contradicted=len(pairs) - len(sound), files=len(parent),
        customers=len({top(key) for key in parent}),
    )  # fmt: skip


def start(
    *, actor: Actor, now: datetime, ids: Sequence[UUID], reason: str, task: jobs.QueuedTask, title: str
) -> JobView:
    """Queue the merges of open pairs without contradiction. Raises NotPermitted, CannotMerge when none is left."""
    found = [one.pk for one in _pairs(actor, ids) if not one.contradiction]
    if not found:
        raise CannotMerge(_("None of these pairs can be merged by you."))
    return jobs.start(
        actor=actor, now=now, kind=KIND, title=title, task=task, total=len(found),
        arguments={"pairs": [str(one) for one in found], "reason": reason.strip()[:200]},
    )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    """The work of the job: the pairs of a chunk are merged as one set with progress; a second attempt skips what is
    decided."""
    ids = [UUID(one) for one in running.arguments["pairs"]]
    kept = dict(running.result)
    counts: Counter[str] = Counter(kept.get("counts", {}))
    errors: list[dict[str, str]] = list(kept.get("errors", []))
    for at in range(int(kept.get("at", 0)), len(ids), CHUNK):
        with transaction.atomic():
            running.fence()
            merged, failed = _merge(running, _pairs(running.actor, ids[at : at + CHUNK]))
            counts += Counter(merged=merged, failed=len(failed))
            errors += [{"ref": pair.right.ref, "reason": why} for pair, why in failed][: ERRORS_KEPT - len(errors)]
            done = min(at + CHUNK, len(ids))
            running.progress(done, len(ids), keep={"counts": dict(counts), "errors": errors, "at": done})
    return Finished(
        message=_("%(merged)s pairs merged, %(failed)s left alone."),
        values={"merged": counts["merged"], "failed": counts["failed"]},
        result={"counts": dict(counts), "errors": errors},
    )


def _merge(running: jobs.Running, pairs: Sequence[Candidate]) -> tuple[int, list[tuple[Candidate, str]]]:
    """How many pairs are one file now, and which could not be. Pairs that hang together meet at their oldest file."""
    roots = merging.living_of({key for one in pairs for key in (one.left_id, one.right_id)})
    parent = {root: root for root in roots.values()}

    def top(key: UUID) -> UUID:
        while parent[key] != key:
            key = parent[key]
        return key

    orders: list[merging.Order] = []
    for one in pairs:
        left, right = sorted((top(roots[one.left_id]), top(roots[one.right_id])))
        if left != right:
            parent[right] = left
            orders.append(
                merging.Order(survivor=left, loser=right, candidate=one.pk, reason=str(running.arguments["reason"]))
            )
    actor, now = running.actor, running.clock()
    failed = merging.merge_as_far_as_possible(actor=actor, now=now, orders=orders, origin=Origin.BULK)[1]
    why = {order.candidate: reason for order, reason in failed}
    # One that hung on another that failed was not merged either.
    roots = merging.living_of({key for one in pairs for key in (one.left_id, one.right_id)})
    done = [one for one in pairs if roots[one.left_id] == roots[one.right_id]]
    deciding.mark_merged(actor=actor, now=now, candidate_ids=[one.pk for one in done])
    is_done = {one.pk for one in done}
    return len(done), [(one, why.get(one.pk, str(merging.GONE))) for one in pairs if one.pk not in is_done]


def _pairs(actor: Actor, ids: Sequence[UUID]) -> list[Candidate]:
    rows = access.visible_candidates(actor, access.CHANGE).filter(pk__in=list(ids)[:MOST], state=CandidateState.OPEN)
    return list(rows.select_related("left", "right").order_by("-weight", "pk"))
