"""Messages of the Asterisk Manager Interface: `Header: value` lines, an empty line after each message.

Asterisk documentation, "The Asterisk Manager TCP IP API". The only line outside a message is the greeting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from anxin.foundation.channels.data import BadProtocol

GREETING = "Asterisk Call Manager/"
LONGEST_LINE = 64 * 1024
MOST_HEADERS = 1_000


class Reader:
    """Cuts a stream of bytes, in pieces of any length, into messages. A header that comes twice keeps all its values,
    with line feeds between."""

    def __init__(self) -> None:
        self._rest = b""
        self._headers: dict[str, str] = {}
        self.greeting = ""

    def feed(self, piece: bytes) -> list[dict[str, str]]:
        """The messages that are complete now. Raises BadProtocol for what AMI never says."""
        found = []
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            raise BadProtocol("A line without an end.")
        for line in lines:
            text = line.rstrip(b"\r").decode("utf-8", "replace")
            if not self.greeting:
                if not text.startswith(GREETING):
                    raise BadProtocol("This is no Asterisk manager.")
                self.greeting = text
            elif text:
                self._add(text)
            elif self._headers:
                found.append(self._headers)
                self._headers = {}
        return found

    def _add(self, text: str) -> None:
        name, colon, value = text.partition(":")
        if not colon:
            return  # output of a command
        if len(self._headers) >= MOST_HEADERS:
            raise BadProtocol("A message without an end.")
        value = value.strip()
        self._headers[name] = f"{self._headers[name]}\n{value}" if name in self._headers else value


def compose(headers: Mapping[str, str]) -> bytes:
    """An action as bytes. Raises ValueError for a line break in a value: it would be another header."""
    for name, value in headers.items():
        if any(letter in name + value for letter in "\r\n\0"):
            raise ValueError(f"The header {name} has a line break.")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"


def answer_to(challenge: str, secret: str) -> str:
    """What proves the secret without telling it (`AuthType: MD5`, the only kind Asterisk knows)."""
    return hashlib.md5((challenge + secret).encode(), usedforsecurity=False).hexdigest()
