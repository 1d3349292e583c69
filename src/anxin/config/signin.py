"""Sign-in rules for allauth: an administrator makes staff accounts, single sign-on links only to existing ones."""

from __future__ import annotations

import base64
import unicodedata
from typing import Any
from uuid import UUID

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.views import password_reset
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from anxin.foundation.accounts import services as accounts
from anxin.kernel import clock, vault

# allauth encrypts a secret before its row exists: the secrets of all rows share this place.
PLACE: dict[str, Any] = {"table": "mfa_authenticator", "column": "data", "row": UUID(int=0)}


def client_address(request: HttpRequest) -> str:
    """The caller's address; forwarded addresses count only behind the proxies the settings know of."""
    return get_client_ip(request) or ""


def forgotten_password(request: HttpRequest) -> HttpResponse:
    """A link by mail to set a new password; where no mail leaves the instance, the page says so and nothing is made."""
    if not settings.HAS_MAIL:
        return render(request, "account/password_reset.html", {"is_off": True})
    response: HttpResponse = password_reset(request)
    return response


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """The switch of the page head: kept for the user who is signed in, in the browser's cookie for anybody else.

    Computers at the counter are shared, so a signed-in user leaves nothing behind for the next one.
    """
    response: HttpResponse = set_language(request)
    language = request.POST.get("language", "")
    user: Any = request.user
    if user.is_authenticated and language in dict(settings.LANGUAGES):
        accounts.save_look(user_id=user.id, language=language)
        response.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)
    return response


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth adds the Host header, port and all, so that another port would be another ten guesses. And names that
        # the database finds alike (ſhen, SHEN) must count alike.
        name = str(credentials.get("username") or credentials.get("email") or "")
        return unicodedata.normalize("NFKC", name).upper().casefold().strip()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        # Whoever signed in a moment ago is not asked again: the enrolment of a second factor begins right there.
        request = context.request
        latest = max((record["at"] for record in get_authentication_records(request, request.user)), default=0.0)
        return bool(clock.now().timestamp() - latest > app_settings.REAUTHENTICATION_TIMEOUT)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        # An e-mail address is no proof of identity: only an account that its owner linked while signed in is let in.
        if not sociallogin.is_existing and not request.user.is_authenticated:
            raise ImmediateHttpResponse(redirect("account_login"))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps and recovery codes sealed; allauth would store them in clear."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(vault.ring().seal(text, **PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault.ring().open(base64.b64decode(encrypted_text), **PLACE)

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)
