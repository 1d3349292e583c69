"""Backups that can be restored, and those that must be refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from anxin.book.customers.models import ContactPoint, Party
from anxin.config import safekeeping
from anxin.foundation.accounts.models import User
from anxin.foundation.audit import services as audit
from anxin.foundation.audit.models import Entry
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs.models import Job
from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.kernel.encryption import KeyRing
from tests import build
from tests.build import NOW

NUMBER = "13812345678"


@pytest.fixture
def backup(transactional_db: None, tmp_path: Path) -> Path:
    cast = build.make_cast()
    build.person(name="王小明", manager=cast.manager, mobile=NUMBER)
    file = tmp_path / "anxin.backup"
    safekeeping.backup(file)
    return file


def test_a_drill_finds_a_backup_sound(backup: Path) -> None:
    findings = safekeeping.drill(backup)
    assert len(findings) == 5
    assert all(findings.values()), findings


def test_a_backup_holds_neither_keys_nor_readable_numbers(backup: Path) -> None:
    content = backup.read_bytes()
    assert NUMBER.encode() not in content
    assert backup.stat().st_mode & 0o077 == 0


def test_a_truncated_backup_is_refused(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-20_000])
    with pytest.raises(safekeeping.BackupRefused):
        safekeeping.drill(backup)


def test_a_changed_backup_is_refused(backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 0xFF
    backup.write_bytes(bytes(content))
    with pytest.raises(safekeeping.BackupRefused, match=r"damaged|not a whole"):
        safekeeping.drill(backup)


def test_a_backup_under_other_keys_is_refused(backup: Path) -> None:
    own = vault.ring()
    vault.install(KeyRing.generate())
    try:
        with pytest.raises(safekeeping.BackupRefused, match="keys"):
            safekeeping.drill(backup)
    finally:
        vault.install(own)


def test_after_a_restore_all_is_back_and_nothing_begins_again(backup: Path, tmp_path: Path, client: Client) -> None:
    cast_manager = User.objects.get(username="gu")
    document = documents.store(
        actor=build.actor(cast_manager), now=NOW, name="a.csv", content=io.BytesIO(b"a,b"), purpose="test"
    )
    job = Job.objects.create(kind="test", title="", arguments={}, task_name="x", created_at=NOW)
    client.force_login(cast_manager)
    file = tmp_path / "later.backup"
    safekeeping.backup(file)
    next_entry = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    Party.objects.all().update(name="changed")
    documents.remove(document_id=document.id, now=NOW)
    connection.close()

    manifest = safekeeping.restore(file)

    assert manifest["rows"]["customers_party"] == 1
    party = Party.objects.get()
    point = ContactPoint.objects.get()
    place = {"table": "customers_contactpoint", "column": "value_sealed", "row": point.id}
    assert (party.name, vault.ring().open(bytes(point.value_sealed), **place)) == ("王小明", NUMBER)
    with documents.open_document(document.id) as source:
        assert source.read() == b"a,b"
    assert Job.objects.get(pk=job.pk).state == "cancelled", "a sweep would else wake it up"
    assert not Session.objects.exists(), "everybody signs in again"
    audit.record(actor=Actor.system("test"), now=NOW, action="test.after", object_kind="test")
    assert Entry.objects.order_by("-id")[0].id > next_entry, "the numbers go on where they were"
