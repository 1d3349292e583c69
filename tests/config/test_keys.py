"""Rotating the keys: killed in the middle and gone on with, both keys readable meanwhile, the old one retired."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from anxin.book.customers.models import ContactPoint, IdentityDocument
from anxin.book.customers.services import contacts
from anxin.config import keys, secrets_store
from anxin.config.signin import SecondFactorAdapter
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.models import KeyProof
from anxin.kernel import vault
from anxin.kernel.encryption import KeyMissing, KeyRing
from tests import another, build
from tests.build import NOW

PEOPLE = 30
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own_ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyRing]:
    """The ring that the test database was made with, in a folder of this test."""
    ring = vault.ring()
    monkeypatch.setattr(secrets_store, "folder", lambda _name: tmp_path)
    (tmp_path / secrets_store.RING).write_text(ring.dumps())
    yield ring
    vault.install(ring)


def numbers() -> list[str]:
    ring = vault.ring()
    return sorted(
        ring.open(bytes(row.value_sealed), table="customers_contactpoint", column="value_sealed", row=row.id)
        for row in ContactPoint.objects.all()
    )


def history_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_contactpointevent")
        return int(cursor.fetchone()[0])


def people() -> list[str]:
    cast = build.make_cast()
    made = [f"139{at:08d}" for at in range(PEOPLE)]
    for mobile in made:
        party = build.person(manager=cast.manager, unit=cast.pudong, mobile=mobile)
    # One change, so that the history holds a sealed copy.
    point = ContactPoint.objects.get(party=party)
    contacts.mark_bad(actor=build.actor(cast.manager), now=NOW, ref=party.ref, item=point.pk)
    Authenticator.objects.create(
        user=cast.manager, type="totp", data={"secret": SecondFactorAdapter().encrypt("GEZDGNBV")}
    )
    return made


def rotate_until_killed(ring: str) -> None:
    """In another process: dies in the middle of the first table with several portions."""
    vault.install(KeyRing.loads(ring))

    def die(_table: str, done: int) -> None:
        if done >= 8:
            os.kill(os.getpid(), signal.SIGKILL)

    privacy.reseal(portion=4, progress=die)


def test_killed_in_the_middle_it_goes_on_and_the_old_key_is_needed_no_more(own_ring: KeyRing, tmp_path: Path) -> None:
    made = people()
    before = history_rows()
    assert before >= 1
    pauses: list[int] = []
    active = keys.begin(pause=lambda: pauses.append(1), say=lambda _text: None)
    assert active != own_ring.active and len(pauses) == 2
    child = another.process(rotate_until_killed, vault.ring().dumps())
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    left = privacy.count_left()
    assert 0 < left < PEOPLE + before, "some bear the new key, some the old one"
    assert numbers() == made, "both keys open meanwhile"
    with pytest.raises(keys.RotationRefused, match="still bear"):
        keys.retire()
    assert keys.begin(pause=lambda: None, say=lambda _text: None) == active, "gone on with, not begun anew"
    assert keys.reseal() >= left
    assert privacy.count_left() == 0
    assert history_rows() == before, "the same value under another key is no change"
    (kept,) = keys.retire()
    assert KeyRing.loads((tmp_path / kept).read_text()).key_ids == (own_ring.active, active)
    assert (tmp_path / kept).stat().st_mode & 0o077 == 0
    assert secrets_store.key_ring().key_ids == (active,)
    assert numbers() == made
    secret = Authenticator.objects.get().data["secret"]
    assert SecondFactorAdapter().decrypt(secret) == "GEZDGNBV"
    privacy.verify_keys()
    KeyProof.objects.all().delete()
    vault.install(own_ring)
    privacy.ensure_key_proof()
    with pytest.raises(KeyMissing):
        numbers()


def test_every_sealed_column_is_found_with_its_history() -> None:
    places = {(place.table, place.column): place for place in privacy.sealed_columns()}
    assert ("customers_contactpoint", "value_sealed") in places
    assert places["customers_contactpointevent", "value_sealed"].bound_to == "customers_contactpoint"
    assert (IdentityDocument._meta.db_table, "number_sealed") in places
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name LIKE %s", ["%%sealed"]
        )  # fmt: skip
        stored = set(cursor.fetchall()) - {("privacy_keyproof", "sealed")}
    assert stored - set(places) == set(), "sealed columns that a rotation would forget"


def test_a_process_that_runs_on_takes_up_a_new_key(own_ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1_000.0]
    monkeypatch.setattr(vault.time, "monotonic", lambda: moment[0])
    monkeypatch.setattr(vault, "_looked", 0.0)
    secrets_store.key_ring()
    vault.install(own_ring, secrets_store.fresh_ring)
    wider = own_ring.with_new_key()
    vault.ring()
    secrets_store.replace_ring(wider)
    moment[0] += vault.LOOK_EVERY + 1
    assert vault.ring().active == wider.active
    foreign: Any = KeyRing.generate()
    secrets_store.replace_ring(foreign)
    moment[0] += vault.LOOK_EVERY + 1
    with pytest.raises(KeyMissing):
        vault.ring()
