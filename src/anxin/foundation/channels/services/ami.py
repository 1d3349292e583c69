"""A line to the manager interface: one TCP connection, with TLS where the exchange has it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from typing import Final

from anxin.foundation.channels.data import BadProtocol, Exchange, LineDown, LiveChannel, Message, NotAdmitted
from anxin.foundation.channels.rules import ami, ami_events

PATIENCE: Final = 10.0  # seconds for an answer
PING_EVERY: Final = 15.0
SILENT: Final = 40.0  # then the line counts as dead, whatever TCP believes
PIECE: Final = 65_536


class AmiLine:
    """Not for several threads. Every method raises LineDown when the exchange is gone."""

    apply = staticmethod(ami_events.apply)

    def __init__(self, exchange: Exchange, *, events: bool = True, patience: float = PATIENCE) -> None:
        self._exchange, self._events, self._patience = exchange, events, patience
        self._socket: socket.socket | None = None
        self._reader = ami.Reader()
        self._waiting: list[Message] = []
        self._actions = 0
        self._heard = self._pinged = 0.0

    def open(self) -> None:
        """Connect and sign in by challenge: the secret does not go over the wire. Raises NotAdmitted."""
        one = self._exchange
        try:
            plain = socket.create_connection((one.host, one.port), self._patience)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = (
                ssl.create_default_context().wrap_socket(plain, server_hostname=one.host) if one.is_tls else plain
            )
        except OSError as error:
            raise LineDown(f"No connection to the exchange: {error.strerror or type(error).__name__}.") from None
        self._reader, self._waiting = ami.Reader(), []
        self._heard = self._pinged = time.monotonic()
        challenge = self.ask({"Action": "Challenge", "AuthType": "MD5"}).get("Challenge", "")
        answer = self.ask(
            {
                "Action": "Login", "AuthType": "MD5", "Username": one.user,
                "Key": ami.answer_to(challenge, one.secret), "Events": "on" if self._events else "off",
            }
        )  # fmt: skip
        if answer.get("Response") != "Success":
            raise NotAdmitted("The exchange does not take this user and secret.")

    def snapshot(self) -> list[LiveChannel]:
        """The channels that live now. What is told meanwhile waits for `receive`."""
        found: list[LiveChannel] = []

        def is_last(message: Message) -> bool:
            if message.get("Event") == "CoreShowChannel":
                found.append(ami_events.live_channel(message))
            return message.get("Event") == "CoreShowChannelsComplete" or message.get("Response") == "Error"

        self.ask({"Action": "CoreShowChannels"}, until=is_last)
        return found

    def ask(self, action: dict[str, str], until: Callable[[Message], bool] | None = None) -> Message:
        """Send an action and wait for its answer, or for the message that `until` takes for the last one."""
        self._actions += 1
        key = f"{self._exchange.system}-{self._actions}"
        self._send(ami.compose({**action, "ActionID": key}))
        deadline = time.monotonic() + self._patience
        while (left := deadline - time.monotonic()) > 0:
            messages = self._read(left)
            for number, message in enumerate(messages):
                if message.get("ActionID") != key:
                    self._waiting.append(message)
                elif until(message) if until else "Response" in message:
                    self._waiting += messages[number + 1 :]
                    return message
        raise LineDown(f"The exchange did not answer to {action['Action']}.")

    def receive(self, seconds: float) -> list[Message]:
        """What was told, waiting for it at most so long. Pings a silent exchange."""
        messages = self._waiting or self._read(seconds)
        self._waiting = []
        now = time.monotonic()
        if now - self._heard > SILENT:
            raise LineDown("The exchange has fallen silent.")
        if now - max(self._pinged, self._heard) > PING_EVERY:
            self._pinged = now
            self._send(ami.compose({"Action": "Ping"}))
        return messages

    def close(self) -> None:
        if self._socket is not None:
            try:
                self._socket.sendall(ami.compose({"Action": "Logoff"}))
            except OSError:
                self._socket = self._shut(self._socket)
                return
            self._socket = self._shut(self._socket)

    @staticmethod
    def _shut(open_one: socket.socket) -> None:
        open_one.close()

    def _send(self, data: bytes) -> None:
        if self._socket is None:
            raise LineDown("The line is closed.")
        try:
            self._socket.settimeout(self._patience)
            self._socket.sendall(data)
        except OSError as error:
            raise LineDown(f"The exchange has gone: {type(error).__name__}.") from None

    def _read(self, seconds: float) -> list[Message]:
        """The messages of what has come, nothing when nothing comes in time."""
        if self._socket is None:
            raise LineDown("The line is closed.")
        try:
            self._socket.settimeout(max(seconds, 0.001))
            piece = self._socket.recv(PIECE)
        except TimeoutError:
            return []
        except OSError as error:
            raise LineDown(f"The exchange has gone: {type(error).__name__}.") from None
        if not piece:
            raise LineDown("The exchange hung up.")
        self._heard = time.monotonic()
        try:
            return list(self._reader.feed(piece))
        except BadProtocol:
            self.close()
            raise
