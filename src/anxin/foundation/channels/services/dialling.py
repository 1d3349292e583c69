"""What an exchange is asked for an agent: to dial (their telephone rings, lifted it dials the number), and to give
them no calls of a queue for a while."""

from __future__ import annotations

import re
from typing import Final

from anxin.foundation.channels.data import (
    DialRefused,
    DialUnsure,
    Exchange,
    LineDown,
    PauseRefused,
    Protocol,
)
from anxin.foundation.channels.services.ami import AmiLine

PATIENCE: Final = 3.0  # somebody waits before a screen
RING_SECONDS: Final = 30
_NUMBER: Final = re.compile(r"\+?\d{3,20}")
_EXTENSION: Final = re.compile(r"[0-9A-Za-z_.-]{1,20}")


def dial(exchange: Exchange, *, extension: str, number: str, call_id: str) -> None:
    """`call_id` becomes the id of the call in everything the exchange tells of it. The exchange answers when it has
    begun, not when somebody answers. A line of its own for each call: an agent who dials does not depend on the bridge.

    Raises LineDown (nothing was asked of the exchange), DialUnsure (asked, but not answered in time), DialRefused.
    """
    if not _NUMBER.fullmatch(number) or not _EXTENSION.fullmatch(extension):
        raise DialRefused("This cannot be dialled.")
    if exchange.protocol is Protocol.ARI:
        _by_ari(exchange, extension, number, call_id)
    else:
        _by_ami(exchange, extension, number, call_id)


def _by_ami(exchange: Exchange, extension: str, number: str, call_id: str) -> None:
    line, is_asked = AmiLine(exchange, events=False, patience=PATIENCE), False
    try:
        line.open()
        is_asked = True
        answer = line.ask(
            {
                "Action": "Originate", "Channel": f"{exchange.technology}/{extension}", "ChannelId": call_id,
                "Context": exchange.context, "Exten": number, "Priority": "1", "CallerID": number,
                "Timeout": str(RING_SECONDS * 1_000), "Async": "true",
            }
        )  # fmt: skip
    except LineDown as error:
        raise DialUnsure(str(error)) if is_asked else error from None
    finally:
        line.close()
    if answer.get("Response") != "Success":
        raise DialRefused("The exchange would not dial.")


def _by_ari(exchange: Exchange, extension: str, number: str, call_id: str) -> None:
    # Not above: most houses have no such exchange, and need no websockets.
    from anxin.foundation.channels.services.ari import AriLine

    line = AriLine(exchange, patience=PATIENCE)
    try:
        line.ask(
            "POST", "channels", endpoint=f"{exchange.technology}/{extension}", extension=number,
            context=exchange.context, priority="1", callerId=number, timeout=str(RING_SECONDS), channelId=call_id,
        )  # fmt: skip
    except LineDown as error:
        if str(error).startswith("The exchange answers 4"):
            raise DialRefused("The exchange would not dial.") from None
        if str(error).endswith("ReadTimeout."):  # sent, so it may dial all the same
            raise DialUnsure(str(error)) from None
        raise
    finally:
        line.close()


def pause(exchange: Exchange, *, extension: str, is_paused: bool, reason: str = "") -> None:
    """Give the agent at `extension` no more calls of any queue, or calls again. Only AMI knows queues: with ARI whoever
    wrote the application asks `POST /api/v1/cti/route`, which leaves out who is not available.

    Raises LineDown, PauseRefused (the telephone is in no queue).
    """
    if exchange.protocol is Protocol.ARI or not _EXTENSION.fullmatch(extension):
        return
    line = AmiLine(exchange, events=False, patience=PATIENCE)
    try:
        line.open()
        answer = line.ask(
            {
                "Action": "QueuePause", "Interface": f"{exchange.technology}/{extension}",
                "Paused": "true" if is_paused else "false", "Reason": reason,
            }
        )  # fmt: skip
    finally:
        line.close()
    if answer.get("Response") != "Success":
        raise PauseRefused(f"{extension} is in no queue of the exchange.")
