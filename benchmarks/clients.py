"""Eight clients in one process that cost next to nothing: sockets, a selector, requests made beforehand.

They do what the protocol asks of a client and no more. Of an answer they read status, length and `Server-Timing`; the
body is taken from the socket and thrown away.
"""

from __future__ import annotations

import random
import re
import selectors
import socket
import time
from collections.abc import Sequence

Sample = tuple[float, float, float]  # seconds as the client sees them, at work in the server, of the processor

_ROOM = 1 << 20
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r", re.IGNORECASE)
_TIMING = re.compile(rb"\r\nserver-timing: app;dur=([\d.]+), cpu;dur=([\d.]+)\r", re.IGNORECASE)
_LOST_SECONDS = 30.0


class _Client:
    """One connection, which asks again as soon as it has its answer."""

    def __init__(self, port: int, requests: Sequence[bytes], seed: int) -> None:
        self.samples: list[Sample] = []
        self.failed = 0
        self._requests = requests
        self._dice = random.Random(seed)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_LOST_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> None:
        self._head, self._missing = b"", 0
        self._began = time.perf_counter()
        self.socket.sendall(self._dice.choice(self._requests))

    def take(self, room: memoryview) -> bool:
        """What has come so far; True when the answer is whole."""
        size = self.socket.recv_into(room)
        if not size:
            raise ConnectionError("The server under test hung up.")
        if self._missing:
            self._missing -= size
        else:
            self._head += bytes(room[:size])
            head, found, body = self._head.partition(_HEAD_END)
            if not found:
                return False
            self._head = head + b"\r\n"
            length = _LENGTH.search(self._head)
            self._missing = int(length[1]) - len(body) if length else 0
        if self._missing:
            return False
        timing = _TIMING.search(self._head)
        if self._head.startswith(b"HTTP/1.1 200 ") and timing:
            served, worked = (float(part) / 1000 for part in timing.groups())
            self.samples.append((time.perf_counter() - self._began, served, worked))
        else:
            self.failed += 1
        return True


def drive(
    port: int, paths: Sequence[str], headers: dict[str, str], *, seconds: float, number: int
) -> tuple[list[Sample], int]:
    """Ask for `seconds` with `number` clients at once, addresses drawn at random. Samples, and how many failed."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}\r\n".encode() for path in paths]
    clients = [_Client(port, requests, seed) for seed in range(number)]
    room = memoryview(bytearray(_ROOM))
    with selectors.DefaultSelector() as ready:
        for client in clients:
            ready.register(client.socket, selectors.EVENT_READ, client)
            client.ask()
        end, left = time.perf_counter() + seconds, number
        while left:
            events = ready.select(_LOST_SECONDS)
            if not events:
                raise TimeoutError("The server under test has stopped answering.")
            for key, _mask in events:
                if not key.data.take(room):
                    continue
                if time.perf_counter() < end:
                    key.data.ask()
                else:
                    ready.unregister(key.fileobj)
                    key.data.socket.close()
                    left -= 1
    return [sample for client in clients for sample in client.samples], sum(client.failed for client in clients)
