"""A telephone rings, and the agent's screen knows: over the web as it is served, with its real processes."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.conf import settings
from django.core import signing
from django.test import Client

from anxin.config.commands.runner import _web_command
from anxin.config.live import SALT
from anxin.foundation.accounts import services as accounts
from anxin.kernel import clock
from anxin.service.desk.services import telephony
from tests import build
from tests.architecture.rooms import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def web() -> Iterator[str]:
    """granian with two processes, as `anxin serve` starts it, on the database of this test."""
    database = settings.DATABASES["default"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "anxin.config.settings", "ANXIN_PORT": str(port), "ANXIN_DEBUG": "1",
        "ANXIN_DEMO": "1", "ANXIN_PROCESS": "web", "ANXIN_HOSTS": "127.0.0.1", "PYTHONPATH": str(ROOT / "src"),
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
    }  # fmt: skip
    process = subprocess.Popen(_web_command("127.0.0.1", port, 2), env=environment, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                requests.get(f"{url}/live/", timeout=2)
                break
            except requests.ConnectionError:
                assert process.poll() is None and time.monotonic() < deadline, "the web did not come up"
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def test_a_signed_message_reaches_the_screen_of_its_agent_alone(web: str, client: Client) -> None:
    cast = build.make_cast()
    customer = build.person(manager=cast.manager, unit=cast.pudong, mobile="13812348000")
    other = build.people.user(username="other", name="别人", role=build.people.Role.CALL_AGENT, unit=cast.shanghai)
    now = clock.now()
    for user, extension in ((cast.agent, "8001"), (other, "8002")):
        telephony.sit_down(actor=build.actor(user), now=now, extension=extension)
    _row, token = accounts.create_token(
        actor=build.actor(cast.administrator), now=now, user_id=cast.administrator.pk, name="pbx", codes=["desk.cti"],
        lifetime=timedelta(days=1),
    )  # fmt: skip
    screens = {user: signing.dumps(user.pk.hex, salt=SALT) for user in (cast.agent, other)}

    def ask(user: Any, seen: str) -> requests.Response:
        return requests.get(f"{web}/live/", params={"ticket": screens[user], "seen": seen}, timeout=5)

    def settled(user: Any) -> str:
        """Each of the two processes begins to listen when it is first asked."""
        number, quiet, deadline = "0", 0, time.monotonic() + 20
        while quiet < 10:
            assert time.monotonic() < deadline
            answer = ask(user, number)
            number, quiet = (answer.text, 0) if answer.status_code == 200 else (number, quiet + 1)
            time.sleep(0.05)
        return number

    seen = {user: settled(user) for user in screens}
    assert requests.get(f"{web}/live/", params={"ticket": "forged", "seen": "0"}, timeout=5).status_code == 403
    message = {
        "event_id": "e1", "call_id": "c1", "kind": "ringing", "at": now.isoformat(), "number": "13812348000",
        "extension": "8001",
    }  # fmt: skip
    body, stamp = json.dumps(message).encode(), str(int(now.timestamp()))
    made = hmac.new(telephony.secret_of("pbx").encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-Anxin-System": "pbx", "X-Anxin-Timestamp": stamp, "X-Anxin-Signature": made}
    told = requests.post(
        f"{web}/api/v1/cti/events", data=body, timeout=10,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers},
    )  # fmt: skip
    assert told.status_code == 200, told.text
    deadline = time.monotonic() + 5
    while (answer := ask(cast.agent, seen[cast.agent])).status_code != 200:
        assert time.monotonic() < deadline, "the screen was not told"
        time.sleep(0.02)
    assert int(answer.text) > int(seen[cast.agent])
    assert {ask(other, seen[other]).status_code for _again in range(6)} == {204}
    client.force_login(cast.agent)
    assert customer.name in client.get("/desk/calls/panel/").content.decode()
