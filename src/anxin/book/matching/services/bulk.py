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
CHUNK: Final = 50
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
    """The work of the job: each pair a transaction of its own in chunks with progress; a second attempt skips what is
    decided."""
    ids = [UUID(one) for one in running.arguments["pairs"]]
    kept = dict(running.result)
    counts: Counter[str] = Counter(kept.get("counts", {}))
    errors: list[dict[str, str]] = list(kept.get("errors", []))
    for at in range(int(kept.get("at", 0)), len(ids), CHUNK):
        with transaction.atomic():
            running.fence()
            for pair in _pairs(running.actor, ids[at : at + CHUNK]):
                try:
                    with transaction.atomic():
                        _merge(running, pair)
                    counts["merged"] += 1
                except CannotMerge as error:
                    counts["failed"] += 1
                    if len(errors) < ERRORS_KEPT:
                        errors.append({"ref": pair.right.ref, "reason": str(error)})
            done = min(at + CHUNK, len(ids))
            running.progress(done, len(ids), keep={"counts": dict(counts), "errors": errors, "at": done})
    return Finished(
        message=_("%(merged)s pairs merged, %(failed)s left alone."),
        values={"merged": counts["merged"], "failed": counts["failed"]},
        result={"counts": dict(counts), "errors": errors},
    )


def _merge(running: jobs.Running, pair: Candidate) -> None:
    """Two files that both were merged in the same job meet at their living ones."""
    roots = merging.living_of([pair.left_id, pair.right_id])
    left, right = sorted((roots[pair.left_id], roots[pair.right_id]))
    if left != right:
        order = deciding.order_of(pair, reason=str(running.arguments["reason"]))
        merging.merge_set(
            actor=running.actor, now=running.clock(), origin=Origin.BULK,
            orders=[merging.Order(survivor=left, loser=right, candidate=pair.pk, reason=order.reason)],
        )  # fmt: skip
    deciding.mark_merged(actor=running.actor, now=running.clock(), candidate_id=pair.pk)


def _pairs(actor: Actor, ids: Sequence[UUID]) -> list[Candidate]:
    rows = access.visible_candidates(actor, access.CHANGE).filter(pk__in=list(ids)[:MOST], state=CandidateState.OPEN)
    return list(rows.select_related("left", "right").order_by("-weight", "pk"))
