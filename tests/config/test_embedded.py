"""The product's own database: several processes, two instances side by side, a crash."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

HOLD = """
import sys, time
from anxin.config import embedded
with embedded.server_if_needed():
    print("up", flush=True)
    sys.stdin.read()
"""


def hold(home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "ANXIN_HOME": str(home), "ANXIN_DATABASE_FAST": "1"}
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def let_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def answers(home: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setenv("ANXIN_HOME", str(home))
    from anxin.config import embedded

    try:
        with psycopg.connect(host=str(embedded.socket_folder()), user="anxin", dbname="anxin", connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def test_the_last_process_out_stops_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "one"
    first = hold(home)
    second = hold(home)
    let_go(first)
    assert answers(home, monkeypatch), "the second process still uses it"
    let_go(second)
    assert not answers(home, monkeypatch)


def test_two_instances_live_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = hold(tmp_path / "one"), hold(tmp_path / "two")
    let_go(one)
    assert not answers(tmp_path / "one", monkeypatch)
    assert answers(tmp_path / "two", monkeypatch)
    let_go(two)


def test_a_killed_process_leaves_a_server_that_the_next_one_takes_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    killed = hold(home)
    killed.kill()
    killed.wait(10)
    for pipe in (killed.stdin, killed.stdout):
        assert pipe is not None
        pipe.close()
    assert answers(home, monkeypatch), "the server outlives a kill"
    began = time.monotonic()
    let_go(hold(home))
    assert time.monotonic() - began < 20
    assert not answers(home, monkeypatch)


def test_a_long_home_gets_a_socket_folder_short_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from anxin.config import embedded

    monkeypatch.setenv("ANXIN_HOME", str(tmp_path / ("long" * 20)))
    assert len(os.fsencode(embedded.socket_folder())) <= embedded.LONGEST_SOCKET_FOLDER
