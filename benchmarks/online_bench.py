"""Online promises on a million customers: list, search, customer page, JSON and workbench with 8 clients.

Eight clients ask in a closed loop, each for the next page as soon as it has one: the server is always full. Two times
are taken. Server time (`server_p95_ms`, what is promised): from the start of the call in the web server to the answer,
with all eight requests at work at once on the same cores, waiting for the database and for one another included
(`benchmarks.timing`). What the clients see (`p95_ms`): the same and the queue before the server, the socket and the
client's own share of the two cores.

The clients live on the same cores as what they measure, so they do as little as a client can (`benchmarks.clients`):
they take their answers, but do not read them beyond status, length and the server's own clock. A real browser works on
a machine of its own. `processor_ms` says where the processor time of one request went: `web` (the server's processes,
of which `python` is our own code), `database` and `clients`: comparable on a busy machine, where the clock is not.

The JSON is compared with the least physics allows: the same data fetched by one hand-written SQL statement that returns
JSON, through the same server, with authentication and the audit entry (`benchmarks/reference.py`).
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

from benchmarks import clients, instance, processor, server

CLIENTS = 8
SECONDS = float(os.environ.get("BENCH_SECONDS", "12"))
LIMITS = {"list": 50, "search": 50, "page": 60, "json": 60, "workbench": 100}
LEAST_SHARE = 0.5


def main() -> dict[str, Any]:
    with instance.filled() as facts, server.served() as web:
        figures = {name: _measure(paths, headers, web) for name, paths, headers in _loads(facts)}
    share = figures["json"]["per_second"] / figures["json_one_sql"]["per_second"]
    return {
        "customers": facts["customers"],
        "figures": figures,
        "promises": {
            f"{name} p95 ≤ {limit} ms server time": {
                "measured": f"{figures[name]['server_p95_ms']} ms",
                "promised": f"≤ {limit} ms",
                "kept": figures[name]["server_p95_ms"] <= limit and figures[name]["failed"] == 0,
            }
            for name, limit in LIMITS.items()
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
        ("workbench", ["/"], cookie),
        ("json", [f"/api/v1/customers/{ref}" for ref in refs], token),
        ("json_one_sql", [f"/api/v1/bench/customers/{ref}" for ref in refs], token),
    ]


def _measure(paths: list[str], headers: dict[str, str], web: int) -> dict[str, Any]:
    """Requests per second and the times named above. `web` is the process of the server."""
    clients.drive(server.PORT, paths, headers, seconds=min(3.0, SECONDS), number=CLIENTS)  # warm caches and connections
    database = _database()
    before = [processor.seconds(web), processor.seconds(database), time.process_time()]
    samples, failed = clients.drive(server.PORT, paths, headers, seconds=SECONDS, number=CLIENTS)
    after = [processor.seconds(web), processor.seconds(database), time.process_time()]
    seen, served, worked = (sorted(column) for column in zip(*samples, strict=True))
    answers = len(samples) + failed
    used = [round((end - start) / answers * 1000, 2) for start, end in zip(before, after, strict=True)]
    return {
        "requests": len(samples),
        "failed": failed,
        "per_second": round(len(samples) / SECONDS, 1),
        "p50_ms": _at(seen, 0.5),
        "p95_ms": _at(seen, 0.95),
        "server_p50_ms": _at(served, 0.5),
        "server_p95_ms": _at(served, 0.95),
        "processor_ms": dict(zip(("web", "database", "clients"), used, strict=True))
        | {"python": round(sum(worked) / len(worked) * 1000, 2)},
    }


def _at(times: list[float], share: float) -> float:
    return round(times[int(len(times) * share)] * 1000, 1)


def _database() -> int:
    """The process of the embedded database; 0 when another one is used, whose work is not seen from here."""
    found = instance.HOME / "postgres" / "postmaster.pid"
    return int(found.read_text().split(maxsplit=1)[0]) if found.exists() else 0


if __name__ == "__main__":
    print(json.dumps(main(), indent=1, ensure_ascii=False))
