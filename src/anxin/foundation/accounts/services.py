"""Roles as data, users, personal tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from anxin.foundation.accounts import rules
from anxin.foundation.accounts.models import AccessToken, Grant, RoleDefinition, User
from anxin.foundation.audit import services as audit
from anxin.kernel import permissions
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Role

LONGEST_TOKEN = timedelta(days=365)


@transaction.atomic
def ensure_shipped_roles() -> None:
    """Create the shipped roles and give them the default grants of permissions they have not met yet.

    Runs after every migration. A grant that a site took away stays away: only codes new to the role are added.
    """
    known: dict[str, set[str]] = {}
    for role in Role:
        name_zh, name_en = rules.ROLE_NAMES[role]
        definition, is_new = RoleDefinition.objects.get_or_create(
            code=role, defaults={"name_zh": name_zh, "name_en": name_en, "is_shipped": True}
        )
        known[role] = set() if is_new else set(definition.known_permissions)
    new_grants = []
    for permission in permissions.registered().values():
        for role, scope in permission.defaults.items():
            if permission.code not in known[role]:
                new_grants.append(Grant(role_id=role, permission=permission.code, scope=scope))
    Grant.objects.bulk_create(new_grants, ignore_conflicts=True)
    RoleDefinition.objects.filter(is_shipped=True).update(known_permissions=sorted(permissions.registered()))


def create_user(
    *, actor: Actor, now: datetime, username: str, display_name: str, password: str | None = None,
    email: str = "", staff_no: str = "", is_demo: bool = False,
) -> User:  # fmt: skip
    """A new user without any post: signed in, they may do nothing yet."""
    with transaction.atomic():
        user = User.objects.create_user(
            username=username, password=password, display_name=display_name, email=email, staff_no=staff_no,
            is_demo=is_demo,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="accounts.create_user", object_kind="user", object_id=user.id,
            object_ref=username,
        )  # fmt: skip
    return user


def create_token(
    *, actor: Actor, now: datetime, user_id: UUID, name: str, codes: Sequence[str], lifetime: timedelta
) -> tuple[AccessToken, str]:
    """A personal token. The second value is the secret, shown this once; only its SHA-256 is kept."""
    if not timedelta(0) < lifetime <= LONGEST_TOKEN:
        raise ValueError("A token lives between one day and one year.")
    unknown = set(codes) - set(permissions.registered())
    if unknown:
        raise ValueError(f"No such permission: {', '.join(sorted(unknown))}.")
    secret = f"anxin_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        token = AccessToken.objects.create(
            user_id=user_id, name=name, digest=rules.token_digest(secret), permissions=sorted(codes), created_at=now,
            expires_at=now + lifetime,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="accounts.create_token", object_kind="token", object_id=token.id,
            object_ref=name, detail={"permissions": sorted(codes)},
        )  # fmt: skip
    return token, secret
