"""Calls to addresses that somebody typed (webhooks): never to the inside, whatever the address looks like.

The name is resolved once, every address it has must be public, and the connection goes to exactly the address that was
looked at, so that a name that changes its mind (DNS rebinding) changes nothing. Redirects are answers, not orders.
Ranges: IANA special-purpose registries, as the standard library knows them.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

TIMEOUT: Final = 10.0  # seconds for each step
MOST_READ: Final = 64 * 1024
PORTS: Final = frozenset({443, 8443})
_NAME: Final = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# NAT64 carries an IPv4 address in its last four bytes (RFC 6052).
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Iterable[str]]


class Refused(Exception):
    """The address may not be called; the text says why and never what lies behind it."""


@dataclass(frozen=True)
class Target:
    host: str  # in the form that goes over the wire (punycode)
    port: int
    path: str  # with query


@dataclass(frozen=True)
class Answer:
    """`body` is cut off after 64 KB."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def target_of(url: str) -> Target:
    """What a URL leads to. Raises Refused for anything but https to a full name or a plainly written public address."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        raise Refused("This is not an address.") from None
    if any(ord(letter) <= 32 for letter in url) or "\\" in url:
        raise Refused("This is not an address.")
    if parts.scheme != "https":
        raise Refused("Only https is called.")
    if parts.username is not None or parts.password is not None:
        raise Refused("An address holds no user and password.")
    if port not in PORTS:
        raise Refused(f"Only the ports {', '.join(map(str, sorted(PORTS)))} are called.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(_host(host), port, path)


def _host(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        _check(address)
        return str(address)
    try:
        name = host.encode("idna").decode().lower()
    except UnicodeError:
        raise Refused("This is not a name of a server.") from None
    # Also every other spelling of an address (2130706433, 0x7f.1, 0177.0.0.1): its last part is no letter.
    if not _NAME.fullmatch(name):
        raise Refused("This is not the full name of a server.")
    return name


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name as the system's resolver tells them."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise Refused("This name has no address.") from None


def pin(target: Target, *, ask: Resolve = resolve) -> str:
    """The one address to connect to. Raises Refused if any address of the name is not public."""
    found = [ipaddress.ip_address(text.partition("%")[0]) for text in ask(target.host, target.port)]
    if not found:
        raise Refused("This name has no address.")
    for address in found:
        _check(address)
    return str(found[0])


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, also when it is wrapped in another one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not special and not address.is_link_local


def _check(address: Address) -> None:
    if not is_public(address):
        raise Refused("This address is not on the open internet.")


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, ask: Resolve = resolve, context: ssl.SSLContext | None = None
) -> Answer:
    """POST `body`; the answer, whatever its status. Raises Refused, and OSError or HTTPException from the network."""
    target = target_of(url)
    return _send(target, pin(target, ask=ask), body, headers, context or ssl.create_default_context())


def _send(target: Target, address: str, body: bytes, headers: Mapping[str, str], context: ssl.SSLContext) -> Answer:
    connection = _Pinned(target, address, context)
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read(MOST_READ))
    finally:
        connection.close()


class _Pinned(http.client.HTTPSConnection):
    """Connects to an address that was looked at, and asks for the certificate of the name. No proxy, no second look."""

    def __init__(self, target: Target, address: str, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        plain: Any = socket.create_connection((self._address, self.port), TIMEOUT)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
