"""Backups that can be restored, and those that must be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from anxin.config import safekeeping
from anxin.kernel import vault
from anxin.kernel.encryption import KeyRing
from tests import build

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
