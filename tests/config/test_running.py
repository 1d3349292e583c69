"""A running instance: asked to stop under load, and left alone by its database for a while."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from anxin.config import embedded

# Starts the whole product twice, with its own database: half a minute that `make test` does not have.
pytestmark = pytest.mark.slow


@dataclass
class Instance:
    home: Path
    port: int
    environment: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def server(self) -> embedded.Server:
        return embedded.Server(data=self.home / "postgres", sockets=self.home / "run", fast=True)

    def start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "anxin.config.cli", "run", "--port", str(self.port), "--workers", "2"],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.started.append(process)
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            if get(self.port, "/health/") == 200:
                return process
            time.sleep(0.1)
        process.kill()
        raise AssertionError("the instance did not come up")


def get(port: int, path: str) -> int | str:
    """The status, or what went wrong before there was one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except ConnectionRefusedError:
        return "refused"
    except (OSError, http.client.HTTPException) as error:
        return f"cut: {error!r}"
    finally:
        connection.close()
    return response.status


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    home = tmp_path_factory.mktemp("i")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "ANXIN_HOME": str(home), "ANXIN_PORT": str(port), "ANXIN_DATABASE_FAST": "1",
        "DJANGO_SETTINGS_MODULE": "anxin.config.settings", "ANXIN_HOSTS": "localhost,127.0.0.1",
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    made = Instance(home, port, environment)
    yield made
    for process in made.started:
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
    made.server().stop("immediate")


@dataclass
class Load:
    """Four clients asking for the sign-in page (which reads the database) until told to stop."""

    port: int
    statuses: list[int | str] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.threads = [threading.Thread(target=self._ask) for _ in range(4)]
        for thread in self.threads:
            thread.start()

    def _ask(self) -> None:
        while not self.is_over:
            self.statuses.append(get(self.port, "/health/"))

    def stop(self) -> list[int | str]:
        self.is_over = True
        for thread in self.threads:
            thread.join()
        return self.statuses


def test_asked_to_stop_under_load_it_cuts_no_request_and_takes_its_database_along(instance: Instance) -> None:
    process = instance.start()
    load = Load(instance.port)
    time.sleep(1)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    seconds = time.monotonic() - began
    statuses = load.stop()
    assert process.stdout is not None
    process.stdout.close()
    assert statuses.count(200) > 20
    # A request that reached a worker is answered; one that comes after the door closed is refused, not cut.
    assert [status for status in statuses if status not in {200, "refused"}] == []
    assert seconds < 30
    assert not instance.server().is_running()


def test_without_its_database_it_answers_503_and_comes_back_by_itself(instance: Instance) -> None:
    process = instance.start()
    load = Load(instance.port)
    time.sleep(0.5)
    instance.server().stop("immediate")
    time.sleep(2)
    during = len(load.statuses)
    assert get(instance.port, "/health/") == 503
    instance.server().start()
    time.sleep(1)
    after = [get(instance.port, "/health/") for _ in range(20)]
    statuses = load.stop()
    assert process.poll() is None, "web and worker are alive"
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert process.stdout is not None
    process.stdout.close()
    assert during > 0 and 503 in statuses
    assert 500 not in statuses
    assert after == [200] * 20
