"""S9, S14: what a public server refuses, and what the source must not hold."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOT, SOURCE, python_files


def start(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANXIN_")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "anxin.config.settings",
            "ANXIN_HOME": str(tmp_path),
            "DATABASE_URL": "postgresql://nobody@localhost/nothing",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_public_server_passes_the_deployment_check_and_keeps_its_secrets_close(tmp_path: Path) -> None:
    result = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING", ANXIN_HOSTS="crm.example.com")
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout
    kept = list((tmp_path / "secrets").iterdir())
    assert {path.name for path in kept} == {"secret-key", "keys.json"}
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("unsafe", ["ANXIN_DEBUG", "ANXIN_DEMO"])
@pytest.mark.parametrize(
    "hosts",
    [
        pytest.param("crm.example.com", marks=pytest.mark.slow),
        "localhost,crm.example.com",
        *(pytest.param(hosts, marks=pytest.mark.slow) for hosts in ("*", ".example.com", "10.0.0.5")),
    ],
)
def test_debug_and_demo_are_refused_with_a_public_host(unsafe: str, hosts: str, tmp_path: Path) -> None:
    result = start(tmp_path, "check", **{unsafe: "1", "ANXIN_HOSTS": hosts})
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr


def test_a_key_ring_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    result = start(tmp_path, "check", ANXIN_KEYS="not a key ring")
    assert result.returncode != 0
    assert "KeyMissing" in result.stderr


@pytest.mark.django_db
def test_a_fresh_database_has_no_accounts() -> None:
    from anxin.foundation.accounts.models import AccessToken, User

    assert not User.objects.exists()
    assert not AccessToken.objects.exists()


def test_known_passwords_are_refused_outside_a_demo() -> None:
    from uuid import uuid4

    from anxin.foundation.accounts import services
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor

    with pytest.raises(RuntimeError, match="demo"):
        services.open_demo_log_in(actor=Actor.system("x"), now=clock.now(), user_id=uuid4(), password="x")


@pytest.mark.slow  # `make check` asks ruff the same (S608, S610, S611, S301 …) in a tenth of the time
def test_bandit_finds_no_injection() -> None:
    """SQL built from strings (B608), extra (B610), RawSQL (B611), shells, yaml, pickles."""
    checks = "B301,B302,B307,B324,B506,B602,B605,B608,B610,B611,B701"
    program = Path(sys.executable).with_name("bandit")
    result = subprocess.run(
        [program, "-q", "-r", "src/anxin", "-t", checks, "-x", "*/migrations/*", "-f", "txt"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-4000:]


def test_only_the_tags_of_the_shell_mark_text_as_safe() -> None:
    found = [
        str(path.relative_to(SOURCE))
        for path in python_files()
        if re.search(r"\bmark_safe\(|\|\s*safe\b", path.read_text())
    ]
    assert found == [
        "kernel/web/cells.py", "kernel/web/controls.py", "kernel/web/templatetags/parts.py",
        "kernel/web/templatetags/ui.py",
    ]  # fmt: skip
    unsafe = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.html")
        if re.search(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off", path.read_text())
    ]
    assert unsafe == []
