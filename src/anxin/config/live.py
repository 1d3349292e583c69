"""What a screen asks many times a second: is there something new for me? Answered before Django, without database.

An agent's call panel has to show a call within a fifth of a second. Held-open connections would each keep one of the
few threads of a web process; so the screens ask twelve times a second, and an answer costs some fifty microseconds: a
signature, and a look into a table that one thread for each process keeps by LISTEN. `desk.services.telephony` notifies
in the transaction of the change.

`/live/?ticket=…&seen=N` answers 204 (nothing newer than N), 200 with the newer number, 403 without a valid ticket.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import psycopg

PATH = "/live/"
CHANNEL = "anxin_screens"
SALT = "anxin.live"
LONGEST_SHIFT = 16 * 3_600
BACK_OFF = 2.0
log = logging.getLogger(__name__)
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Screens:
    """The last number of each screen, as this process heard it."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None

    def number(self, user: str) -> int:
        if self._listener is None:
            self._begin()
        return self._numbers.get(user, 0)

    def hear(self, payload: str) -> None:
        user, _, number = payload.partition(":")
        if number.isdecimal():
            self._numbers[user] = max(self._numbers.get(user, 0), int(number))

    def _begin(self) -> None:
        with self._lock:
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="screens", daemon=True)
                self._listener.start()

    def _listen(self) -> None:
        while True:
            try:
                self._follow()
            except psycopg.Error as error:
                log.warning("Not listening for screens just now: %s", error)
                time.sleep(BACK_OFF)

    def _follow(self) -> None:
        from django.db import connection

        from anxin.service.desk.queries.calls import pushed

        with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as own:
            own.execute(f"LISTEN {CHANNEL}")
            # What was told before anybody listened here.
            for user_id, number in pushed():
                self.hear(f"{user_id.hex}:{number}")
            connection.close()
            for notice in own.notifies():
                self.hear(notice.payload)


SCREENS = Screens()


@lru_cache(maxsize=2_048)
def _user_of(ticket: str, _hour: int) -> str:
    """Whose screen a ticket is for, "" when it is not valid. `_hour` lets remembered answers grow old."""
    from django.core import signing

    try:
        return str(signing.loads(ticket, salt=SALT, max_age=LONGEST_SHIFT))
    except signing.BadSignature:
        return ""


class Live:
    """WSGI middleware: answers PATH itself, hands everything else on."""

    def __init__(self, application: Wsgi, screens: Screens = SCREENS) -> None:
        self._application = application
        self._screens = screens

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return self._application(environ, start_response)
        asked = parse_qs(environ.get("QUERY_STRING", "")[:1_000])
        user = _user_of(asked.get("ticket", [""])[0], int(time.monotonic() // 3_600))
        seen = asked.get("seen", ["0"])[0]
        headers = [("Cache-Control", "no-store"), ("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff")]
        if not user or not seen.isdecimal():
            start_response("403 Forbidden", headers)
            return [b""]
        number = self._screens.number(user)
        if number <= int(seen[:18]):
            start_response("204 No Content", headers)
            return [b""]
        start_response("200 OK", headers)
        return [str(number).encode()]
