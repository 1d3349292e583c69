"""S6: every answer of a crawl over every address, as seen by a stranger and by an administrator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import build
from tests.architecture.addresses import Address, addresses
from tests.architecture.test_permission_table import path_of, rows, undone
from tests.build import Cast
from tests.build.people import PASSWORD
from tests.security import processes

# What looking may write: the trail of views, the session, the counters behind sign-in.
MAY_WRITE = {"audit_entry", "django_session", "usersessions_usersession", "anxin_cache"}
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?', re.IGNORECASE)


def with_method(method: str) -> Iterator[Address]:
    methods = {row.name: row.methods for row in rows()}
    for address in addresses():
        if method in methods.get(address.name, ()) and not address.is_api:
            yield address


@dataclass(frozen=True)
class Seen:
    """An answer to looking at an address, and the tables that were written for it."""

    address: Address
    answer: HttpResponse
    written: frozenset[str]


_crawls: dict[str, list[Seen]] = {}


def crawl(visitor: str, request: pytest.FixtureRequest) -> list[Seen]:
    """Every address as the visitor sees it. Crawled once for all that is asked about the answers."""
    if visitor not in _crawls:
        cast, client = request.getfixturevalue("cast"), Client()
        if visitor != "stranger":
            client.force_login(getattr(cast, visitor))
        found = []
        for address in with_method("GET"):
            with undone(), CaptureQueriesContext(connection) as queries:
                answer: Any = client.get(path_of(address))
            written = {match[1] for query in queries for match in [WRITE.match(query["sql"])] if match}
            found.append(Seen(address, answer, frozenset(written)))
        _crawls[visitor] = found
    assert len(_crawls[visitor]) > 100
    return _crawls[visitor]


@pytest.mark.parametrize("visitor", ["stranger", "administrator"])
def test_every_answer_carries_a_strict_policy(visitor: str, request: pytest.FixtureRequest) -> None:
    bad, nonces = [], []
    for seen in crawl(visitor, request):
        address, answer = seen.address, seen.answer
        policy = answer.get("Content-Security-Policy", "")
        nonce = re.search(r"'nonce-([^']+)'", policy)
        if not nonce or "unsafe" in policy or "default-src 'self'" not in policy or "*" in policy:
            bad.append(f"{address.name}: {policy or 'no policy'}")
            continue
        nonces.append(nonce[1])
        for name, value in (("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff")):
            if answer.get(name) != value:
                bad.append(f"{address.name}: {name} is {answer.get(name)}")
        if "html" in answer.get("Content-Type", "") and not answer.streaming:
            bad += [f"{address.name}: {found}" for found in inline(answer.content.decode(), nonce[1])]
    assert bad == []
    assert len(set(nonces)) == len(nonces), "a nonce is used once"


def inline(page: str, nonce: str) -> list[str]:
    """What the policy would block: handlers, inline styles, scripts without the nonce."""
    bad = [match.group()[:60] for match in re.finditer(r"<[a-z][^>]*\s(?:on\w+|style)=", page)]
    for match in re.finditer(r"<script\b([^>]*)>", page):
        attributes = match.group(1)
        if "src=" not in attributes and nonce not in attributes and "application/json" not in attributes:
            bad.append(match.group()[:60])
    return bad


def test_a_planted_inline_handler_is_found() -> None:
    assert inline('<button class="b" onclick="go()">', "n")
    assert inline('<p style="color:red">', "n")
    assert inline("<script>go()</script>", "n")
    assert inline('<script nonce="n">go()</script><script src="/a.js"></script>', "n") == []


def test_what_was_seen_signed_in_is_never_stored(request: pytest.FixtureRequest) -> None:
    seen = crawl("administrator", request)
    assert [one.address.name for one in seen if "no-store" not in one.answer.get("Cache-Control", "")] == []


@pytest.mark.parametrize("visitor", ["stranger", "administrator"])
def test_looking_changes_nothing(visitor: str, request: pytest.FixtureRequest) -> None:
    bad = [
        f"{seen.address.name}: {', '.join(sorted(seen.written - MAY_WRITE))}"
        for seen in crawl(visitor, request)
        if seen.written - MAY_WRITE
    ]
    assert bad == []


def test_every_unsafe_request_needs_the_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator)
    bad = []
    for address in with_method("POST"):
        with undone():
            answer = client.post(path_of(address))
        # What answers 404 or 405 to everybody never comes so far as to change something.
        if answer.status_code not in {403, 404, 405}:
            bad.append(f"{address.name}: {answer.status_code}")
    assert bad == []


def test_cookies_are_closed_to_scripts_and_other_sites(client: Client) -> None:
    from django.conf import settings

    build.user(username="li", password=PASSWORD)
    client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


test_cookies_are_closed_to_scripts_and_other_sites = pytest.mark.django_db(
    test_cookies_are_closed_to_scripts_and_other_sites
)

PRODUCTION = """
    import json
    from django.test import Client
    client = Client(HTTP_HOST="crm.example.com")
    plain = client.get("/accounts/login/")
    page = client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": "li", "password": %r}, secure=True)
    language = client.post("/i18n/setlang/", {"language": "en"}, secure=True)
    print(json.dumps({
        "plain": [plain.status_code, plain.headers.get("Location")],
        "hsts": page.headers.get("Strict-Transport-Security"),
        "cookies": {name: dict(cookie) for name, cookie in client.cookies.items()},
    }))
"""


@pytest.mark.django_db(transaction=True)
def test_a_public_server_speaks_https_only_with_host_cookies() -> None:
    build.user(username="li", password=PASSWORD)
    result = processes.run(PRODUCTION % PASSWORD, ANXIN_HOSTS="crm.example.com")
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["plain"] == [301, "https://crm.example.com/accounts/login/"]
    assert "max-age=31536000" in told["hsts"]
    assert {"__Host-anxin-session", "__Host-anxin-csrf"} <= set(told["cookies"])
    for name, cookie in told["cookies"].items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] in {"Lax", "Strict"}
        assert cookie["path"] == "/"
        assert not cookie["domain"]
