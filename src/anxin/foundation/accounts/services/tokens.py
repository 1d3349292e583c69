"""Personal API tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from anxin.foundation.accounts import rules
from anxin.foundation.accounts.data import TokenNotFound
from anxin.foundation.accounts.models import AccessToken
from anxin.foundation.audit import services as audit
from anxin.kernel import permissions
from anxin.kernel.actor import Actor

LONGEST_TOKEN = timedelta(days=365)


def create_token(
    *, actor: Actor, now: datetime, user_id: UUID, name: str, codes: Sequence[str], lifetime: timedelta
) -> tuple[AccessToken, str]:
    """A personal token. The second value is the secret, shown this once; only its SHA-256 is kept."""
    if user_id != actor.user_id:
        actor.require("accounts.edit")
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


def revoke_token(*, actor: Actor, now: datetime, token_id: UUID) -> None:
    """Make a token void from now on: one's own, or anybody's with `accounts.edit`. Raises TokenNotFound."""
    with transaction.atomic():
        mine = AccessToken.objects.filter(pk=token_id, revoked_at=None)
        if not actor.may("accounts.edit"):
            mine = mine.filter(user=actor.user_id)
        token = mine.select_for_update().first()
        if token is None:
            raise TokenNotFound(str(token_id))
        AccessToken.objects.filter(pk=token.pk).update(revoked_at=now)
        audit.record(
            actor=actor, now=now, action="accounts.revoke_token", object_kind="token", object_id=token.id,
            object_ref=token.name,
        )  # fmt: skip


def note_token_use(*, token_id: UUID, last_used_at: datetime | None, now: datetime) -> None:
    """Remember that a token is in use; at most one write a minute."""
    if last_used_at is None or now - last_used_at > timedelta(minutes=1):
        AccessToken.objects.filter(pk=token_id).update(last_used_at=now)
