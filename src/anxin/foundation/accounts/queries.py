"""Reading users, roles and tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from anxin.foundation.accounts import access, rules
from anxin.foundation.accounts.data import RoleNotFound, RoleSummary
from anxin.foundation.accounts.models import AccessToken, Grant, RoleDefinition, User
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


def widest_grants(roles: Iterable[str]) -> dict[str, Scope]:
    """Permission code to the widest scope any of `roles` gives."""
    grants: dict[str, Scope] = {}
    for code, scope in Grant.objects.filter(role__in=set(roles)).values_list("permission", "scope"):
        wide = Scope(scope)
        if code not in grants or wide.width > grants[code].width:
            grants[code] = wide
    return grants


def scopes_of(permission: str) -> dict[str, Scope]:
    """Role code to its scope of this permission."""
    return {
        role: Scope(scope) for role, scope in Grant.objects.filter(permission=permission).values_list("role", "scope")
    }


def scopes_of(permission: str) -> dict[str, Scope]:
    """Role code to its scope of this permission."""
    return {
        role: Scope(scope)
        for role, scope in Grant.objects.filter(permission=permission).values_list("role", "scope")
    }


def find_token(secret: str, *, now: datetime) -> AccessToken | None:
    """The living token with this secret, with its active user; None otherwise."""
    return (
        AccessToken.objects.select_related("user")
        .filter(digest=rules.token_digest(secret), revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)
        .first()
    )


def find_user(username: str) -> User | None:
    """The user with exactly this user name."""
    return User.objects.filter(username=username).first()


def names_of(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Display names by user id; unknown ids are left out."""
    return dict(User.objects.filter(pk__in=set(user_ids)).values_list("pk", "display_name"))


def list_users(actor: Actor, *, words: str = "", state: str = "") -> QuerySet[User]:
    """Users within reach whose name, user name or staff number holds `words`; state `active`, `inactive` or any."""
    found = access.visible_users(actor)
    if words:
        found = found.filter(
            Q(display_name__icontains=words) | Q(username__icontains=words) | Q(staff_no__istartswith=words)
        )
    if state in {"active", "inactive"}:
        found = found.filter(is_active=state == "active")
    return found


def get_user(actor: Actor, user_id: UUID) -> User:
    return access.get_user(actor, user_id)


def has_second_factor(user_id: UUID) -> bool:
    return bool(Authenticator.objects.filter(user_id=user_id).exclude(type="recovery_codes").exists())


def users_with_second_factor(user_ids: Iterable[UUID]) -> set[UUID]:
    found = Authenticator.objects.filter(user_id__in=set(user_ids)).exclude(type="recovery_codes")
    return set(found.values_list("user_id", flat=True))


def list_sessions(user_id: UUID) -> list[Any]:
    """The living sessions of a user, newest first; forgets those that are over."""
    return sorted(
        UserSession.objects.purge_and_list(User(pk=user_id)), key=lambda session: session.last_seen_at, reverse=True
    )


def list_tokens(user_id: UUID) -> QuerySet[AccessToken]:
    """Every token a user ever had, living ones first."""
    return AccessToken.objects.filter(user=user_id).order_by("revoked_at", "-created_at")


def role_name(role: str) -> str:
    """The role's name in the language of the moment; the code itself for an unknown one."""
    definition = RoleDefinition.objects.filter(code=role).first()
    return _name(definition) if definition else role


def role_names() -> dict[str, str]:
    return {role.code: _name(role) for role in RoleDefinition.objects.all()}


def list_roles() -> list[RoleSummary]:
    """Shipped roles in their usual order, then the site's own."""
    order = {str(role): place for place, role in enumerate(rules.ROLE_NAMES)}
    roles = RoleDefinition.objects.annotate(grant_count=Count("grants"))
    return sorted(
        (
            RoleSummary(
                code=role.code, name=_name(role), is_shipped=role.is_shipped, version=role.version,
                grant_count=role.grant_count,
            )
            for role in roles
        ),
        key=lambda role: (order.get(role.code, len(order)), role.code),
    )  # fmt: skip


def get_role(code: str) -> RoleSummary:
    for role in list_roles():
        if role.code == code:
            return role
    raise RoleNotFound(code)


def grants_of(role: str) -> dict[str, Scope]:
    return {code: Scope(scope) for code, scope in Grant.objects.filter(role=role).values_list("permission", "scope")}


def register_membership(members_within: Callable[[Iterable[str]], Iterable[UUID]]) -> None:
    """For `org`: how to find the users with a post at or below tree paths."""
    access.register_membership(members_within)


def _name(role: RoleDefinition) -> str:
    return role.name_en if (get_language() or "").startswith("en") else role.name_zh
