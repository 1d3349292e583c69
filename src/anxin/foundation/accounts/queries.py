"""Reading users, roles and tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Func, Q, QuerySet, TextField
from django.utils.translation import get_language

from anxin.foundation.accounts import access, rules
from anxin.foundation.accounts.data import RoleNotFound, RoleSummary
from anxin.foundation.accounts.models import AccessToken, Grant, RoleDefinition, User
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.kernel.statements import Statement


def widest(grants: Iterable[Mapping[str, str]]) -> dict[str, Scope]:
    """Permission code to the widest scope any of these roles' grants gives."""
    found: dict[str, Scope] = {}
    for of_role in grants:
        for code, scope in of_role.items():
            wide = Scope(scope)
            if code not in found or wide.width > found[code].width:
                found[code] = wide
    return found


def grants_of_role(role: Any) -> Any:
    """An expression: the grants of `role` (such as `OuterRef("role_id")`) as a JSON object, permission to scope."""
    rows = Grant.objects.filter(role=role).order_by("permission")
    # Asked for with every request: two lists of texts cost less than an object for each grant.
    return Func(
        ArraySubquery(rows.values("permission")),
        ArraySubquery(rows.values("scope")),
        function="json_object",
        template="%(function)s(%(expressions)s)",
        arg_joiner="::text[], ",
        output_field=TextField(),
    )


def _token(digest: Any, now: Any) -> QuerySet[Any, Any]:
    living = AccessToken.objects.filter(
        digest=digest, revoked_at__isnull=True, expires_at__gt=now, user__is_active=True
    )
    return living.values_list("id", "user_id", "user__username", "user__display_name", "last_used_at", "permissions")


_TOKEN: Final = Statement(_token, digest=bytes, now=datetime)


def scopes_of(permission: str) -> dict[str, Scope]:
    """Role code to its scope of this permission."""
    return {
        role: Scope(scope) for role, scope in Grant.objects.filter(permission=permission).values_list("role", "scope")
    }


def find_token(secret: str, *, now: datetime) -> AccessToken | None:
    """The living token with this secret, with who owns it if active; None otherwise. Fields not needed are not read."""
    rows = _TOKEN.all(digest=rules.token_digest(secret), now=now)
    if not rows:
        return None
    key, owner, username, display_name, last_used_at, permissions = rows[0]
    token = AccessToken.from_db(
        None, ["id", "user_id", "permissions", "last_used_at"], [key, owner, json.loads(permissions), last_used_at]
    )
    token.user = User.from_db(None, ["id", "username", "display_name"], [owner, username, display_name])
    return token


def find_user(username: str) -> User | None:
    """The user with exactly this user name."""
    return User.objects.filter(username=username).first()


def with_staff_no(number: Any) -> QuerySet[User, Any]:
    """The key of the user with this staff number, an expression over the outer query; nobody has the empty one."""
    return User.objects.filter(staff_no=number).exclude(staff_no="").values("pk")[:1]


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
