"""The register shows what the rooms declare; a process with other keys does not start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.test import Client

from anxin.foundation.privacy import queries, services
from anxin.foundation.privacy.data import WrongKeys
from anxin.kernel import vault
from anxin.kernel.encryption import KeyRing
from tests.build import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_ring() -> Iterator[KeyRing]:
    ring = vault.ring()
    yield ring
    vault.install(ring)


def test_the_right_keys_pass(own_ring: KeyRing) -> None:
    services.verify_keys()


def test_other_keys_are_refused(own_ring: KeyRing) -> None:
    vault.install(KeyRing.generate())
    with pytest.raises(WrongKeys):
        services.verify_keys()


def test_another_blind_key_alone_is_refused(own_ring: KeyRing) -> None:
    import json

    data, other = json.loads(own_ring.dumps()), json.loads(KeyRing.generate().dumps())
    vault.install(KeyRing.loads(json.dumps({**data, "blind": other["blind"]})))
    with pytest.raises(WrongKeys, match="blind"):
        services.verify_keys()


def test_a_rotated_ring_passes_and_the_old_key_can_go_after_renewal(own_ring: KeyRing) -> None:
    rotated = own_ring.with_new_key()
    vault.install(rotated)
    services.verify_keys()
    services.renew_key_proof()
    vault.install(rotated.without_key(own_ring.active))
    services.verify_keys()


PROGRAM = """
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = "{name}"
from django.db import connection
connection.ensure_connection()
print("connected")
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_with_other_keys_gets_no_connection() -> None:
    from django.conf import settings

    services.ensure_key_proof()

    # That one with the right keys is let in, every other test with a process of its own shows.
    refused = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(name=settings.DATABASES["default"]["NAME"])],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "ANXIN_KEYS": KeyRing.generate().dumps()},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused.returncode != 0
    assert "WrongKeys" in refused.stderr
    assert "connected" not in refused.stdout


def test_the_register_lists_the_columns_of_every_room() -> None:
    lines = queries.register(with_all=True)
    assert {"accounts", "customers", "audit"} <= {line.room for line in lines}
    assert all(line.is_personal for line in queries.register())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_register_page_opens(client: Client, cast: Cast, language: str) -> None:
    client.force_login(cast.auditor)
    client.cookies["django_language"] = language
    assert client.get("/privacy/").status_code == 200
    rows = client.get("/privacy/?kind=document&all=1").context["rows"]
    assert {row["line"].entry.kind for row in rows} == {"document"}
