"""What a telephone exchange is asked and tells. Numbers and extensions, no customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from anxin.kernel.personal import PersonalData

# Nothing is stored here.
PERSONAL_DATA: dict[str, PersonalData] = {}


class Protocol(StrEnum):
    AMI = "ami"
    ARI = "ari"


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """How to reach a telephone exchange. `seats`: regular expression of what is an extension of an agent and not a
    trunk; `system`: the name its calls are filed under; `application`: the Stasis application (ARI only)."""

    protocol: Protocol
    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    is_tls: bool = False
    system: str = "asterisk"
    seats: str = r"\d{3,6}"
    technology: str = "PJSIP"
    context: str = "from-internal"
    application: str = "anxin"


class NewsKind(StrEnum):
    """What happened to a call."""

    MENU = "menu"  # it came in, or a key was pressed in the menu
    QUEUED = "queued"
    RINGING = "ringing"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # a telephone rings no more, the call goes on
    ENDED = "ended"
    RECORDING = "recording"


@dataclass(frozen=True, kw_only=True)
class CallNews:
    """Something that happened to a call. `key` is the same however often it is told; `menu` is the whole path so far.

    `is_witnessed` is False for an end that nobody saw: the call was gone after a cut, `at` is when it was last known.
    """

    key: str
    call_id: str
    kind: NewsKind
    at: datetime
    direction: str = "inbound"
    number: str = ""
    extension: str = ""
    queue: str = ""
    menu: tuple[str, ...] = ()
    hold_seconds: int = 0
    recording: str = ""
    is_witnessed: bool = True


@dataclass(frozen=True, kw_only=True)
class LiveChannel:
    """A channel that exists now. `call_id`: the oldest channel of its call, "" where the protocol does not say."""

    id: str
    name: str
    call_id: str = ""
    number: str = ""
    is_up: bool = False
    bridge: str = ""


# How the ids of channels begin that this product asked for; the exchange keeps the id it is given.
OURS: Final = "anxin-"
# A message of a protocol: headers of AMI, JSON of ARI.
Message = Mapping[str, Any]


class LineDown(Exception):
    """The exchange cannot be reached, or has gone; the text says how and never with what secret."""


class NotAdmitted(LineDown):
    """The exchange does not take this user and secret."""


class DialUnsure(LineDown):
    """The exchange was asked to dial and did not answer in time: it may dial all the same."""


class PauseRefused(Exception):
    """The exchange has no such member in a queue."""


class DialRefused(Exception):
    """The exchange would not dial."""


class BadProtocol(LineDown):
    """What came is no message of this protocol."""
