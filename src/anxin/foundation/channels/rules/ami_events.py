"""What the events of the manager interface mean for a switchboard.

Names of events and headers: Asterisk 16 to 22, "AMI Events". Wanted of the dialplan: `UserEvent(AnxinMenu,Choice: 1)`
or the variable `ANXIN_MENU` (`1-2-0`) for the menu; MixMonitor names its file in a variable by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from anxin.foundation.channels.data import CallNews, LiveChannel, Message
from anxin.foundation.channels.rules.switchboard import Switchboard

MENU_VARIABLE: Final = "ANXIN_MENU"
RECORDING_VARIABLE: Final = "MIXMONITOR_FILENAME"
NOBODY: Final = frozenset({"<unknown>", "anonymous", "unknown"})


def moment(message: Message, now: datetime) -> datetime:
    """When it happened (`timestampevents = yes`), else `now`."""
    try:
        return datetime.fromtimestamp(float(message.get("Timestamp", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return now


def apply(board: Switchboard, message: Message, now: datetime) -> list[CallNews]:
    """Tell the board of an event; answers with what happened to calls. What means nothing here changes nothing."""
    name = message.get("Event", "")
    at = moment(message, now)
    channel = message.get("Uniqueid", "")
    call = message.get("Linkedid", "") or board.call_of(channel)
    if name == "Newchannel":
        return board.begins(
            channel, message.get("Channel", ""), call_id=message.get("Linkedid", ""), number=number(message), at=at
        )  # fmt: skip
    if name == "NewCallerid":
        board.renumbered(channel, number(message))
        return []
    if name == "Hangup":
        return board.ends(channel, at)
    if name in {"DialBegin", "DialEnd", "AgentConnect"}:
        return _dialled(board, message, at)
    if name == "QueueCallerJoin":
        return board.queued(call, message.get("Queue", ""), at)
    if name == "BridgeEnter":
        return board.answers(call, channel, message.get("Channel", ""), at)
    if name in {"Hold", "Unhold"}:
        board.holds(call, at, is_held=name == "Hold")
        return []
    if name == "VarSet":
        return _variable(board, call, message.get("Variable", ""), message.get("Value", ""), at)
    if name == "UserEvent":
        return _user_event(board, call, message, at)
    return []


def _dialled(board: Switchboard, message: Message, at: datetime) -> list[CallNews]:
    # An originated call has no dialling channel: the headers of the destination say whose call it is.
    call = message.get("Linkedid", "") or message.get("DestLinkedid", "")
    channel, name = message.get("DestUniqueid", ""), message.get("DestChannel", "")
    if message.get("Event") == "DialBegin":
        dialled = message.get("DialString", "") or message.get("DestCallerIDNum", "")
        return board.rings(call, channel, name, dialled, at)
    if message.get("Event") == "AgentConnect" or message.get("DialStatus") == "ANSWER":
        return board.answers(call, channel, name, at)
    return board.stops_ringing(call, channel, name, at)


def _variable(board: Switchboard, call: str, variable: str, value: str, at: datetime) -> list[CallNews]:
    if variable.lstrip("_") == MENU_VARIABLE:
        return board.path(call, value.split("-"), at)
    if variable == RECORDING_VARIABLE:
        return board.recorded(call, value, at)
    return []


def _user_event(board: Switchboard, call: str, message: Message, at: datetime) -> list[CallNews]:
    kind = message.get("UserEvent", "")
    if kind == "AnxinMenu":
        return board.chooses(call, message.get("Choice", ""), at)
    if kind == "AnxinQueue":
        return board.queued(call, message.get("Queue", ""), at)
    return []


def number(message: Message) -> str:
    found = str(message.get("CallerIDNum", ""))
    return "" if found.lower() in NOBODY else found


def live_channel(message: Message) -> LiveChannel:
    """A `CoreShowChannel` as it is."""
    return LiveChannel(
        id=message.get("Uniqueid", ""), name=message.get("Channel", ""), call_id=message.get("Linkedid", ""),
        number=number(message), is_up=message.get("ChannelStateDesc") == "Up", bridge=message.get("BridgeId", ""),
    )  # fmt: skip
