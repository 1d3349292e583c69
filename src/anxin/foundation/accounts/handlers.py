"""What allauth tells about signing in, written to the audit trail."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.http import HttpRequest

from anxin.foundation.accounts import queries, services
from anxin.foundation.accounts.models import User
from anxin.foundation.audit import services as audit
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def connect() -> None:
    """Called once when the app is ready."""
    auth.user_logged_in.connect(on_signed_in)
    auth.user_logged_out.connect(on_signed_out)
    auth.user_login_failed.connect(on_sign_in_failed)
    account.authentication_step_completed.connect(on_step)
    account.password_changed.connect(_recorded("accounts.change_password"), weak=False)
    account.password_reset.connect(_recorded("accounts.reset_password"), weak=False)
    mfa.authenticator_added.connect(on_factor_added)
    mfa.authenticator_removed.connect(on_factor_removed)
    mfa.authenticator_reset.connect(_recorded("accounts.renew_recovery_codes"), weak=False)


def _record(request: HttpRequest | None, user: User, action: str) -> None:
    actor = Actor(
        user_id=user.pk,
        username=user.username,
        display_name=user.display_name,
        address=(get_client_ip(request) or "") if request is not None else "",
        request_ref=request.META.get("ANXIN_REQUEST_REF", "") if request is not None else "",
    )
    audit.record(
        actor=actor, now=clock.now(), action=action, object_kind="user", object_id=user.pk, object_ref=user.username
    )


def _recorded(action: str) -> Any:
    def receive(*, request: HttpRequest, user: User, **_: object) -> None:
        _record(request, user, action)

    return receive


def on_signed_in(*, request: HttpRequest, user: User, **_: object) -> None:
    services.begin_session(request.session, now=clock.now())
    _record(request, user, "accounts.sign_in")


def on_signed_out(*, request: HttpRequest, user: User | None, **_: object) -> None:
    if user is not None:
        _record(request, user, "accounts.sign_out")


def on_sign_in_failed(*, request: HttpRequest | None = None, credentials: dict[str, Any], **_: object) -> None:
    # A name nobody has may be a password typed into the wrong field: it is not written down.
    user = queries.find_user(str(credentials.get("username", "")))
    if user is not None:
        _record(request, user, "accounts.sign_in_failed")


def on_step(*, request: HttpRequest, method: str, **_: object) -> None:
    if method == "mfa":
        services.pass_second_factor(request.session)


def on_factor_added(*, request: HttpRequest, user: User, authenticator: Any, **_: object) -> None:
    if authenticator.type != "recovery_codes":
        services.pass_second_factor(request.session)
    _record(request, user, "accounts.add_second_factor")


def on_factor_removed(*, request: HttpRequest, user: User, **_: object) -> None:
    if not queries.has_second_factor(user.pk):
        services.forget_second_factor(request.session)
    _record(request, user, "accounts.remove_second_factor")
