"""Every address × every role: exactly who may, from one table. An address without a row fails the build.

At each address one role that may is tried over HTTP, and one that may not. The others are put before the gate itself,
the function that answers at that address, as the middleware would let them in: what it would cost to look up a session
and a post four thousand times more tells nothing about the gate. Who gets as far as the database there is inside, for
every check of a permission comes before it. `-m slow` tries all over HTTP.

Objects that do not exist stand in for arguments: permission comes before existence, so the answers still tell. Whether
an object of another branch is refused is `tests/security/test_row_scope.py`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import NoReverseMatch, resolve, reverse

from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import User
from anxin.kernel import clock, permissions
from anxin.kernel.actor import Actor
from tests import build
from tests.architecture.addresses import CLOSED, PROVEN, PUBLIC, SIGNED_IN, STAGE, Address, Row, addresses, rows
from tests.build import Cast

ROLES = [
    "manager",
    "outsider",
    "team_lead",
    "branch_manager",
    "head_office",
    "agent",
    "auditor",
    "administrator",
    "steward",
    "protector",
]
NO_POST = "nobody"  # who may sign in and has no post: no permission at all
NOBODY = UUID(int=0)
STAND_IN = {
    "uuid": str(NOBODY),
    "int": "987654321",
    "slug": "nothing",
    "str": "nothing",
    "path": "nothing",
    "customer": "ZZZZ-ZZZZ",
}


def test_every_address_has_exactly_one_row_and_every_row_an_address() -> None:
    known, listed = {address.name for address in addresses()}, Counter(row.name for row in rows())
    assert sorted(known - set(listed)) == [], "addresses without a row in permission_table.csv"
    assert sorted(set(listed) - known) == [], "rows without an address"
    assert [name for name, count in listed.items() if count > 1] == []


def test_every_row_says_what_the_code_says() -> None:
    by_name = {row.name: row for row in rows()}
    bad = []
    for address in addresses():
        row = by_name.get(address.name)
        if row is None:
            continue
        if address.declared is not None and row.who != address.declared:
            bad.append(f"{address.name}: {row.who} in the table, {address.declared} in the code")
        if address.methods is not None and set(row.methods) != set(address.methods):
            bad.append(f"{address.name}: {row.methods} in the table, {address.methods} in the code")
        if address.is_api and address.declared is None and row.who not in {PUBLIC, SIGNED_IN}:
            bad.append(f"{address.name}: the operation declares no permission")
    assert bad == []


def test_every_page_of_ours_declares_its_permission() -> None:
    rooms = {address.name for address in addresses() if ":" in address.name and not address.is_api}
    assert sorted(address.name for address in addresses() if address.name in rooms and address.declared is None) == []


def test_every_permission_in_the_table_exists() -> None:
    words = {PUBLIC, SIGNED_IN, STAGE, CLOSED, PROVEN}
    assert {row.who for row in rows()} - words <= set(permissions.registered())


def path_of(address: Address) -> str:
    arguments = {
        name: kind[1:] if kind.startswith("=") else STAND_IN.get(kind, "nothing")
        for name, kind in address.arguments.items()
    }
    if address.is_api:
        path = "/" + address.route
        for name in arguments:
            path = path.replace(f"{{{name}}}", arguments[name])
        return path
    try:
        return reverse(address.name, kwargs=arguments)
    except NoReverseMatch:
        return "/accounts/signup/" if address.name == "closed" else "/" + address.route


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Whatever a request changes is undone before the next one."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        return


def ask(client: Client, address: Address, row: Row, **headers: Any) -> HttpResponse:
    method = "GET" if "GET" in row.methods else row.methods[0]
    path, body, kind = path_of(address), b"", "application/x-www-form-urlencoded"
    if address.is_api:
        # The shape of a call is judged before its permission: an empty one would answer 422 to everybody.
        path += query_of(address)
        body, kind = json.dumps(body_of(address)).encode(), "application/json"
        if form := upload_of(address):
            body, kind = encode_multipart(BOUNDARY, form), MULTIPART_CONTENT
    with undone():
        answer: Any = client.generic(method, path, body, content_type=kind, **headers)
    return answer


@cache
def _openapi() -> dict[str, Any]:
    from anxin.config.api import api

    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return schema


def _operation(address: Address) -> dict[str, Any]:
    _api, method, path = address.name.split(" ", 2)
    operation: dict[str, Any] = _openapi()["paths"][f"/api/v1{path}"][method.lower()]
    return operation


def _content(address: Address, kind: str) -> Any:
    content = _operation(address).get("requestBody", {}).get("content", {}).get(kind)
    return _smallest(content["schema"]) if content else {}


def body_of(address: Address) -> Any:
    """The smallest body that fits the published schema of an operation."""
    return _content(address, "application/json")


def upload_of(address: Address) -> dict[str, Any]:
    """The smallest form for an operation that takes a file; nothing for the others."""
    form: dict[str, Any] = _content(address, "multipart/form-data")
    return form


def query_of(address: Address) -> str:
    """Every parameter an operation insists on."""
    given = [one for one in _operation(address).get("parameters", []) if one["in"] == "query" and one.get("required")]
    return "?" + urlencode({one["name"]: _smallest(one["schema"]) for one in given}) if given else ""


def _smallest(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _smallest(_openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for word in ("allOf", "anyOf", "oneOf"):
        if word in schema:
            return _smallest(schema[word][0])
    if schema.get("format") == "binary":
        return SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    if "enum" in schema:
        return schema["enum"][0]
    if examples := schema.get("examples"):
        return examples[0]
    if schema.get("type") == "object":
        wanted = schema.get("required", [])
        return {name: _smallest(part) for name, part in schema.get("properties", {}).items() if name in wanted}
    plain = {"array": [], "integer": schema.get("minimum", 1), "number": 1, "boolean": True}
    return plain.get(schema.get("type", ""), "x")


class _Inside(Exception):
    pass


def _stop(*_statement: Any) -> None:
    raise _Inside


def at_the_gate(actor: Actor, address: Address, method: str) -> HttpResponse | None:
    """What the function that answers at an address tells somebody whom the middleware let in as `actor`.

    None: nothing, as the actor came as far as the database, or found nothing there.
    """
    path = path_of(address)
    found = resolve(path)
    request = RequestFactory().generic(method, path)
    request.actor, request.user = actor, User(pk=actor.user_id)  # type: ignore[attr-defined]
    with undone(), connection.execute_wrapper(_stop):
        try:
            answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
        except (_Inside, Http404):
            return None
    return answer


def over_http(role: str, grants: dict[str, set[str]]) -> frozenset[str]:
    """The addresses where `role` is the one that is let in, or the one that is refused, over HTTP."""
    found = set()
    for row in rows():
        within = [name for name in grants if row.who == SIGNED_IN or row.who in grants[name]]
        for some in (within, [name for name in grants if name not in within]):
            if some and some[crc32(row.name.encode()) % len(some)] == role:
                found.add(row.name)
    return frozenset(found)


def is_refusal(answer: HttpResponse) -> bool:
    return answer.status_code in {401, 403} or is_sent_to_sign_in(answer)


def is_sent_to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/accounts/login")


def findings(
    client: Client, grants: set[str] | None, at_gate: Actor | None = None, asked: frozenset[str] = frozenset(),
    **headers: Any,
) -> list[str]:  # fmt: skip
    """What does not answer as the table says for someone with these grants; None: for a stranger.

    With `at_gate`, the gate is asked for that actor, but for the addresses `asked` over HTTP.
    """
    bad = []
    by_name = {address.name: address for address in addresses()}
    for row in rows():
        address = by_name.get(row.name)
        # Signing out is tried elsewhere; the error page of single sign-on says 401 by design.
        if address is None or row.name in {"account_logout", "socialaccount_login_error"}:
            continue
        if address.is_api != bool(headers) and grants is not None:
            continue
        may = row.who == PUBLIC or (grants is not None and (row.who == SIGNED_IN or row.who in grants))
        # Only a page of ours has a gate that can be asked, and it is the one that holds the declared permission.
        if at_gate is None or row.name in asked or not address.declared or address.is_api:
            answer = ask(client, address, row, **headers)
        elif found := at_the_gate(at_gate, address, row.methods[0]):
            answer = found
        elif may:
            continue
        else:
            bad.append(f"{row.name} ({row.who}): let in")
            continue
        status = answer.status_code
        if row.who == CLOSED:
            right = status == 404
        elif row.who == STAGE:
            right = status == 302
        elif row.who == PROVEN and grants is not None:
            right = status < 500
        elif may:
            right = not is_refusal(answer) and status < 500
        elif grants is None:
            right = status == 401 if address.is_api else is_sent_to_sign_in(answer)
        else:
            right = status == 403
        if not right:
            bad.append(f"{row.name} ({row.who}): {status} {answer.get('Location', '')}")
    return bad


@pytest.mark.django_db
def test_a_stranger_gets_nothing_but_the_way_in(client: Client) -> None:
    assert "\n".join(findings(client, None)) == ""


def grants_of(cast: Cast) -> dict[str, set[str]]:
    return {name: set(build.actor(getattr(cast, name)).grants) for name in ROLES} | {NO_POST: set()}


@pytest.mark.parametrize("role", [*ROLES, NO_POST])
def test_a_role_reaches_exactly_what_the_table_gives_it(role: str, cast: Cast, client: Client) -> None:
    user: User = build.user() if role == NO_POST else getattr(cast, role)
    client.force_login(user)
    actor, grants = build.actor(user), grants_of(cast)
    assert set(actor.grants) == grants[role]
    assert "\n".join(findings(client, grants[role], at_gate=actor, asked=over_http(role, grants))) == ""


def test_the_gate_lets_in_whoever_has_the_permission_and_nobody_else(cast: Cast) -> None:
    actor = build.actor(cast.manager)
    for address in addresses():
        if address.name in {"renewals:list", "desk:move"}:
            assert address.declared in actor.grants and address.methods
            let_in = at_the_gate(actor, address, address.methods[0])
            assert let_in is None or not is_refusal(let_in), address.name
            told = at_the_gate(replace(actor, grants={}), address, address.methods[0])
            assert told is not None and told.status_code == 403, address.name


@pytest.mark.slow
@pytest.mark.parametrize("role", [*ROLES, NO_POST])
def test_a_role_reaches_the_same_over_http(role: str, cast: Cast, client: Client) -> None:
    user: User = build.user() if role == NO_POST else getattr(cast, role)
    client.force_login(user)
    assert "\n".join(findings(client, grants_of(cast)[role])) == ""


@pytest.mark.parametrize("role", ["manager", "auditor", "administrator", "steward"])
def test_a_token_reaches_exactly_what_its_owner_may(role: str, cast: Cast, client: Client) -> None:
    user: User = getattr(cast, role)
    _token, secret = accounts.create_token(
        actor=build.actor(user), now=clock.now(), user_id=user.id, name="x", codes=sorted(permissions.registered()),
        lifetime=timedelta(days=1),
    )  # fmt: skip
    grants = set(build.actor(user).grants)
    assert "\n".join(findings(client, grants, headers={"authorization": f"Bearer {secret}"})) == ""


def test_a_method_that_is_not_listed_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.administrator)
    actor = build.actor(cast.administrator)
    bad = []
    for address in addresses():
        if address.methods is None or address.is_api:
            continue
        for number, method in enumerate(sorted({"GET", "POST", "PUT", "DELETE"} - set(address.methods))):
            if number == 0:
                with undone():
                    answer: Any = client.generic(method, path_of(address))
            else:
                answer = at_the_gate(actor, address, method)
            if answer is None or answer.status_code != 405:
                bad.append(f"{method} {address.name}: {answer and answer.status_code}")
    assert bad == []
