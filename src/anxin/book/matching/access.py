"""The only place that decides who may see and merge which files. Both files of a pair must be within reach."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.book.customers import queries as customers
from anxin.book.matching.models import Candidate, Merge
from anxin.kernel.actor import Actor

VIEW = "matching.review"
CHANGE = "matching.merge"


class PairNotFound(Exception):
    """No such pair within the actor's reach."""


class MergeNotFound(Exception):
    """No such merge within the actor's reach."""


def visible_candidates(actor: Actor, permission: str = VIEW) -> QuerySet[Candidate]:
    """Pairs of which the actor reaches both files, as far as both are still there."""
    return Candidate.objects.filter(left__version__gte=1, right__version__gte=1).filter(
        customers.reach(actor, permission, prefix="left__"), customers.reach(actor, permission, prefix="right__")
    )


def partly_visible(actor: Actor) -> QuerySet[Candidate]:
    """Pairs of which the actor reaches only one file: somebody with a wider reach must decide them."""
    left, right = (customers.reach(actor, VIEW, prefix=f"{side}__") for side in ("left", "right"))
    if not left:
        return Candidate.objects.none()
    return Candidate.objects.filter((left & ~right) | (right & ~left))


def get_candidate(actor: Actor, candidate_id: UUID, permission: str = VIEW) -> Candidate:
    """Raises PairNotFound, also for a pair of which one file lies out of reach."""
    rows = visible_candidates(actor, permission).select_related("left", "right")
    found = rows.filter(pk=candidate_id).first()
    if found is None:
        raise PairNotFound(str(candidate_id))
    return found


def visible_merges(actor: Actor, permission: str = VIEW) -> QuerySet[Merge]:
    """Merges whose two files belong where the actor reaches."""
    return Merge.objects.filter(
        customers.reach(actor, permission, prefix="loser__") & customers.reach(actor, permission, prefix="survivor__")
    )


def get_merge(actor: Actor, merge_id: UUID, permission: str = VIEW) -> Merge:
    """Raises MergeNotFound."""
    found = visible_merges(actor, permission).select_related("loser", "survivor").filter(pk=merge_id).first()
    if found is None:
        raise MergeNotFound(str(merge_id))
    return found


def reach_of_both(actor: Actor, permission: str) -> Q:
    return customers.reach(actor, permission, prefix="left__") & customers.reach(actor, permission, prefix="right__")
