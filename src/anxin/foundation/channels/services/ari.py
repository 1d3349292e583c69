"""A line to the REST interface: its events by websocket, its questions by HTTP."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any, Final
from urllib.parse import quote, urlencode

import requests
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from anxin.foundation.channels.data import BadProtocol, Exchange, LineDown, LiveChannel, Message, NotAdmitted
from anxin.foundation.channels.rules import ari_events

PATIENCE: Final = 10.0
LARGEST: Final = 1_048_576  # bytes of one event


class AriLine:
    """Not for several threads. Every method raises LineDown when the exchange is gone."""

    apply = staticmethod(ari_events.apply)

    def __init__(self, exchange: Exchange, *, patience: float = PATIENCE) -> None:
        self._exchange, self._patience = exchange, patience
        self._events: ClientConnection | None = None
        self._opened = ExitStack()
        secure = "s" if exchange.is_tls else ""
        host = f"[{exchange.host}]" if ":" in exchange.host else exchange.host
        self._http = f"http{secure}://{host}:{exchange.port}/ari"
        self._websocket = f"ws{secure}://{host}:{exchange.port}/ari/events"
        self._session = requests.Session()
        self._session.trust_env = False  # the exchange is inside; no proxy stands between
        self._session.auth = (exchange.user, exchange.secret)

    def open(self) -> None:
        """Subscribe to everything that happens to channels. Raises NotAdmitted."""
        one = self._exchange
        query = urlencode({"app": one.application, "subscribeAll": "true"})
        # In the header and not in the address, where proxies and logs would keep it.
        basic = requests.auth._basic_auth_str(one.user, one.secret)
        try:
            self._events = self._opened.enter_context(
                connect(
                    f"{self._websocket}?{query}", additional_headers={"Authorization": basic}, max_size=LARGEST,
                    open_timeout=self._patience, ping_interval=15, ping_timeout=25, close_timeout=2, proxy=None,
                )
            )  # fmt: skip
        except InvalidStatus as error:
            if error.response.status_code in {401, 403}:
                raise NotAdmitted("The exchange does not take this user and secret.") from None
            raise LineDown(f"The exchange answers {error.response.status_code}.") from None
        except (OSError, WebSocketException) as error:
            raise LineDown(f"No connection to the exchange: {type(error).__name__}.") from None

    def snapshot(self) -> list[LiveChannel]:
        """The channels that live now, and which of them talk with each other."""
        return ari_events.live_channels(self.ask("GET", "channels"), self.ask("GET", "bridges"))

    def ask(self, method: str, path: str, **parameters: str) -> Any:
        try:
            answer = self._session.request(
                method, f"{self._http}/{quote(path)}", params=parameters, timeout=self._patience, allow_redirects=False
            )
        except requests.RequestException as error:
            raise LineDown(f"The exchange did not answer: {type(error).__name__}.") from None
        if answer.status_code in {401, 403}:
            raise NotAdmitted("The exchange does not take this user and secret.")
        if not answer.ok:
            raise LineDown(f"The exchange answers {answer.status_code}.")
        try:
            return answer.json() if answer.content else None
        except ValueError:
            raise BadProtocol("What answers is no REST interface of an exchange.") from None

    def receive(self, seconds: float) -> list[Message]:
        """What was told, waiting for it at most so long. The websocket pings by itself."""
        if self._events is None:
            raise LineDown("The line is closed.")
        try:
            text = self._events.recv(timeout=seconds)
        except TimeoutError:
            return []
        except WebSocketException as error:
            raise LineDown(f"The exchange has gone: {type(error).__name__}.") from None
        try:
            event = json.loads(text)
        except ValueError:
            return []
        return [event] if isinstance(event, dict) else []

    def close(self) -> None:
        self._events = None
        self._opened.close()
        self._session.close()
