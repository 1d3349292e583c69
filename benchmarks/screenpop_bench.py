"""From a message of the telephone system to the caller's file on an agent's screen, in Chromium.

The product runs as it is served (granian, two processes) with a small insurer: callers have policies, tickets and,
some, a complaint. An agent's page is open; `BENCH_CALLS` signed messages "ringing" come one by one at uneven moments.
Measured is the wall time from before the message is sent until the frame with the name of the caller has been painted.
A figure of a machine that was busy otherwise says so: the load is part of the report.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import shutil
import socket
import subprocess
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import instance, sessions

CALLS = int(os.environ.get("BENCH_CALLS", "100"))
HOME = Path(os.environ.get("BENCH_SCREENPOP_HOME", "var/bench-screenpop")).resolve()
CUSTOMERS = 200
MOST_MS = 200
EXTENSION = "8001"
# Notes when the name of a caller has been painted: after the frame in which it was put into the page.
WATCH = """
window.painted = {};
new MutationObserver(() => {
  const link = document.querySelector("#call h2 a[href^='/customers/']");
  const ref = link && link.getAttribute("href").split("/")[2];
  if (ref && !(ref in window.painted)) {
    window.painted[ref] = 0;
    const note = () => { window.painted[ref] = performance.timeOrigin + performance.now(); };
    requestAnimationFrame(() => setTimeout(note));
  }
}).observe(document, { childList: true, subtree: true });
"""


def main() -> dict[str, Any]:
    """p95 of the time to the painted panel, and what the webhook itself took."""
    os.environ["ANXIN_PORT"] = str(_free_port())
    with instance.empty(HOME, "anxin.config.settings"):
        return _measure()


def _measure() -> dict[str, Any]:
    from anxin.config.commands.runner import _web_command

    made = _fill()
    port = int(os.environ["ANXIN_PORT"])
    from django.db import connections

    connections.close_all()
    web = subprocess.Popen(
        _web_command("127.0.0.1", port, 2), env=os.environ | {"ANXIN_PROCESS": "web"}, start_new_session=True
    )
    try:
        _wait_for(port)
        load = os.getloadavg()[0]
        times, webhook = _ring(port, made)
        load_after = os.getloadavg()[0]
    finally:
        web.terminate()
        web.wait(30)
    p95 = _at(times, 0.95)
    return {
        "calls": len(times), "p50_ms": _at(times, 0.5), "p95_ms": p95, "most_ms": round(max(times), 1),
        "webhook_p95_ms": _at(webhook, 0.95), "load_before": round(load, 1), "load_after": round(load_after, 1),
        "promises": {
            f"caller's file painted after the webhook, p95 ms of {len(times)} calls (load {load:.1f} of 2 cores)": {
                "measured": p95, "promised": f"≤ {MOST_MS}", "kept": p95 <= MOST_MS,
            },
        },
    }  # fmt: skip


def _at(times: list[float], share: float) -> float:
    return round(sorted(times)[min(int(len(times) * share), len(times) - 1)], 1)


def _fill() -> dict[str, Any]:
    """An agent at a telephone, a token for the exchange, callers with something open."""
    from tests import build
    from tests.build import complaints, contracts

    from anxin.foundation.accounts import services as accounts
    from anxin.kernel import clock
    from anxin.service.desk import services as desk
    from anxin.service.desk.data import NewTicket
    from anxin.service.desk.services import telephony

    now = clock.now()
    cast = build.make_cast()
    unit = cast.shanghai
    agent = build.actor(cast.agent)
    who = complaints.desk(cast)
    callers = []
    for number in range(CUSTOMERS):
        mobile = f"139{number:08d}"
        party = build.person(name=f"来电{number}", unit=unit, manager=cast.manager, mobile=mobile)
        for _policy in range(1 + number % 4):
            contracts.policy(holder=party)
        if number % 3 == 0:
            new = NewTicket(type="query_policy", subject="查询保单", party_ref=party.ref)
            desk.open_ticket(actor=agent, now=now, new=new)
        if number % 10 == 0:
            complaints.registered(who, party_ref=party.ref)
        callers.append((mobile, party.ref))
    telephony.sit_down(actor=agent, now=now, extension=EXTENSION)
    _row, token = accounts.create_token(
        actor=build.actor(cast.administrator), now=now, user_id=cast.administrator.pk, name="pbx",
        codes=["desk.cti"], lifetime=timedelta(days=1),
    )  # fmt: skip
    return {
        "callers": callers, "token": token, "secret": telephony.secret_of("bench"),
        "cookie": sessions.cookie(cast.agent, now),
    }  # fmt: skip


def _ring(port: int, made: dict[str, Any]) -> tuple[list[float], list[float]]:
    import requests
    from playwright.sync_api import sync_playwright

    dice = random.Random(11)
    chosen = dice.sample(made["callers"], min(CALLS + 1, CUSTOMERS))
    times, webhook = [], []
    exchange = requests.Session()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        for pair in made["cookie"].split("; "):
            name, _equals, value = pair.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"http://127.0.0.1:{port}/desk/calls/")
        page.wait_for_selector("#call h2")
        for number, (mobile, ref) in enumerate(chosen):
            time.sleep(dice.uniform(0.3, 0.7))
            began = time.time()
            _tell(exchange, port, made, number, "ringing", mobile)
            told = time.time()
            page.wait_for_function("ref => window.painted[ref] > 0", arg=ref, timeout=10_000)
            painted = page.evaluate("ref => window.painted[ref]", ref)
            _tell(exchange, port, made, number, "ended", mobile)
            if number:  # the first one loads the code of both processes
                times.append(painted - began * 1000)
                webhook.append((told - began) * 1000)
        browser.close()
    return times, webhook


def _tell(exchange: Any, port: int, made: dict[str, Any], number: int, kind: str, mobile: str) -> None:
    from anxin.kernel import clock

    body = json.dumps(
        {
            "event_id": f"{kind}-{number}", "call_id": f"c{number}", "kind": kind, "at": clock.now().isoformat(),
            "number": mobile, "extension": EXTENSION, "menu": ["1", "0"],
        }
    ).encode()  # fmt: skip
    stamp = str(int(time.time()))
    made_of = hmac.new(made["secret"].encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    answer = exchange.post(
        f"http://127.0.0.1:{port}/api/v1/cti/events", data=body, timeout=10,
        headers={
            "Authorization": f"Bearer {made['token']}", "Content-Type": "application/json", "X-Anxin-System": "bench",
            "X-Anxin-Timestamp": stamp, "X-Anxin-Signature": made_of,
        },
    )  # fmt: skip
    if answer.status_code != 200:
        raise SystemExit(f"The webhook answers {answer.status_code}: {answer.text[:200]}")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("The web server did not come up.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
