"""Telephone exchanges that a test starts: one speaks AMI, one ARI, as Asterisk documents them, over real sockets.

Neither uses the code under test: lines, challenge, frames of the websocket are written out here.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, SECRET = "anxin", "open sesame"
PATIENCE = 10.0


class Peer:
    """What both have: who is connected, what was asked, and waiting until something is so."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.asked: list[dict[str, str]] = []
        self.channels: list[dict[str, Any]] = []
        self.listeners: list[Any] = []
        self.sign_ins = 0
        self.refuses = False
        self.is_mute = False

    def until(self, is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
        with self.changed:
            assert self.changed.wait_for(is_so, seconds), "the exchange waited in vain"

    def note(self, change: Callable[[], Any]) -> None:
        with self.changed:
            change()
            self.changed.notify_all()


class AmiPeer(Peer):
    """An Asterisk manager. `tell` sends events to all who signed in; `cut` breaks their connections off."""

    def __init__(self) -> None:
        super().__init__()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def tell(self, *events: dict[str, str], size: int = 0) -> None:
        """`size`: send in pieces of so many bytes, so that lines and letters are torn apart."""
        data = b"".join(_lines(one) for one in events)
        for one in list(self.listeners):
            for begin in range(0, len(data), size or len(data)):
                one.sendall(data[begin : begin + (size or len(data))])

    def cut(self) -> None:
        for one in list(self.listeners):
            # No farewell: what a crash or a cable looks like.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.shutdown(socket.SHUT_RDWR)
        self.until(lambda: not self.listeners)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # wakes up who accepts
        self._server.close()
        for one in list(self.listeners):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # its thread closes it

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.sendall(b"Asterisk Call Manager/5.0.2\r\n")
            with connection.makefile("r", encoding="utf-8", newline="\r\n") as lines:
                action: dict[str, str] = {}
                for line in lines:
                    if line.strip():
                        name, _colon, value = line.partition(":")
                        action[name] = value.strip()
                    else:
                        self.note(lambda told=action: self.asked.append(told))
                        self._answer(connection, action)
                        action = {}
        except OSError:
            pass
        finally:
            self.note(lambda: self.listeners.remove(connection) if connection in self.listeners else None)
            connection.close()

    def _answer(self, connection: socket.socket, action: dict[str, str]) -> None:
        key = {"ActionID": action["ActionID"]} if "ActionID" in action else {}
        done = {"Response": "Success", **key}
        name = action.get("Action")
        if name == "Challenge":
            connection.sendall(_lines({**done, "Challenge": "840415273"}))
        elif name == "Login":
            right = hashlib.md5(f"840415273{SECRET}".encode()).hexdigest()
            if action.get("Username") != USER or action.get("Key") != right:
                connection.sendall(_lines({"Response": "Error", **key, "Message": "Authentication failed"}))
                return
            connection.sendall(_lines({**done, "Message": "Authentication accepted"}))
            connection.sendall(_lines({"Event": "FullyBooted", "Privilege": "system,all", "Status": "Fully Booted"}))
            if action.get("Events") == "on":
                self.note(lambda: self.listeners.append(connection))
        elif name == "CoreShowChannels":
            connection.sendall(_lines({**done, "EventList": "start", "Message": "Channels will follow"}))
            for one in self.channels:
                connection.sendall(_lines({"Event": "CoreShowChannel", **key, **one}))
            last = {"Event": "CoreShowChannelsComplete", **key, "EventList": "Complete"}
            connection.sendall(_lines({**last, "ListItems": str(len(self.channels))}))
            self.note(lambda: setattr(self, "sign_ins", self.sign_ins + 1))
        elif name == "Ping":
            connection.sendall(_lines({**done, "Ping": "Pong"}))
        elif name == "QueuePause":
            answer = {"Response": "Error", "Message": "Interface not found"} if self.refuses else done
            connection.sendall(_lines({**answer, **key}))
        elif name == "Originate" and not self.is_mute:
            answer = {"Response": "Error", "Message": "Extension does not exist."} if self.refuses else done
            connection.sendall(_lines({**answer, **key}))


def _lines(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"


class AriPeer(Peer):
    """The REST interface of an Asterisk: websocket of events, channels, bridges, originate."""

    def __init__(self) -> None:
        super().__init__()
        self.bridges: list[dict[str, Any]] = []
        peer = self

        class Handler(_AriHandler):
            exchange = peer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def tell(self, *events: dict[str, Any]) -> None:
        for one in list(self.listeners):
            for event in events:
                one.sendall(_frame(json.dumps(event).encode()))

    def cut(self) -> None:
        for one in list(self.listeners):
            one.shutdown(socket.SHUT_RDWR)
        self.until(lambda: not self.listeners)

    def close(self) -> None:
        for one in list(self.listeners):
            one.close()
        self._server.shutdown()
        self._server.server_close()


class _AriHandler(BaseHTTPRequestHandler):
    exchange: AriPeer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not self._is_known():
            self._json({"error": "Authentication required"}, 401)
        elif path == "/ari/events":
            self._upgrade()
        elif path == "/ari/channels":
            self._json(self.exchange.channels)
        elif path == "/ari/bridges":
            self._json(self.exchange.bridges)
            self.exchange.note(lambda: setattr(self.exchange, "sign_ins", self.exchange.sign_ins + 1))
        else:
            self._json({"message": "Resource not found"}, 404)

    def do_POST(self) -> None:
        asked = urlsplit(self.path)
        if not self._is_known():
            return self._json({"error": "Authentication required"}, 401)
        found = {name: values[0] for name, values in parse_qs(asked.query).items()}
        self.exchange.note(lambda: self.exchange.asked.append({"Action": asked.path, **found}))
        if self.exchange.is_mute:
            time.sleep(1.5)
        return self._json({"message": "Allocation failed"}, 400) if self.exchange.refuses else self._json(found)

    def _is_known(self) -> bool:
        right = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {right}"

    def _json(self, found: Any, status: int = 200) -> None:
        body = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _upgrade(self) -> None:
        seed = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(seed.encode()).digest()).decode())
        self.end_headers()
        self.close_connection = True
        self.exchange.note(lambda: self.exchange.listeners.append(self.connection))
        try:
            while (head := self.rfile.read(2)) and head[0] & 0x0F != 8:  # 8: the client closes
                self.rfile.read(4 + (head[1] & 0x7F))
        except OSError:
            pass
        finally:
            self.exchange.note(lambda: self.exchange.listeners.remove(self.connection))
            with contextlib.suppress(OSError):
                self.connection.sendall(b"\x88\x00")


def _frame(data: bytes) -> bytes:
    """A text message of a server (RFC 6455, section 5.2)."""
    head = bytes([0x81]) + (bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data)))
    return head + data
