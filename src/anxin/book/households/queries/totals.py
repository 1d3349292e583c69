"""Sums over the present members: of every household in one statement, or of some within an actor's reach."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Count, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from anxin.book.customers import queries as customers
from anxin.book.households import access
from anxin.book.households.data import Totals
from anxin.book.households.models import Membership
from anxin.book.portfolio.queries import kinship
from anxin.kernel.actor import Actor

# Figures of the members' standing, so that a household says what its members' pages say.
_SUMS: Final = {
    "annual_premium_fen": "party__standing__annual_premium_fen",
    "claims_paid_fen": "party__standing__claims_paid_fen",
    "active_policies": "party__standing__active_policies",
    "open_claims": "party__standing__open_claims",
}
_NAMES: Final = (
    "members", "annual_premium_fen", "cover_fen", "claims_paid_fen", "active_policies", "open_claims", "uncovered",
)  # fmt: skip


def of_all() -> QuerySet[Membership, Any]:
    """household_id and the figures of every household with present members. For the system itself."""
    return _sums(Membership.objects.filter(access.present()))


def of_some(actor: Actor, households: Collection[UUID]) -> dict[UUID, Totals]:
    """Live, over the members within the actor's reach only. One query."""
    within = customers.reach(actor, "households.view", prefix="party__")
    rows = _sums(Membership.objects.filter(within, access.present(), household__in=households))
    return {key: Totals(**dict(zip(_NAMES, figures, strict=True))) for key, *figures in rows}


def _sums(rows: QuerySet[Membership]) -> QuerySet[Membership, Any]:
    covered = kinship.is_covered("party_id")
    each = rows.annotate(
        cover=kinship.cover_held("party_id"),
        gap=Case(When(covered, then=Value(0)), default=Value(1), output_field=IntegerField()),
    )
    sums: dict[str, Any] = {f"sum_{name}": Coalesce(Sum(path), 0) for name, path in _SUMS.items()}
    return (
        each.values("household_id")
        .annotate(count=Count("pk"), sum_cover_fen=Sum("cover"), sum_uncovered=Sum("gap"), **sums)
        .order_by("household_id")
        .values_list("household_id", "count", *(f"sum_{name}" for name in _NAMES[1:]))
    )
