"""A security key for real: registered and used in Chromium with its virtual authenticator (WebAuthn, CTAP 2)."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from anxin.foundation.accounts.models import User
from anxin.kernel.permissions import Role
from tests import build
from tests.browsing import MARKS, Seat, Visit
from tests.build.people import PASSWORD

pytestmark = MARKS
KEY = {
    "protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


SECRET = """async () => {
    const pair = await crypto.subtle.generateKey({name: "ECDSA", namedCurve: "P-256"}, true, ["sign"]);
    return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey))));
}"""


@pytest.fixture
def user(db: None, settings: Any) -> User:
    settings.MFA_REQUIRED = True
    return build.user(username="gu", role=Role.CUSTOMER_MANAGER, unit=build.unit(), password=PASSWORD)


def plug_in(seat: Seat) -> tuple[Any, str]:
    """A key in the USB port of this browser; returns the way to it and its id."""
    wire = seat.page.context.new_cdp_session(seat.page)
    wire.send("WebAuthn.enable")
    return wire, wire.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def sign_in(seat: Seat) -> Any:
    page = seat.go("/accounts/login/")
    page.fill("[name=login]", "gu")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    return page


def test_a_security_key_is_registered_and_opens_the_second_door(user: User, visit: Visit) -> None:
    seat = visit()
    wire, key = plug_in(seat)
    page = sign_in(seat)
    page.wait_for_url("**/2fa/totp/activate/")
    page.get_by_role("link", name="改用安全密钥").click()
    page.locator("[name=name]").fill("蓝色钥匙")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/2fa/recovery-codes/")
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    seat.go("/customers/")
    assert page.locator("#main h1").count() == 1, "the session that registered it may work"

    (credential,) = wire.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    other = visit()
    wire, key = plug_in(other)
    page = sign_in(other)
    page.wait_for_url("**/2fa/authenticate/")
    wire.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": credential})
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(f"{other.url}/")
    other.go("/customers/")
    assert page.locator("#main h1").count() == 1


def test_a_key_with_another_secret_does_not_open_it(user: User, visit: Visit) -> None:
    seat = visit()
    wire, key = plug_in(seat)
    page = sign_in(seat)
    page.wait_for_url("**/2fa/totp/activate/")
    seat.go("/accounts/2fa/webauthn/add/")
    # What somebody has who knows the name of a registered key but not its secret.
    foreign = page.evaluate(SECRET)
    page.locator("[name=name]").fill("蓝色钥匙")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/2fa/recovery-codes/")
    (credential,) = wire.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    stranger = visit()
    wire, key = plug_in(stranger)
    page = sign_in(stranger)
    page.wait_for_url("**/2fa/authenticate/")
    wire.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": {**credential, "privateKey": foreign}})
    with page.expect_navigation():
        page.locator("#mfa_webauthn_authenticate").click()
    stranger.go("/customers/")
    assert not page.url.endswith("/customers/"), "not signed in"
