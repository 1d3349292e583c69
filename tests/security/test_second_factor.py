"""The permission table where the second factor is asked for: before it nothing opens, after it all is as ever."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from anxin.foundation.accounts.models import User
from tests import build
from tests.architecture.addresses import CLOSED, PUBLIC, STAGE, addresses
from tests.architecture.test_permission_table import ask, findings, grants_of, over_http, rows
from tests.build import Cast

# What is needed to sign in, enrol and leave, and what somebody does about their own way in.
OPEN = ("/accounts/", "/i18n/", "/health/", "/static/")


@pytest.fixture(autouse=True)
def _asked_for(settings: Any) -> None:
    settings.MFA_REQUIRED = True


def test_before_the_second_factor_no_page_opens_to_anyone(cast: Cast, client: Client) -> None:
    client.force_login(cast.administrator)
    known = {address.name: address for address in addresses()}
    bad = []
    for row in rows():
        address = known.get(row.name)
        if address is None or address.is_api or row.who in {PUBLIC, CLOSED, STAGE}:
            continue
        answer: Any = ask(client, address, row)
        if answer.wsgi_request.path.startswith(OPEN):
            continue
        if (answer.status_code, answer.get("Location")) != (302, "/accounts/2fa/totp/activate/"):
            bad.append(f"{row.name}: {answer.status_code}")
    assert bad == []


@pytest.mark.parametrize(
    "role", ["manager", *(pytest.param(name, marks=pytest.mark.slow) for name in ("auditor", "administrator"))]
)
def test_after_it_a_role_reaches_exactly_what_the_table_gives_it(role: str, cast: Cast, client: Client) -> None:
    user: User = getattr(cast, role)
    client.force_login(user)
    session = client.session
    session["second_factor"] = True
    session.save()
    actor = build.actor(user)
    asked = over_http(role, grants_of(cast))
    assert "\n".join(findings(client, set(actor.grants), at_gate=actor, asked=asked)) == ""
