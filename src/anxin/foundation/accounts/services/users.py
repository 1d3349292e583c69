"""Opening and closing the way in for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import IntegrityError, transaction

from anxin.foundation.accounts import access
from anxin.foundation.accounts.data import Invitation, UsernameTaken, UserNotFound
from anxin.foundation.accounts.models import AccessToken, User
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor

LOOK = {"theme", "density", "language", "has_shortcuts"}


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


def invite_user(
    *, actor: Actor, now: datetime, username: str, display_name: str, email: str = "", staff_no: str = "",
    mobile: str = "",
) -> tuple[User, Invitation]:  # fmt: skip
    """A new user without a password, and what opens the page where they set it. Raises UsernameTaken."""
    actor.require("accounts.edit")
    try:
        with transaction.atomic():
            if User.objects.filter(username__iexact=username).exists():
                raise UsernameTaken(username)
            user = create_user(
                actor=actor, now=now, username=username, display_name=display_name, email=email, staff_no=staff_no
            )
            if mobile:
                User.objects.filter(pk=user.pk).update(mobile=mobile)
    except IntegrityError as error:
        raise UsernameTaken(username) from error
    return user, _invitation(user)


def invite_again(*, actor: Actor, now: datetime, user_id: UUID) -> Invitation:
    """A fresh way to set the password. It works once: setting the password makes every earlier one void."""
    actor.require("accounts.edit")
    with transaction.atomic():
        user = access.get_user(actor, user_id, "accounts.edit")
        audit.record(
            actor=actor, now=now, action="accounts.invite", object_kind="user", object_id=user.id,
            object_ref=user.username,
        )  # fmt: skip
    return _invitation(user)


def _invitation(user: User) -> Invitation:
    return Invitation(uid=user_pk_to_url_str(user), key=default_token_generator.make_token(user))


def set_active(*, actor: Actor, now: datetime, user_id: UUID, is_active: bool) -> None:
    """Let a user in again, or shut them out: their sessions end with the next request, their tokens at once."""
    actor.require("accounts.edit")
    with transaction.atomic():
        user = access.get_user(actor, user_id, "accounts.edit")
        if user.is_active == is_active:
            return
        User.objects.filter(pk=user.pk).update(is_active=is_active)
        if not is_active:
            _end_sessions(user.id)
            AccessToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
        audit.record(
            actor=actor, now=now, action="accounts.activate" if is_active else "accounts.deactivate",
            object_kind="user", object_id=user.id, object_ref=user.username,
        )  # fmt: skip


def change_user(*, actor: Actor, now: datetime, user_id: UUID, fields: Mapping[str, str]) -> None:
    """Change name, e-mail, staff number or mobile of a user. Other fields are refused."""
    actor.require("accounts.edit")
    refused = set(fields) - {"display_name", "email", "staff_no", "mobile"}
    if refused:
        raise ValueError(f"Not to be changed here: {', '.join(sorted(refused))}.")
    with transaction.atomic():
        user = access.get_user(actor, user_id, "accounts.edit")
        changed = sorted(name for name, value in fields.items() if getattr(user, name) != value)
        if not changed:
            return
        User.objects.filter(pk=user.pk).update(**{name: fields[name] for name in changed})
        audit.record(
            actor=actor, now=now, action="accounts.change_user", object_kind="user", object_id=user.id,
            object_ref=user.username, detail={"fields": changed},
        )  # fmt: skip


def reset_second_factor(*, actor: Actor, now: datetime, user_id: UUID, reason: str) -> None:
    """For a lost phone: the user enrols a new second factor at the next sign-in. Ends all their sessions."""
    actor.require("accounts.edit")
    with transaction.atomic():
        user = access.get_user(actor, user_id, "accounts.edit")
        Authenticator.objects.filter(user_id=user.id).delete()
        _end_sessions(user.id)
        audit.record(
            actor=actor, now=now, action="accounts.reset_second_factor", object_kind="user", object_id=user.id,
            object_ref=user.username, reason=reason,
        )  # fmt: skip


def end_session(*, actor: Actor, now: datetime, user_id: UUID, session_id: int) -> None:
    """End one session of a user: of one's own, or with `accounts.edit`. Raises UserNotFound."""
    if user_id != actor.user_id and not actor.may("accounts.edit"):
        raise UserNotFound(str(user_id))
    with transaction.atomic():
        session = UserSession.objects.filter(pk=session_id, user_id=user_id).first()
        if session is None:
            raise UserNotFound(str(session_id))
        session.end()
        audit.record(actor=actor, now=now, action="accounts.end_session", object_kind="user", object_id=user_id)


def _end_sessions(user_id: UUID) -> None:
    for session in UserSession.objects.filter(user_id=user_id):
        session.end()


def save_look(*, user_id: UUID, **look: str | bool) -> None:
    """How a user wants pages to look. No audit entry: it is their own, and no one else sees it."""
    refused = set(look) - LOOK
    if refused:
        raise ValueError(f"Not a matter of taste: {', '.join(sorted(refused))}.")
    User.objects.filter(pk=user_id).update(**look)


def open_demo_log_in(*, actor: Actor, now: datetime, user_id: UUID, password: str) -> None:
    """Give a user of a demo instance a password that everybody knows. Refused elsewhere."""
    if not settings.DEMO:
        raise RuntimeError("Known passwords are for demo instances only.")
    with transaction.atomic():
        user = User.objects.get(pk=user_id)
        user.set_password(password)
        user.is_demo = True
        user.is_active = True
        user.save(update_fields=["password", "is_demo", "is_active"])
        audit.record(
            actor=actor, now=now, action="accounts.open_demo_log_in", object_kind="user", object_id=user.id,
            object_ref=user.username,
        )  # fmt: skip
