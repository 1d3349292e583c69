"""L1: fifty agents at work for ten minutes on a million customers with 200,000 open tickets; again during an import.

An agent thinks (5 s on average), does one thing, and thinks again. Half of the time they search a customer and open the
file with every panel the page fetches; a fifth they look at the inbox; 15 in 100 they write (a contact in a file, or a
message in a ticket of theirs that they read before); a tenth they take the next ticket; one in twenty is a manager who
reads a report. A time is what the client waits, from the request to the last byte; each request is one sample.

`BENCH_LOAD_SECONDS` (600) says how long, `BENCH_TICKETS` (200,000) how many tickets lie open, `BENCH_IMPORT_CUSTOMERS`
(170,000) of how many customers the files of two systems are imported in the second part; 0 leaves it out.
It writes into the instance.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import select
import subprocess
import sys
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import instance, server, sessions

AGENTS = 50
THINK_SECONDS = 5.0
SECONDS = float(os.environ.get("BENCH_LOAD_SECONDS", "600"))
TICKETS = int(os.environ.get("BENCH_TICKETS", "200000"))
IMPORTED = int(os.environ.get("BENCH_IMPORT_CUSTOMERS", "170000"))
LIMITS = {"read": 500, "write": 800}
TASKS = {"customer": 50, "inbox": 20, "write": 15, "next": 10, "report": 5}
REPORTS = ["/desk/promises/", "/complaints/statistics/", "/segments/", "/desk/calls/figures/"]
_PANEL = re.compile(r'hx-get="(/[^"]+)"[^>]*hx-trigger="(?:load|revealed|intersect)')
_FORM_VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
FILES = ("life-core-customers", "motor-core-customers")
DONE = {200, 204, 302}


class Agent(threading.Thread):
    """One browser with one connection. `samples`: what was asked, read or write, seconds, status."""

    def __init__(self, facts: dict[str, Any], number: int, until: Callable[[], bool]) -> None:
        super().__init__(daemon=True)
        self.samples: list[tuple[str, str, float, int]] = []
        self.dice = random.Random(number)
        self._facts, self._until = facts, until
        self._cookie: str = facts["agents"][number]["cookie"]
        self._tickets: list[str] = facts["agents"][number]["tickets"]
        self._connection = http.client.HTTPConnection("127.0.0.1", server.PORT, timeout=60)

    def run(self) -> None:
        time.sleep(self.dice.random() * THINK_SECONDS)
        while not self._until():
            task = self.dice.choices(list(TASKS), list(TASKS.values()))[0]
            getattr(self, f"_{task}")()
            time.sleep(self.dice.expovariate(1 / THINK_SECONDS))

    def _customer(self) -> None:
        word, ref = self.dice.choice(self._facts["words"]), self.dice.choice(self._facts["refs"])
        self._ask("search", f"/search/?q={word}", htmx=True)
        page = self._ask("customer", f"/customers/{ref}/")
        for panel in dict.fromkeys(_PANEL.findall(page)):
            self._ask("panel", panel.replace("&amp;", "&"), htmx=True)

    def _inbox(self) -> None:
        self._ask("inbox", self.dice.choice(["/desk/", "/desk/?lane=queue&queue=claims", "/desk/?lane=reach"]))

    def _write(self) -> None:
        if self._tickets and self.dice.random() < 0.5:
            address = f"/desk/tickets/{self.dice.choice(self._tickets)}/"
            version = _FORM_VERSION.search(self._ask("ticket", address))
            if version:
                self._ask("say", f"{address}say/", {"kind": "note", "body": "已联系客户", "version": version[1]})
            return
        ref = self.dice.choice(self._facts["refs"])
        filled = {
            "topic": "保单咨询",
            "summary": "客户询问续保",
            "channel": "phone",
            "direction": "inbound",
            "result": "",
        }
        self._ask("contact", f"/desk/of/{ref}/record/", filled)

    def _next(self) -> None:
        self._ask("next", "/desk/next/", {})

    def _report(self) -> None:
        self._ask("report", self.dice.choice(REPORTS), cookie=self._facts["manager"])

    def _ask(
        self, name: str, path: str, filled: dict[str, str] | None = None, *, htmx: bool = False, cookie: str = ""
    ) -> str:
        headers = {"Cookie": cookie or self._cookie}
        if htmx or filled is not None:
            headers["HX-Request"] = "true"
        body = None
        if filled is not None:
            headers |= {
                "X-CSRFToken": sessions.token_of(headers["Cookie"]),
                "Content-Type": "application/x-www-form-urlencoded",
            }  # fmt: skip
            body = urlencode(filled)
        if _is_closed(self._connection):
            # The server ends connections that stay idle; a browser sees that and opens another.
            self._connection.close()
        began = time.perf_counter()
        try:
            self._connection.request("GET" if filled is None else "POST", path, body, headers)
            answer = self._connection.getresponse()
            text, status = answer.read().decode(errors="replace"), answer.status
        except (OSError, http.client.HTTPException):
            self._connection.close()
            text, status = "", 0
        self.samples.append((name, "read" if filled is None else "write", time.perf_counter() - began, status))
        return text


def _is_closed(connection: http.client.HTTPConnection) -> bool:
    """Between two requests nothing comes from a server but the end of the connection."""
    return connection.sock is not None and bool(select.select([connection.sock], [], [], 0)[0])


def main() -> dict[str, Any]:
    with instance.filled():
        subprocess.run([sys.executable, "-m", "benchmarks.open_tickets", str(TICKETS)], check=True)
        facts = json.loads(
            subprocess.run(
                [sys.executable, "-m", "benchmarks.load_facts", str(AGENTS)],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            ).stdout
        )
        with server.served():
            end = time.monotonic() + SECONDS
            parts = {"at work": _at_work(facts, lambda: time.monotonic() >= end)}
            if IMPORTED:
                importing = Import()
                importing.start()
                parts["during an import"] = _at_work(facts, lambda: not importing.is_alive())
                parts["during an import"]["rows imported"] = importing.rows
                if importing.error:
                    raise SystemExit(f"The import beside the load failed: {importing.error}")
    promises: dict[str, Any] = {}
    for part, figures in parts.items():
        for kind, limit in LIMITS.items():
            promises[f"{AGENTS} agents {part}: {kind} p95, ms"] = {
                "measured": figures[kind]["p95_ms"], "promised": f"≤ {limit}", "kept": figures[kind]["p95_ms"] <= limit,
            }  # fmt: skip
        promises[f"{AGENTS} agents {part}: errors"] = {
            "measured": sum(figures["errors"].values()), "promised": "0", "kept": not figures["errors"],
        }  # fmt: skip
    return {"customers": facts["customers"], "tickets": facts["tickets"], "parts": parts, "promises": promises}


def _at_work(facts: dict[str, Any], until: Callable[[], bool]) -> dict[str, Any]:
    agents = [Agent(facts, number, until) for number in range(AGENTS)]
    began = time.monotonic()
    for agent in agents:
        agent.start()
    for agent in agents:
        agent.join()
    samples = [sample for agent in agents for sample in agent.samples]
    figures: dict[str, Any] = {
        "seconds": round(time.monotonic() - began), "requests": len(samples),
        "errors": Counter(f"{name} {status}" for name, _kind, _time, status in samples if status not in DONE),
    }  # fmt: skip
    for kind in LIMITS:
        figures[kind] = _times([spent for _name, one, spent, _status in samples if one == kind])
    for name in sorted({name for name, *_rest in samples}):
        figures[f"  {name}"] = _times([spent for one, _kind, spent, _status in samples if one == name])
    return figures


def _times(found: list[float]) -> dict[str, float]:
    found = sorted(found) or [0.0]
    return {
        "number": len(found), "p50_ms": round(found[len(found) // 2] * 1000, 1),
        "p95_ms": round(found[int(len(found) * 0.95)] * 1000, 1), "most_ms": round(found[-1] * 1000, 1),
    }  # fmt: skip


class Import(threading.Thread):
    """Customers of another insurer, imported by the command beside the agents. `rows`: read from the files."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.rows, self.error = 0, ""
        self._folder = Path(instance.HOME) / "load-exports"
        _anxin("sample", "--customers", str(IMPORTED), "--seed", "77", "--out", str(self._folder))

    def run(self) -> None:
        try:
            for name in FILES:
                (profile,) = self._folder.glob(f"profiles/*-{name}.toml")
                # Of a source of its own: its numbers are not those of the insurer that is there.
                profile.write_text(profile.read_text().replace('\nsource = "', '\nsource = "load-', 1))
                files = self._folder.glob(tomllib.loads(profile.read_text())["file"]["pattern"])
                for file in files:
                    self.rows += json.loads(_anxin("import", "--json", "--profile", str(profile), str(file)))[
                        "rows_read"
                    ]
        except subprocess.CalledProcessError as error:
            self.error = error.stderr[-2_000:]


def _anxin(*arguments: str) -> str:
    command = [sys.executable, "-c", "from anxin.config.cli import main; main()", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
