"""Follows the channels of an exchange and says what happened to which call.

A call is known by its oldest channel. Where that is the telephone of an agent the call goes out, else it comes in; a
call between two agents is nobody's business here. Everything is idempotent: to be told twice changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from anxin.foundation.channels.data import OURS, CallNews, LiveChannel, NewsKind

LONGEST_ID = 80
LONGEST_PATH = 20


@dataclass
class _Call:
    id: str
    direction: str
    number: str = ""
    queue: str = ""
    menu: tuple[str, ...] = ()
    agent: str = ""  # extension that has it
    is_answered: bool = False
    held_since: datetime | None = None
    hold_seconds: float = 0
    told: set[str] = field(default_factory=set)
    pressed: tuple[str, datetime] | None = None


class Switchboard:
    """The channels and calls of one exchange. Every method answers with what is new, in its order."""

    def __init__(self, seats: str) -> None:
        self._seat = re.compile(seats)
        self._calls: dict[str, _Call] = {}
        self._channels: dict[str, tuple[str, str]] = {}  # channel → (call, extension or "")

    def extension_of(self, name: str) -> str:
        """`PJSIP/8001-00000a2b` → 8001, `Local/8001@agents-0;1` → 8001; "" for a trunk."""
        rest = name.partition("/")[2]
        extension = rest.split("@")[0] if "@" in rest else rest.rpartition("-")[0] or rest
        return extension if self._seat.fullmatch(extension) else ""

    def call_of(self, channel: str) -> str:
        """The call a channel belongs to, "" when it is not known."""
        return self._channels.get(channel, ("", ""))[0]

    def begins(self, channel: str, name: str, *, call_id: str, number: str, at: datetime) -> list[CallNews]:
        """A channel exists. `call_id`: the oldest channel of its call; its own id for the first one."""
        if channel in self._channels:
            return []
        extension = self.extension_of(name)
        self._channels[channel] = (call_id or channel, extension)
        if call_id and call_id != channel:
            return []
        self._calls[channel] = call = _Call(id=channel, direction="outbound" if extension else "inbound")
        if extension:
            call.agent = extension
            return []
        call.number = number
        return self._tell(call, NewsKind.MENU, "0", at)

    def renumbered(self, channel: str, number: str) -> None:
        """The exchange learnt the caller's number later."""
        call = self._calls.get(channel)
        if call is not None and call.direction == "inbound" and number:
            call.number = number

    def joins(self, channel: str, call_id: str) -> None:
        """A channel belongs to a call that was found out later (ARI tells when it is dialled)."""
        extension = self._channels.get(channel, ("", ""))[1]
        known = self._calls.get(channel)
        if call_id and call_id != channel and call_id in self._calls and (known is None or not known.is_answered):
            self._calls.pop(channel, None)
            self._channels[channel] = (call_id, extension)

    def chooses(self, call_id: str, choice: str, at: datetime) -> list[CallNews]:
        """One more key in the menu."""
        call = self._calls.get(call_id)
        if call is None or not choice or call.pressed == (choice, at):
            return []
        call.pressed = (choice, at)
        return self.path(call_id, (*call.menu, choice), at)

    def path(self, call_id: str, path: Iterable[str], at: datetime) -> list[CallNews]:
        """The whole path through the menu so far."""
        call = self._calls.get(call_id)
        found = tuple(part.strip()[:20] for part in path if part.strip())[:LONGEST_PATH]
        if call is None or call.direction != "inbound" or not found or found == call.menu:
            return []
        call.menu = found
        return self._tell(call, NewsKind.MENU, "-".join(found), at)

    def queued(self, call_id: str, queue: str, at: datetime) -> list[CallNews]:
        call = self._calls.get(call_id)
        if call is None or call.direction != "inbound":
            return []
        call.queue = queue[:40]
        return self._tell(call, NewsKind.QUEUED, queue, at)

    def rings(self, call_id: str, channel: str, name: str, dialled: str, at: datetime) -> list[CallNews]:
        """`channel` is being dialled: an agent's telephone, or outside by an agent."""
        call = self._calls.get(call_id)
        if call is None:
            return []
        extension = self.extension_of(name)
        if call.direction == "outbound":
            if extension:
                return []
            call.number = call.number or number_in(dialled)
            if not call.number:
                return []
            return self._tell(call, NewsKind.RINGING, channel, at)
        if not extension or (call.is_answered and call.agent == extension):
            return []
        if not call.is_answered:
            call.agent = extension
        return self._tell(call, NewsKind.RINGING, channel, at, extension=extension)

    def answers(self, call_id: str, channel: str, name: str, at: datetime) -> list[CallNews]:
        """Who was dialled picked up, or an agent came into the conversation."""
        call = self._calls.get(call_id)
        if call is None:
            return []
        extension = self.extension_of(name)
        if call.direction == "outbound":
            if extension or call.is_answered or not call.number:
                return []
        elif not extension or (call.is_answered and call.agent == extension):
            return []
        else:
            call.agent = extension
        call.is_answered = True
        return self._tell(call, NewsKind.ANSWERED, channel, at)

    def stops_ringing(self, call_id: str, channel: str, name: str, at: datetime) -> list[CallNews]:
        """An agent's telephone rang and was not lifted, or another one was."""
        call, extension = self._calls.get(call_id), self.extension_of(name)
        if (
            call is None
            or call.direction != "inbound"
            or not extension
            or (call.is_answered and call.agent == extension)
        ):
            return []
        return self._tell(call, NewsKind.UNANSWERED, channel, at, extension=extension)

    def holds(self, call_id: str, at: datetime, *, is_held: bool) -> None:
        call = self._calls.get(call_id)
        if call is None:
            return
        if is_held:
            call.held_since = call.held_since or at
        elif call.held_since is not None:
            call.hold_seconds += max(0.0, (at - call.held_since).total_seconds())
            call.held_since = None

    def recorded(self, call_id: str, reference: str, at: datetime) -> list[CallNews]:
        call = self._calls.get(call_id)
        return [] if call is None or not reference else self._tell(
            call, NewsKind.RECORDING, reference, at, recording=reference[:200]
        )  # fmt: skip

    def ends(self, channel: str, at: datetime) -> list[CallNews]:
        """A channel is gone; with the oldest one the call is over."""
        self._channels.pop(channel, None)
        call = self._calls.pop(channel, None)
        return [] if call is None else self._over(call, at)

    def resync(
        self,
        live: Iterable[LiveChannel],
        open_calls: Mapping[str, datetime],
        *,
        now: datetime,
        lost_at: datetime | None,
    ) -> list[CallNews]:
        """What is true after a cut. `open_calls`: calls that are filed as going on, and when each was last heard of;
        `lost_at`: when the line was last known to live, None for the first connection of this process."""
        channels = list(live)
        calls = {short(one.call_id or one.id) for one in channels} | {short(one.id) for one in channels}
        news: list[CallNews] = []
        for call_id in [*self._calls, *(one for one in open_calls if one not in self._calls)]:
            if short(call_id) in calls:
                continue
            call = self._calls.pop(call_id, None) or _Call(id=call_id, direction="")
            at = lost_at or open_calls.get(call_id, now)
            news += self._over(call, max(at, open_calls.get(call_id, at)), is_witnessed=False)
        self._channels = {
            key: one for key, one in self._channels.items() if key in {channel.id for channel in channels}
        }  # fmt: skip
        news += self._found(channels, open_calls, now)
        return news

    def _found(self, channels: list[LiveChannel], filed: Mapping[str, datetime], now: datetime) -> list[CallNews]:
        news: list[CallNews] = []
        oldest = [one for one in channels if not one.call_id or one.call_id == one.id]
        bridges = {one.bridge: one.id for one in oldest if one.bridge and not self.extension_of(one.name)}
        for one in oldest:
            # Without `call_id` (ARI) only a bridge tells whose telephone this is.
            if one.bridge in bridges and bridges[one.bridge] != one.id:
                continue
            if one.id not in self._calls:
                told = self.begins(one.id, one.name, call_id=one.id, number=one.number, at=now)
                news += [] if short(one.id) in filed else told
        for one in channels:
            call_id = one.call_id or bridges.get(one.bridge, "")
            if not call_id or call_id == one.id or call_id not in self._calls:
                continue
            self._channels.setdefault(one.id, (call_id, self.extension_of(one.name)))
            if one.is_up:
                news += self.answers(call_id, one.id, one.name, now)
            else:
                news += self.rings(call_id, one.id, one.name, "", now)
        return news

    def _over(self, call: _Call, at: datetime, *, is_witnessed: bool = True) -> list[CallNews]:
        if call.direction == "outbound" and not call.number and not call.id.startswith(OURS):
            return []  # between agents, or a telephone that dialled nobody
        self._calls[call.id] = call
        self.holds(call.id, at, is_held=False)
        del self._calls[call.id]
        return self._tell(
            call, NewsKind.ENDED, "", at, hold_seconds=int(call.hold_seconds), is_witnessed=is_witnessed
        )  # fmt: skip

    def _tell(self, call: _Call, kind: NewsKind, what: str, at: datetime, **more: Any) -> list[CallNews]:
        key = key_of(call.id, kind, what)
        if key in call.told:
            return []
        call.told.add(key)
        values: dict[str, Any] = {"extension": call.agent, **more}
        return [
            CallNews(
                key=key, call_id=short(call.id), kind=kind, at=at, direction=call.direction or "inbound",
                number=call.number, queue=call.queue, menu=call.menu, **values,
            )
        ]  # fmt: skip


def key_of(call_id: str, kind: NewsKind, what: str) -> str:
    """The same happening has the same key after a restart too."""
    digest = hashlib.blake2b("\0".join((call_id, kind, what)).encode(), digest_size=16).hexdigest()
    return f"{kind}-{digest}"


def short(call_id: str) -> str:
    """An id as it is filed: itself, or a digest of one that is longer than any exchange makes them."""
    if len(call_id) <= LONGEST_ID:
        return call_id
    return hashlib.blake2b(call_id.encode(), digest_size=32).hexdigest()


def number_in(dialled: str) -> str:
    """The number in what was dialled: `13800138000@trunk`, `trunk/sip:13800138000@10.0.0.1`, `gw/13800138000`."""
    last = dialled.split("@")[0].rpartition("/")[2].removeprefix("sip:")
    digits = re.sub(r"[^\d+]", "", last)
    return digits if len(digits) >= 3 else ""
