"""What the events of the REST interface mean for a switchboard.

Names of events and members: Asterisk 16 to 22, "Asterisk REST Data Models". ARI says of no channel to which call it
belongs: a channel that is dialled, or enters the bridge of a call, belongs to that call. Queues of Asterisk send no
events here: `Stasis(anxin,queue=claims)`, or `UserEvent(AnxinQueue,Queue: claims)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from anxin.foundation.channels.data import CallNews, LiveChannel, Message
from anxin.foundation.channels.rules.ami_events import MENU_VARIABLE, RECORDING_VARIABLE
from anxin.foundation.channels.rules.switchboard import Switchboard


def moment(event: Message, now: datetime) -> datetime:
    """Its `timestamp` (2026-11-23T10:00:00.000+0800), else `now`."""
    try:
        at = datetime.fromisoformat(str(event.get("timestamp", "")))
    except ValueError:
        return now
    return at if at.tzinfo is not None else now


def apply(board: Switchboard, event: Message, now: datetime) -> list[CallNews]:
    """Tell the board of an event; answers with what happened to calls. What means nothing here changes nothing."""
    kind = event.get("type", "")
    at = moment(event, now)
    channel = _part(event, "channel")
    key = str(channel.get("id", ""))
    call = board.call_of(key)
    if kind in {"ChannelCreated", "StasisStart", "ChannelStateChange"}:
        # A trunk that is still down is being dialled from inside: its call is told by `Dial`.
        if kind != "StasisStart" and channel.get("state") != "Ring" and not board.extension_of(_name(channel)):
            return []
        found = board.begins(key, _name(channel), call_id="", number=_number(channel), at=at)
        return found + _arguments(board, key, event.get("args") or (), at)
    if kind == "Dial":
        return _dialled(board, event, at)
    if kind == "ChannelEnteredBridge":
        return _entered(board, key, channel, _part(event, "bridge").get("channels") or (), at)
    if kind == "ChannelCallerId":
        board.renumbered(key, _number(channel))
        return []
    if kind in {"ChannelHold", "ChannelUnhold"}:
        board.holds(call, at, is_held=kind == "ChannelHold")
        return []
    if kind == "ChannelVarset":
        return _variable(board, call, str(event.get("variable", "")), str(event.get("value", "")), at)
    if kind == "ChannelUserevent":
        return _user_event(board, call, event, at)
    if kind == "RecordingFinished":
        return _recorded(board, _part(event, "recording"), at)
    if kind in {"ChannelHangupRequest", "ChannelDestroyed"}:
        return board.ends(key, at)
    return []


def _dialled(board: Switchboard, event: Message, at: datetime) -> list[CallNews]:
    caller, peer = _part(event, "caller"), _part(event, "peer")
    key, name = str(peer.get("id", "")), _name(peer)
    call = board.call_of(str(caller.get("id", ""))) or board.call_of(key)
    board.joins(key, call)
    status = event.get("dialstatus", "")
    if status in {"", "RINGING", "PROGRESS"}:
        dialled = str(event.get("dialstring", "")) or _number(peer)
        return board.rings(call, key, name, dialled, at)
    if status == "ANSWER":
        return board.answers(call, key, name, at)
    return board.stops_ringing(call, key, name, at)


def _entered(
    board: Switchboard, key: str, channel: Mapping[str, Any], others: Iterable[Any], at: datetime
) -> list[CallNews]:
    for other in map(str, others):
        if other != key and board.call_of(other) == other:
            if not board.extension_of(_name(channel)):
                continue
            board.joins(key, other)
            return board.answers(other, key, _name(channel), at)
    return board.answers(board.call_of(key), key, _name(channel), at)


def _arguments(board: Switchboard, key: str, arguments: Iterable[Any], at: datetime) -> list[CallNews]:
    news = []
    for argument in map(str, arguments):
        name, _sign, value = argument.partition("=")
        if name == "queue":
            news += board.queued(board.call_of(key), value, at)
        elif name == "menu":
            news += board.path(board.call_of(key), value.split("-"), at)
    return news


def _variable(board: Switchboard, call: str, variable: str, value: str, at: datetime) -> list[CallNews]:
    if variable.lstrip("_") == MENU_VARIABLE:
        return board.path(call, value.split("-"), at)
    return board.recorded(call, value, at) if variable == RECORDING_VARIABLE else []


def _user_event(board: Switchboard, call: str, event: Message, at: datetime) -> list[CallNews]:
    told = _part(event, "userevent")
    name = event.get("eventname") or told.get("eventname")
    if name == "AnxinMenu":
        return board.chooses(call, str(told.get("Choice", "")), at)
    return board.queued(call, str(told.get("Queue", "")), at) if name == "AnxinQueue" else []


def _recorded(board: Switchboard, recording: Mapping[str, Any], at: datetime) -> list[CallNews]:
    kind, _sign, key = str(recording.get("target_uri", "")).partition(":")
    name, form = recording.get("name", ""), recording.get("format", "")
    if kind != "channel" or not name:
        return []
    return board.recorded(board.call_of(key), f"{name}.{form}" if form else str(name), at)


def live_channels(channels: Iterable[Message], bridges: Iterable[Message]) -> list[LiveChannel]:
    """`GET /channels` and `GET /bridges` as they are."""
    where = {str(key): str(one.get("id", "")) for one in bridges for key in one.get("channels") or ()}
    return [
        LiveChannel(
            id=str(one.get("id", "")), name=_name(one), number=_number(one), is_up=one.get("state") == "Up",
            bridge=where.get(str(one.get("id", "")), ""),
        )
        for one in channels
    ]  # fmt: skip


def _part(event: Message, name: str) -> Mapping[str, Any]:
    found = event.get(name)
    return found if isinstance(found, Mapping) else {}


def _name(channel: Mapping[str, Any]) -> str:
    return str(channel.get("name", ""))


def _number(channel: Mapping[str, Any]) -> str:
    return str(_part(channel, "caller").get("number", ""))
