"""The web server under test, started as the product starts it."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PORT = int(os.environ.get("BENCH_PORT", "8765"))
# As the product is served (`config.commands.runner`).
WORKERS, THREADS = 2, 4


@contextlib.contextmanager
def served() -> Iterator[int]:
    """Yield the process number of the server once it answers; stop it at the end."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "PYTHONPATH": str(Path.cwd())}
    environment["ANXIN_PROCESS"] = "web"
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT),
         "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--backpressure", "64", "--no-ws",
         "--log-level", "error", "anxin.config.wsgi:application"],
        env=environment,
    )  # fmt: skip
    try:
        _wait()
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def _wait() -> None:
    for _ in range(1_200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server under test did not come up.")
