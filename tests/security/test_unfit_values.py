"""What fits no column is refused, not stumbled over: NULs, half surrogate pairs, numbers too large, days too far."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client

import anxin
from anxin.kernel import permissions
from tests import build
from tests.architecture.addresses import Address
from tests.architecture.test_permission_table import path_of, undone
from tests.build import Cast
from tests.config.test_api import token
from tests.security.test_responses import with_method

NUL, HALF = "\x00", "\ud83d"
UNFIT = (
    NUL,
    HALF,
    "9" * 5_000,
    "-1",
    "2026-02-30",
    "9999-12-31",
    "0000-00-00",
    "x" * 3_000,
    "'\"<>",
    "１２",
    "1e999",
    "%",
)


def parameters() -> list[str]:
    """Every name that some page reads from its address: straight, or by a form."""
    names: set[str] = set()
    for file in Path(anxin.__path__[0]).rglob("*.py"):
        text = file.read_text()
        names |= set(re.findall(r'(?:GET|params)\.get(?:list)?\(\s*"([^"]+)"', text))
        if "forms" in str(file) or "filters" in file.name:
            names |= set(re.findall(r"^    (\w+) = forms\.", text, re.MULTILINE))
    assert len(names) > 100
    return sorted(names)


def sent(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"))


def stumbles(client: Client, address: Address, value: str, names: list[str]) -> bool:
    """Whether the page fails. In slices: an address has its length, and the first name refused hides the others."""
    with undone():
        query = "&".join(f"{quote(name)}={sent(value)}" for name in names)
        return client.get(f"{path_of(address)}?{query}").status_code >= 500


@pytest.mark.parametrize(
    "path",
    [
        "/org/?q=",
        "/org/staff/?q=",
        "/upkeep/files/?source=",
        "/knowledge/?q=",
        "/audit/?who=",
    ],
)
def test_a_page_refuses_a_nul_in_its_address(path: str, cast: Cast, client: Client) -> None:
    for user in (cast.steward, cast.manager, cast.auditor):
        client.force_login(user)
        client.raise_request_exception = False
        with undone():
            assert client.get(path + sent(NUL)).status_code < 500


def test_the_api_refuses_texts_that_cannot_be_stored(cast: Cast, client: Client) -> None:
    file = build.person(manager=cast.manager, unit=cast.pudong)
    headers = {"authorization": f"Bearer {token(cast.manager, 'customers.view', 'customers.edit', 'customers.create')}"}
    for value in (NUL, HALF):
        for path, body in (
            (f"/api/v1/customers/{file.ref}/notes", {"text": value}),
            ("/api/v1/customers", {"kind": "person", "name": f"王{value}明"}),
        ):
            with undone():
                answer = client.post(path, json.dumps(body), "application/json", headers=headers)
                assert answer.status_code == 422, (path, value)
    for field in ("name", "education", "sex", "is_deceased", "birth_date"):
        body = {"kind": "person", "values": {"name": "王小明", field: None}}
        with undone():
            answer = client.post("/api/v1/customers", json.dumps(body), "application/json", headers=headers)
            assert answer.status_code == (422 if field == "name" else 201), field
    for path in ("/api/v1/customers?limit=" + "9" * 40, "/api/v1/search?q=%00", "/api/v1/customers?q=%00"):
        assert client.get(path, headers=headers).status_code < 500, path


@pytest.mark.slow
def test_no_page_stumbles_over_what_stands_in_its_address(cast: Cast, client: Client) -> None:
    names = parameters()
    slices = [names[at::3] for at in range(3)]
    client.raise_request_exception = False
    found = []
    for user in (cast.manager, cast.steward, cast.administrator):
        client.force_login(user)
        may = set(build.actor(user).grants)
        for address in with_method("GET"):
            if address.declared in permissions.registered() and address.declared not in may:
                continue
            for value in UNFIT:
                single = [one for part in slices if stumbles(client, address, value, part) for one in part]
                found += [
                    f"{address.name}?{one}={value[:12]!a}" for one in single if stumbles(client, address, value, [one])
                ]
    assert found == []
