"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="accounts.view",
        label=_("See users and roles"),
        defaults={
            Role.ADMINISTRATOR: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.BRANCH_MANAGER: Scope.UNIT,
        },
    ),
    Permission(
        code="accounts.edit",
        label=_("Change users and roles"),
        defaults={
            Role.ADMINISTRATOR: Scope.ALL,
        },
    ),
    Permission(
        code="accounts.tokens",
        label=_("Use personal API tokens"),
        defaults={
            Role.ADMINISTRATOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "User.username": PersonalData(Kind.NAME),
    "User.display_name": PersonalData(Kind.NAME),
    "User.email": PersonalData(Kind.EMAIL),
    "User.staff_no": NOT_PERSONAL,
    "User.mobile": PersonalData(Kind.MOBILE),
    "User.language": NOT_PERSONAL,
    "User.theme": NOT_PERSONAL,
    "User.density": NOT_PERSONAL,
    "RoleDefinition.code": NOT_PERSONAL,
    "RoleDefinition.name_zh": NOT_PERSONAL,
    "RoleDefinition.name_en": NOT_PERSONAL,
    "RoleDefinition.known_permissions": NOT_PERSONAL,
    "Grant.permission": NOT_PERSONAL,
    "Grant.scope": NOT_PERSONAL,
    "AccessToken.name": NOT_PERSONAL,
    "AccessToken.digest": PersonalData(Kind.CREDENTIAL, Protection.HASHED),
    "AccessToken.permissions": NOT_PERSONAL,
    "IdempotentCall.key": NOT_PERSONAL,
    "IdempotentCall.fingerprint": NOT_PERSONAL,
    "IdempotentCall.body_sealed": PersonalData(Kind.FREE_TEXT, Protection.ENCRYPTED),
    "CacheEntry.cache_key": NOT_PERSONAL,
    "CacheEntry.value": NOT_PERSONAL,
    "User.password": PersonalData(Kind.CREDENTIAL, Protection.HASHED),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "accounts.sign_in": _("Signed in"),
    "accounts.sign_in_failed": _("Sign-in failed"),
    "accounts.sign_out": _("Signed out"),
    "accounts.end_session": _("Ended a session"),
    "accounts.change_password": _("Changed the password"),
    "accounts.reset_password": _("Set a new password by mail"),
    "accounts.add_second_factor": _("Set up a second factor"),
    "accounts.remove_second_factor": _("Removed a second factor"),
    "accounts.reset_second_factor": _("Cleared a second factor"),
    "accounts.renew_recovery_codes": _("Renewed the recovery codes"),
    "accounts.create_user": _("Created a user"),
    "accounts.change_user": _("Changed a user"),
    "accounts.invite": _("Sent an invitation"),
    "accounts.activate": _("Let a user sign in again"),
    "accounts.deactivate": _("Shut a user out"),
    "accounts.open_demo_log_in": _("Opened a demo log-in"),
    "accounts.create_role": _("Created a role"),
    "accounts.change_grants": _("Changed what a role may do"),
    "accounts.create_token": _("Made a personal token"),
    "accounts.revoke_token": _("Revoked a personal token"),
}
THINGS: dict[str, str] = {"user": _("User"), "role": _("Role"), "token": _("Personal token")}


class UserNotFound(Exception):
    """There is no such user, or they are beyond the actor's reach."""


class RoleNotFound(Exception):
    """There is no role with this code."""


class TokenNotFound(Exception):
    """There is no such living token, or it is somebody else's."""


class UsernameTaken(Exception):
    """Somebody has this user name or staff number already."""


class NotGrantable(ValueError):
    """A permission that no room knows."""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Both parts of the one-time address where a user sets their password."""

    uid: str
    key: str


@dataclass(frozen=True, kw_only=True)
class RoleSummary:
    code: str
    name: str
    is_shipped: bool
    version: int
    grant_count: int


class SignedInUser(Protocol):
    """What other rooms need to know of a user."""

    id: UUID
    username: str
    display_name: str


@dataclass(frozen=True)
class Call:
    """An idempotent API call: mine to make, somebody's with another content, or already answered."""

    call_id: UUID
    is_mine: bool
    is_other: bool
    status: int | None = None
    body: str = ""
