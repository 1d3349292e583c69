"""Reading the organisation: who acts with which reach, units, colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from anxin.foundation.accounts import queries as accounts
from anxin.foundation.accounts.data import SignedInUser
from anxin.foundation.org.models import Post, Unit
from anxin.kernel.actor import Actor


def actor_for(
    user: SignedInUser, *, today: date, channel: str = "web", address: str = "", request_ref: str = "",
    only: Iterable[str] | None = None,
) -> Actor:  # fmt: skip
    """The actor a user is today: two queries. `only` cuts the grants to those codes (an API token's)."""
    posts = list(
        Post.objects.filter(Q(until_date__isnull=True) | Q(until_date__gt=today), user=user.id, from_date__lte=today)
        .select_related("unit")
        .only("role_id", "unit_id", "unit__path")
    )
    grants = accounts.widest_grants({post.role_id for post in posts})
    if only is not None:
        allowed = set(only)
        grants = {code: scope for code, scope in grants.items() if code in allowed}
    return Actor(
        user_id=user.id,
        username=user.username,
        display_name=user.display_name,
        grants=grants,
        unit_ids=frozenset(post.unit_id for post in posts),
        unit_paths=tuple(sorted({post.unit.path for post in posts})),
        channel=channel,
        address=address,
        request_ref=request_ref,
    )


def units_within(paths: Iterable[str]) -> list[UUID]:
    """Ids of the units at or below any of `paths`."""
    reach = Q(pk__in=[])
    for path in paths:
        reach |= Q(path__startswith=path)
    return list(Unit.objects.filter(reach).values_list("id", flat=True))


def units_at_or_below(unit_id: UUID) -> list[UUID]:
    """Ids of the unit and of everything under it; empty when there is no such unit."""
    return units_within(Unit.objects.filter(pk=unit_id).values_list("path", flat=True))


def colleagues_of(actor: Actor) -> list[UUID]:
    """Ids of the users with a post in one of the actor's units: the team."""
    return list(Post.objects.filter(unit__in=actor.unit_ids, until_date__isnull=True).values_list("user_id", flat=True))
