"""Classes of customers in numbers, and the standing of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from anxin.book.customers import access
from anxin.book.customers.models import Party, Standing
from anxin.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class ClassCount:
    code: str
    parties: int
    premium_fen: int


@dataclass(frozen=True, kw_only=True)
class StandingView:
    """What the last run found of one customer, and why."""

    party_id: UUID
    annual_premium_fen: int
    total_paid_fen: int
    claims_paid_fen: int
    active_policies: int
    tier: str
    abc: str
    next_expiry_date: date | None
    explanation: Mapping[str, Any]
    run_id: UUID


def count_classes(actor: Actor, column: str, *, permission: str) -> list[ClassCount]:
    """Customers within the actor's reach by `tier` or `abc`, with their annual premium."""
    if column not in {"tier", "abc"}:
        raise ValueError(f"Customers are not classed by {column!r}.")
    rows = (
        Standing.objects.filter(access.reach(actor, permission, prefix="party__"), party__state=Party.State.ACTIVE)
        .values(column)
        .annotate(parties=Count("party_id"), premium_fen=Sum("annual_premium_fen"))
    )
    return [ClassCount(code=row[column], parties=row["parties"], premium_fen=row["premium_fen"]) for row in rows]


def tiers_of(party_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The tiers of the last run. For the system itself."""
    return dict(Standing.objects.filter(pk__in=list(party_ids)).values_list("party_id", "tier"))


def count_by_premium(ladder: Sequence[tuple[str, int]], *, rest: str) -> list[tuple[str, int, int]]:
    """For a dry run: per code how many customers have it now, and would have it with these thresholds (fen)."""
    steps = sorted(ladder, key=lambda step: step[1])
    counts: dict[str, Any] = {rest: Count("pk", filter=Q(annual_premium_fen__gt=0, annual_premium_fen__lt=steps[0][1]))}
    for number, (code, least) in enumerate(steps):
        reached = Q(annual_premium_fen__gte=least)
        if number + 1 < len(steps):
            reached &= Q(annual_premium_fen__lt=steps[number + 1][1])
        counts[code] = Count("pk", filter=reached)
    would = Standing.objects.aggregate(**{f"class_{code}": count for code, count in counts.items()})
    are = dict(Standing.objects.exclude(tier="").values_list("tier").annotate(found=Count("pk")))
    codes = [*(code for code, _ in reversed(steps)), rest]
    gone = [code for code in are if code not in codes]
    return [(code, are.get(code, 0), would.get(f"class_{code}", 0)) for code in [*codes, *gone]]


def get_standing(actor: Actor, ref: str, *, permission: str) -> StandingView | None:
    """None before the first run has seen the customer. Raises CustomerNotFound."""
    party = access.get_party(actor, ref, permission)
    row = Standing.objects.filter(pk=party.pk).first()
    if row is None:
        return None
    return StandingView(
        party_id=party.pk,
        annual_premium_fen=row.annual_premium_fen,
        total_paid_fen=row.total_paid_fen,
        claims_paid_fen=row.claims_paid_fen,
        active_policies=row.active_policies,
        tier=row.tier,
        abc=row.abc,
        next_expiry_date=row.next_expiry_date,
        explanation=row.explanation,
        run_id=row.run_id,
    )
