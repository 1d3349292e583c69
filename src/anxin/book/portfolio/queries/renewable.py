"""Policies that end, and the terms that follow them: what the renewals room lives on. For the system itself.

Conditions and queries, no rows: the room above writes what they find in the database, however many policies there are.
`prefix` leads from the model of a query to its policy ("policy__"); "" for queries of policies.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Expression, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from anxin.book.portfolio.models import Policy

# What never counts as the next term of a contract.
NOT_TAKEN_UP = (Policy.Status.CANCELLED, Policy.Status.PENDING)


def ending(first: date, last: date) -> QuerySet[Policy]:
    """Policies whose cover ends from `first` to `last`, both included."""
    return Policy.objects.filter(expiry_date__gte=first, expiry_date__lte=last)


def renewable(
    *, without_lines: Collection[str], without_statuses: Collection[str], without_uses: Collection[str],
    shortest_term_days: int, prefix: str = "",
) -> Q:  # fmt: skip
    """Contracts of single customers that run for a term of `shortest_term_days` or more, of other kinds than these."""
    conditions: dict[str, Any] = {
        f"{prefix}is_group_header": False,
        f"{prefix}effective_date__lte": F(f"{prefix}expiry_date") - timedelta(days=shortest_term_days),
    }
    return (
        Q(**conditions)
        & ~Q(**{f"{prefix}line__in": list(without_lines)})
        & ~Q(**{f"{prefix}status__in": list(without_statuses)})
        & ~Q(**{f"{prefix}vehicle__use__in": list(without_uses)})
    )


def manager(prefix: str = "") -> F:
    return F(f"{prefix}holder__manager_id")


def unit(prefix: str = "") -> Expression:
    """The unit of the holder, else that of the policy."""
    return Coalesce(F(f"{prefix}holder__unit_id"), F(f"{prefix}unit_id"))


def next_terms(*, within_days: int, prefix: str = "") -> QuerySet[Policy]:
    """The policies that continue the one of the outer query, the first to begin in front.

    A later term of the same contract, or one of the same holder that names it as its previous. It begins after the old
    one began, and at most `within_days` after it ended.
    """
    # Each has an index: contracts by key, policies by holder. The number of the previous policy has none.
    same_contract = Q(contract_key=OuterRef(f"{prefix}contract_key")) & ~Q(contract_key="")
    naming = Q(holder=OuterRef(f"{prefix}holder_id"), previous_policy_no=OuterRef(f"{prefix}policy_no")) & ~Q(
        previous_policy_no=""
    )
    return (
        Policy.objects.filter(
            same_contract | naming,
            source=OuterRef(f"{prefix}source"),
            effective_date__gt=OuterRef(f"{prefix}effective_date"),
            effective_date__lte=OuterRef(f"{prefix}expiry_date") + timedelta(days=within_days),
        )
        .exclude(pk=OuterRef(f"{prefix}pk"))
        .exclude(status__in=NOT_TAKEN_UP)
        .order_by("effective_date", "pk")
    )
