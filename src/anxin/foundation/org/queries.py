"""Reading the organisation: who acts with which reach, units, colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.accounts import queries as accounts
from anxin.foundation.accounts.data import SignedInUser
from anxin.foundation.org.data import PostLine, SignedOn
from anxin.foundation.org.models import Post, Unit
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


@dataclass(frozen=True, kw_only=True)
class StaffChoice:
    """A colleague as a picker shows them."""

    id: UUID
    name: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class UnitChoice:
    """A unit as a picker shows it."""

    id: UUID
    code: str
    name: str
    level: str


def actor_for(
    user: SignedInUser, *, today: date, channel: str = "web", address: str = "", request_ref: str = "",
    only: Iterable[str] | None = None,
) -> Actor:  # fmt: skip
    """The actor a user is today: two queries. `only` cuts the grants to those codes (an API token's)."""
    return sign_on(
        user, today=today, channel=channel, address=address, request_ref=request_ref, only=only
    ).actor  # fmt: skip


def sign_on(
    user: SignedInUser, *, today: date, channel: str = "web", address: str = "", request_ref: str = "",
    only: Iterable[str] | None = None,
) -> SignedOn:  # fmt: skip
    """The actor a user is today, and the posts that make them so, in the same two queries."""
    posts = list(
        _held(today)
        .filter(user=user.id)
        .select_related("unit", "role")
        .only("unit_id", "unit__path", "unit__name", "role__name_zh", "role__name_en")
        .order_by("from_date", "id")
    )
    grants = accounts.widest_grants({post.role_id for post in posts})
    if only is not None:
        allowed = set(only)
        grants = {code: scope for code, scope in grants.items() if code in allowed}
    actor = Actor(
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
    lines = tuple(
        PostLine(unit=post.unit.name, role_zh=post.role.name_zh, role_en=post.role.name_en) for post in posts
    )
    return SignedOn(actor=actor, posts=lines)


def _held(today: date) -> QuerySet[Post]:
    return Post.objects.filter(Q(until_date__isnull=True) | Q(until_date__gt=today), from_date__lte=today)


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


def find_staff(
    actor: Actor, text: str = "", *, permission: str | None = None, ids: Iterable[UUID] | None = None, limit: int = 20
) -> list[StaffChoice]:
    """Active users with a post, by part of name, log-in name or staff number. One row per user.

    `permission` keeps to those within the actor's scope of it: what a picker may offer. `ids` looks users up instead.
    """
    posts = Post.objects.filter(until_date__isnull=True, user__is_active=True)
    if permission is not None:
        scope = actor.require(permission)
        if scope is Scope.OWN:
            posts = posts.filter(user=actor.user_id)
        elif scope is Scope.TEAM:
            posts = posts.filter(unit__in=actor.unit_ids)
        elif scope is Scope.UNIT:
            posts = posts.filter(unit__in=units_within(actor.unit_paths))
    if ids is not None:
        posts = posts.filter(user__in=list(ids))
    if text:
        by_code = Q(user__username__startswith=text) | Q(user__staff_no__startswith=text)
        posts = posts.filter(Q(user__display_name__contains=text) | by_code)
    rows = posts.order_by("user", "unit__path").distinct("user").values("user_id", "user__display_name", "unit__name")
    found = [StaffChoice(id=row["user_id"], name=row["user__display_name"], unit=row["unit__name"]) for row in rows]
    return sorted(found, key=lambda choice: (choice.unit, choice.name))[:limit]


def find_units(actor: Actor, text: str = "", *, permission: str, limit: int = 30) -> list[UnitChoice]:
    """Active units within the actor's scope of `permission`, by part of name or beginning of code, top down."""
    scope = actor.require(permission)
    units = Unit.objects.filter(is_active=True)
    if scope is not Scope.ALL:
        units = units.filter(pk__in=units_within(actor.unit_paths))
    if text:
        units = units.filter(Q(name__contains=text) | Q(code__startswith=text))
    return [UnitChoice(id=u.id, code=u.code, name=u.name, level=u.level) for u in units.order_by("path")[:limit]]


def unit_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of units by id."""
    return dict(Unit.objects.filter(pk__in=list(ids)).values_list("id", "name"))


def unit_of(user_id: UUID) -> UUID | None:
    """The unit a user's work belongs to: that of the highest open post, the first code among equals."""
    return (
        Post.objects.filter(user=user_id, until_date__isnull=True)
        .order_by("unit__path")
        .values_list("unit_id", flat=True)
        .first()
    )
