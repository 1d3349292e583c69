"""Roles as data, users, personal tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from anxin.foundation.accounts import rules
from anxin.foundation.accounts.data import Call
from anxin.foundation.accounts.models import AccessToken, Grant, IdempotentCall, RoleDefinition, User
from anxin.foundation.audit import services as audit
from anxin.kernel import permissions, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.permissions import Role

LONGEST_TOKEN = timedelta(days=365)
# A call whose process died without an answer may be made again after this long.
ABANDONED_CALL = timedelta(minutes=5)
CALLS_KEPT = timedelta(hours=48)


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


def note_token_use(*, token_id: UUID, last_used_at: datetime | None, now: datetime) -> None:
    """Remember that a token is in use; at most one write a minute."""
    if last_used_at is None or now - last_used_at > timedelta(minutes=1):
        AccessToken.objects.filter(pk=token_id).update(last_used_at=now)


def begin_call(*, user_id: UUID, key: str, fingerprint: bytes, now: datetime) -> Call:
    """Claim an idempotency key. The unique index decides between callers at the same moment."""
    call_id = uuid7()
    made = IdempotentCall.objects.bulk_create(
        [IdempotentCall(id=call_id, user_id=user_id, key=key, fingerprint=fingerprint, created_at=now)],
        ignore_conflicts=True,
    )
    found = IdempotentCall.objects.get(user_id=user_id, key=key)
    if found.id == made[0].id:
        return Call(call_id, is_mine=True, is_other=False)
    if bytes(found.fingerprint) != fingerprint:
        return Call(found.id, is_mine=False, is_other=True)
    if found.status is None and now - found.created_at > ABANDONED_CALL:
        taken = IdempotentCall.objects.filter(pk=found.id, status=None, created_at=found.created_at).update(
            created_at=now
        )
        return Call(found.id, is_mine=bool(taken), is_other=False)
    body = ""
    if found.body_sealed is not None:
        body = vault.ring().open(
            bytes(found.body_sealed), table="accounts_idempotentcall", column="body_sealed", row=found.id
        )
    return Call(found.id, is_mine=False, is_other=False, status=found.status, body=body)


def finish_call(*, call_id: UUID, status: int, body: str) -> None:
    """Keep the answer for whoever asks again with the same key."""
    sealed = vault.ring().seal(body, table="accounts_idempotentcall", column="body_sealed", row=call_id)
    IdempotentCall.objects.filter(pk=call_id).update(status=status, body_sealed=sealed)


def forget_call(*, call_id: UUID) -> None:
    """The call failed without effect: the key may be used again."""
    IdempotentCall.objects.filter(pk=call_id, status=None).delete()


def drop_old_calls(*, now: datetime) -> int:
    """Remove answers older than `CALLS_KEPT`; returns how many."""
    return IdempotentCall.objects.filter(created_at__lt=now - CALLS_KEPT).delete()[0]
