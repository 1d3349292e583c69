"""Who sees and changes which user. Where people belong is known one room up; `org` tells us when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.accounts.data import UserNotFound
from anxin.foundation.accounts.models import User
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope

# Ids of the users with a post at or below any of these tree paths.
_members_within: list[Callable[[Iterable[str]], Iterable[UUID]]] = []


def register_membership(members_within: Callable[[Iterable[str]], Iterable[UUID]]) -> None:
    _members_within[:] = [members_within]


def visible_users(actor: Actor, permission: str = "accounts.view") -> QuerySet[User]:
    scope = actor.require(permission)
    if scope is Scope.ALL:
        return User.objects.all()
    reach = Q(pk=actor.user_id)
    if scope in {Scope.TEAM, Scope.UNIT}:
        for members_within in _members_within:
            reach |= Q(pk__in=members_within(actor.unit_paths))
    return User.objects.filter(reach)


def get_user(actor: Actor, user_id: UUID, permission: str = "accounts.view") -> User:
    """The user; UserNotFound when there is none or they are beyond reach, without a difference."""
    user = visible_users(actor, permission).filter(pk=user_id).first()
    if user is None:
        raise UserNotFound(str(user_id))
    return user
