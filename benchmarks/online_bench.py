"""Online promises on a million customers: list, search, customer page and JSON with 8 clients.

The JSON is compared with the least physics allows: the same data fetched by one hand-written SQL statement that returns
JSON, through the same server, with authentication and the audit entry (`benchmarks/reference.py`).
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import random
import subprocess
import sys
import time
from multiprocessing import Queue
from pathlib import Path
from typing import Any

from benchmarks import instance

CLIENTS = 8
SECONDS = float(os.environ.get("BENCH_SECONDS", "12"))
PORT = int(os.environ.get("BENCH_PORT", "8765"))
LIST_MS, PAGE_MS, LEAST_SHARE = 50, 60, 0.5


def main() -> dict[str, Any]:
    with instance.filled() as facts:
        server = _serve()
        try:
            _wait()
            figures = {name: _measure(paths, headers) for name, paths, headers in _loads(facts)}
        finally:
            server.terminate()
            server.wait(30)
    share = figures["json"]["per_second"] / figures["json_one_sql"]["per_second"]
    return {
        "customers": facts["customers"],
        "figures": figures,
        "promises": {
            f"{name} p95 ≤ {limit} ms": {
                "measured": f"{figures[name]['p95_ms']} ms",
                "promised": f"≤ {limit} ms",
                "kept": figures[name]["p95_ms"] <= limit and figures[name]["failed"] == 0,
            }
            for name, limit in (("list", LIST_MS), ("search", LIST_MS), ("page", PAGE_MS), ("json", PAGE_MS))
        }
        | {
            "JSON against one SQL statement": {
                "measured": round(share, 2),
                "promised": f"≥ {LEAST_SHARE}",
                "kept": share >= LEAST_SHARE,
            }
        },
    }


def _loads(facts: dict[str, Any]) -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, addresses to draw from, headers."""
    cookie = {"Cookie": facts["cookie"]}
    token = {"Authorization": f"Bearer {facts['token']}"}
    refs: list[str] = facts["refs"]
    words: list[str] = facts["words"]
    return [
        ("list", ["/customers/", *(f"/customers/?{query}" for query in facts["list_queries"])], cookie),
        ("search", [f"/search/?q={word}" for word in words], cookie | {"HX-Request": "true"}),
        ("page", [f"/customers/{ref}/" for ref in refs], cookie),
        ("json", [f"/api/v1/customers/{ref}" for ref in refs], token),
        ("json_one_sql", [f"/api/v1/bench/customers/{ref}" for ref in refs], token),
    ]


def _serve() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "PYTHONPATH": str(Path.cwd())}
    return subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT),
         "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error",
         "anxin.config.wsgi:application"],
        env=environment,
    )  # fmt: skip


def _wait() -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server under test did not come up.")


def _measure(paths: list[str], headers: dict[str, str]) -> dict[str, Any]:
    """Requests per second, and latency as the clients see it, which includes the queue at the server."""
    _in_processes(paths, headers, min(3.0, SECONDS))  # warm caches and connections
    times, failed = _in_processes(paths, headers, SECONDS)
    times.sort()
    return {
        "requests": len(times),
        "failed": failed,
        "per_second": round(len(times) / SECONDS, 1),
        "p50_ms": round(times[len(times) // 2] * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
    }


def _in_processes(paths: list[str], headers: dict[str, str], seconds: float) -> tuple[list[float], int]:
    results: Queue[tuple[list[float], int]] = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=_client, args=(number, paths, headers, seconds, results))
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    collected = [results.get() for _ in clients]
    for client in clients:
        client.join()
    return [time for times, _ in collected for time in times], sum(failed for _, failed in collected)


def _client(
    number: int, paths: list[str], headers: dict[str, str], seconds: float, results: Queue[tuple[list[float], int]]
) -> None:
    dice = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    times, failed = [], 0
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        connection.request("GET", dice.choice(paths), headers=headers)
        response = connection.getresponse()
        response.read()
        if response.status == 200:
            times.append(time.perf_counter() - began)
        else:
            failed += 1
            if response.status in {401, 403, 404, 500, 503}:
                time.sleep(0.01)
    results.put((times, failed))


if __name__ == "__main__":
    print(json.dumps(main(), indent=1, ensure_ascii=False))
