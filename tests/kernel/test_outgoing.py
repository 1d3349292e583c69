"""S8: nothing that somebody types as an address leads inside."""

from __future__ import annotations

import http.server
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest

from anxin.kernel import outgoing
from anxin.kernel.outgoing import Refused

PUBLIC = "203.0.114.9"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "ftp://hooks.example.com/", "file:///etc/passwd", "//hooks.example.com/", "x",
        "https://", "https://user:secret@hooks.example.com/", "https://hooks.example.com:22/", "https://localhost/",
        "https://localhost./", "https://db/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
        "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/",
        "https://127.0.0.1./", "https://10.0.0.5/", "https://172.16.0.1/", "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://0.0.0.0/", "https://0/",
        "https://255.255.255.255/", "https://224.0.0.1/", "https://[::1]/", "https://[::]/", "https://[::ffff:7f00:1]/",
        "https://[::ffff:10.0.0.1]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[::127.0.0.1]/", "https://１２７.0.0.1/",
        "https://①②⑦.⓪.⓪.①/", "https://hooks.example.com\\@127.0.0.1/", "https://127.0.0.1#@hooks.example.com/",
        "https://hooks.example.com/ x", "https://hooks.example.com\r\nHost: db/", "https://-a.example.com/",
        "https://hooks.example.com:99999/", "https://example.0x7f/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plainly_public_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        outgoing.target_of(url)


def test_a_plain_address_is_taken_apart() -> None:
    target = outgoing.target_of("https://Hooks.Example.com:8443/in?x=1")
    assert (target.host, target.port, target.path) == ("hooks.example.com", 8443, "/in?x=1")
    assert outgoing.target_of("https://例子.公司.cn").host == "xn--fsqu00a.xn--55qx5d.cn"
    assert outgoing.target_of(f"https://{PUBLIC}/").host == PUBLIC


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0", "fd00::1", "::ffff:192.168.0.1", "0.0.0.0"],
)
def test_one_inside_address_among_public_ones_is_enough_to_refuse(inside: str) -> None:
    target = outgoing.target_of("https://hooks.example.com/")
    with pytest.raises(Refused):
        outgoing.pin(target, ask=lambda _host, _port: [PUBLIC, inside])


def test_public_addresses_are_public() -> None:
    assert all(outgoing.is_public(ipaddress.ip_address(text)) for text in (PUBLIC, "8.8.8.8", "2606:4700::1111"))


class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        self.send_response(302)
        self.send_header("Location", "https://127.0.0.1/inside")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[http.server.HTTPServer]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_nothing_reaches_an_inside_listener(listener: http.server.HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "PORTS", frozenset({listener.server_port}))
    accepted = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_more: accepted.append(args))
    with pytest.raises(Refused):
        outgoing.post(
            f"https://hooks.example.com:{listener.server_port}/", b"", {}, ask=lambda _host, _port: ["127.0.0.1"]
        )
    assert accepted == []
    assert listener.seen == []  # type: ignore[attr-defined]


def test_a_name_is_asked_for_once_and_the_call_goes_to_that_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when looked at, inside when called."""
    asked, called = [], []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    def connect(address: tuple[str, int], _timeout: float) -> None:
        called.append(address)
        raise OSError("far enough")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OSError, match="far enough"):
        outgoing.post("https://hooks.example.com/", b"{}", {}, ask=rebinding)
    assert asked == ["hooks.example.com"]
    assert called == [(PUBLIC, 443)]


def test_a_redirect_is_an_answer_and_not_followed(
    listener: http.server.HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Plain:
        """Stands in for TLS: the listener has no certificate."""

        def wrap_socket(self, plain: socket.socket, server_hostname: str) -> socket.socket:
            assert server_hostname == "hooks.example.com", "the certificate of the name is asked for"
            return plain

    monkeypatch.setattr(outgoing, "_Pinned", _with_plain(Plain()))
    target = outgoing.Target("hooks.example.com", listener.server_port, "/in")
    answer = outgoing._send(target, "127.0.0.1", b"{}", {}, ssl.create_default_context())
    assert answer.status == 302
    assert listener.seen == ["/in"]  # type: ignore[attr-defined]


def _with_plain(tls: object) -> type:
    class Open(outgoing._Pinned):
        def __init__(self, target: outgoing.Target, address: str, context: ssl.SSLContext) -> None:
            super().__init__(target, address, context)
            self._tls = tls  # type: ignore[assignment]

    return Open
