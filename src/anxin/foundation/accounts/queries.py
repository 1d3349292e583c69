"""Reading users, roles and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from anxin.foundation.accounts import rules
from anxin.foundation.accounts.models import AccessToken, Grant
from anxin.kernel.permissions import Scope


def widest_grants(roles: Iterable[str]) -> dict[str, Scope]:
    """Permission code to the widest scope any of `roles` gives."""
    grants: dict[str, Scope] = {}
    for code, scope in Grant.objects.filter(role__in=set(roles)).values_list("permission", "scope"):
        wide = Scope(scope)
        if code not in grants or wide.width > grants[code].width:
            grants[code] = wide
    return grants


def find_token(secret: str, *, now: datetime) -> AccessToken | None:
    """The living token with this secret, with its active user; None otherwise."""
    return (
        AccessToken.objects.select_related("user")
        .filter(digest=rules.token_digest(secret), revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)
        .first()
    )
