"""What people decide about two files that look alike: the same, different, later; and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from anxin.book.customers import queries as customers
from anxin.book.matching import access
from anxin.book.matching.data import CandidateState, Decision, Origin
from anxin.book.matching.models import Candidate, Merge
from anxin.book.matching.services import merging, separating
from anxin.book.matching.services.merging import Order
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.states import IllegalTransition, StaleState

LATER_DAYS: Final = 30
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_FROM: Final = {
    Decision.MERGE: {CandidateState.OPEN, CandidateState.LATER},
    Decision.DIFFERENT: {CandidateState.OPEN, CandidateState.LATER},
    Decision.LATER: {CandidateState.OPEN},
    Decision.REOPEN: {CandidateState.DIFFERENT, CandidateState.LATER, CandidateState.MERGED},
}


def decide(
    *, actor: Actor, now: datetime, candidate_id: UUID, version: int, decision: Decision, reason: str = "",
    survivor_ref: str = "", chosen: Mapping[str, str] | None = None, versions: tuple[int, int] | None = None,
    origin: Origin = Origin.REVIEW,
) -> UUID | None:  # fmt: skip
    """Judge a pair as its `version` was seen. MERGE returns the merge; `survivor_ref`: the file that stays (else the
    older one), `chosen`: field → reference of the file whose value is kept, `versions`: of the left and right file.

    REOPEN takes any decision back, a merge too. Both files must be within reach. Raises NotPermitted, PairNotFound,
    IllegalTransition, StaleState, CannotMerge and CannotSeparate.
    """
    pair = access.get_candidate(actor, candidate_id, access.CHANGE)
    state = CandidateState(pair.state)
    if state not in _FROM[decision]:
        if pair.version != version:
            raise StaleState(pair.state, pair.version, pair.decided_by_name or None, pair.decided_at)
        raise IllegalTransition(pair.state, decision, [one for one in Decision if state in _FROM[one]])
    with transaction.atomic():
        if decision is Decision.REOPEN and state is CandidateState.MERGED:
            _take_back(actor, now, pair, reason)
        merge_id = None
        if decision is Decision.MERGE:
            merge_id = _merge(actor, now, pair, survivor_ref, chosen or {}, versions, reason, origin)
        done = Candidate.objects.filter(pk=pair.pk, version=version).update(
            state=_TO[decision], version=F("version") + 1, reason=reason.strip()[:200],
            decided_at=None if decision is Decision.REOPEN else now,
            decided_by_id=None if decision is Decision.REOPEN else actor.user_id,
            decided_by_name="" if decision is Decision.REOPEN else actor.display_name,
            later_until=now.astimezone(SHANGHAI).date() + timedelta(days=LATER_DAYS)
            if decision is Decision.LATER
            else None,
        )  # fmt: skip
        if not done:
            pair.refresh_from_db()
            raise StaleState(pair.state, pair.version, pair.decided_by_name or None, pair.decided_at)
        audit.record(
            actor=actor, now=now, action=f"matching.{decision}", object_kind="match", object_id=pair.pk,
            object_ref=f"{pair.left.ref} {pair.right.ref}", reason=reason.strip()[:200],
        )  # fmt: skip
    return merge_id


_TO: Final = {
    Decision.MERGE: CandidateState.MERGED,
    Decision.DIFFERENT: CandidateState.DIFFERENT,
    Decision.LATER: CandidateState.LATER,
    Decision.REOPEN: CandidateState.OPEN,
}


def mark_merged(*, actor: Actor, now: datetime, candidate_ids: Sequence[UUID]) -> None:
    """The two files of each pair are one now, by whatever way."""
    waiting = [CandidateState.OPEN, CandidateState.LATER]
    Candidate.objects.filter(pk__in=list(candidate_ids), state__in=waiting).update(
        state=CandidateState.MERGED, version=F("version") + 1, decided_at=now, decided_by_id=actor.user_id,
        decided_by_name=actor.display_name,
    )  # fmt: skip


def _merge(
    actor: Actor, now: datetime, pair: Candidate, survivor_ref: str, chosen: Mapping[str, str],
    versions: tuple[int, int] | None, reason: str, origin: Origin,
) -> UUID:  # fmt: skip
    stays, goes = (pair.right, pair.left) if survivor_ref == pair.right.ref else (pair.left, pair.right)
    party_of = {pair.left.ref: pair.left_id, pair.right.ref: pair.right_id}
    seen = {pair.left_id: versions[0], pair.right_id: versions[1]} if versions else {}
    for one in (stays, goes):
        # A file may have been merged since the pair was found; its number leads on.
        if customers.get_party(actor, one.ref, access.CHANGE).pk != one.pk:
            raise merging.CannotMerge(merging.GONE)
    return merging.merge_set(
        actor=actor, now=now, origin=origin,
        orders=[
            Order(
                survivor=stays.pk, loser=goes.pk, survivor_version=seen.get(stays.pk), loser_version=seen.get(goes.pk),
                candidate=pair.pk, reason=reason,
                chosen={name: party_of[ref] for name, ref in chosen.items() if ref in party_of},
            )
        ],
    )[0]  # fmt: skip


def _take_back(actor: Actor, now: datetime, pair: Candidate, reason: str) -> None:
    merge = (
        Merge.objects.filter(state=Merge.State.DONE, loser__in=[pair.left_id, pair.right_id])
        .filter(survivor__in=[pair.left_id, pair.right_id])
        .first()
    )
    if merge is not None:
        separating.unmerge(actor=actor, now=now, merge_id=merge.pk, reason=reason)


def count_open(actor: Actor, ids: Sequence[UUID]) -> tuple[int, int]:
    """Of the pairs named: how many are open and within reach to be merged, and how many contradict themselves."""
    rows = access.visible_candidates(actor, access.CHANGE).filter(pk__in=list(ids), state=CandidateState.OPEN)
    return rows.count(), rows.exclude(contradiction="").count()
