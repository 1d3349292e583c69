"""Keeps a line to an exchange and hands on what happens to calls, at least once and in its order.

Two threads: one listens, one hands on. When whoever takes the news cannot (the database restarts), news wait; when too
many wait, listening waits too, until the exchange cuts the line, and what was missed is found out after reconnecting.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import InterfaceError, OperationalError, connection

from anxin.foundation.channels import data
from anxin.foundation.channels.data import CallNews, Exchange, LineDown, LiveChannel, Message, NotAdmitted
from anxin.foundation.channels.rules.switchboard import Switchboard
from anxin.foundation.channels.services.ami import AmiLine
from anxin.foundation.channels.services.ari import AriLine

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 60.0
MOST_WAITING: Final = 100_000
LISTEN: Final = 0.25  # seconds; how soon a stop is noticed
DRAIN: Final = 5.0
log = logging.getLogger(__name__)
Take = Callable[[CallNews], Any]
OpenCalls = Callable[[], Mapping[str, datetime]]


class Line(Protocol):
    """What both protocols can do."""

    def apply(self, board: Switchboard, message: Message, now: datetime, /) -> list[CallNews]: ...
    def open(self) -> None: ...
    def snapshot(self) -> list[LiveChannel]: ...
    def receive(self, seconds: float, /) -> list[Message]: ...
    def close(self) -> None: ...


def line_to(exchange: Exchange) -> Line:
    """A line that is not open yet."""
    return AriLine(exchange) if exchange.protocol is data.Protocol.ARI else AmiLine(exchange)


def run(
    exchange: Exchange, *, take: Take, open_calls: OpenCalls, now: Callable[[], datetime], stop: threading.Event,
    first_wait: float = FIRST_WAIT,
) -> None:  # fmt: skip
    """Until `stop`. `take` is given every happening, again when the database failed; `open_calls` says which calls are
    filed as going on, and when each was last heard of. A wrong secret is tried again too, seldom: somebody may mend it.
    """
    waiting: queue.Queue[CallNews] = queue.Queue(MOST_WAITING)
    done = threading.Event()
    hands = threading.Thread(target=_hand_on, args=(waiting, take, stop, done), name="calls", daemon=True)
    hands.start()
    try:
        _listen(exchange, waiting, open_calls=open_calls, now=now, stop=stop, first_wait=first_wait)
    finally:
        # Also when listening ended by itself: a process that only looks alive would lose every call from then on.
        done.set()
        hands.join(DRAIN)
        connection.close()


def _listen(
    exchange: Exchange, waiting: queue.Queue[CallNews], *, open_calls: OpenCalls, now: Callable[[], datetime],
    stop: threading.Event, first_wait: float,
) -> None:  # fmt: skip
    board = Switchboard(exchange.seats)
    lost_at: datetime | None = None
    wait = first_wait
    while not stop.is_set():
        line = line_to(exchange)
        try:
            line.open()
            # In this order: a call that another bridge files while the exchange answers is not missing from its answer.
            filed = _known(open_calls)
            live = line.snapshot()
            _put(waiting, board.resync(live, filed, now=now(), lost_at=lost_at), stop)
            log.warning("Connected with the telephone exchange; %d channels live.", len(live))
            wait = first_wait
            while not stop.is_set():
                for message in line.receive(LISTEN):
                    _put(waiting, _heard(line, board, message, now()), stop)
                lost_at = now()
        except LineDown as error:
            wait = LONGEST_WAIT if isinstance(error, NotAdmitted) else wait
            # Spread, so that several instances do not come back in step.
            pause = wait * (0.5 + random.random() / 2)  # noqa: S311
            log.warning("%s Trying again in %.0f s.", error, pause)
            stop.wait(pause)
            wait = min(wait * 2, LONGEST_WAIT)
        except (OperationalError, InterfaceError) as error:
            log.warning("The database does not answer: %s", type(error).__name__)
            connection.close()
            stop.wait(wait)
        finally:
            line.close()


def _known(open_calls: OpenCalls) -> Mapping[str, datetime]:
    try:
        return open_calls()
    finally:
        connection.close()  # held for seconds once a day, not for the day


def _heard(line: Line, board: Switchboard, message: Message, now: datetime) -> list[CallNews]:
    try:
        return line.apply(board, message, now)
    except Exception:
        # Exchanges differ; one message that cannot be read must not end the listening for all calls.
        log.exception("A message of the exchange could not be read: %s", message.get("Event") or message.get("type"))
        return []


def _put(waiting: queue.Queue[CallNews], news: list[CallNews], stop: threading.Event) -> None:
    for one in news:
        while not stop.is_set():
            try:
                waiting.put(one, timeout=LISTEN)
                break
            except queue.Full:
                continue


def _hand_on(waiting: queue.Queue[CallNews], take: Take, stop: threading.Event, done: threading.Event) -> None:
    """Until listening has ended and nothing waits, or for DRAIN seconds after it or after being told to stop."""
    deadline: float | None = None
    while True:
        if stop.is_set() or done.is_set():
            deadline = deadline or time.monotonic() + DRAIN
            if time.monotonic() > deadline or (done.is_set() and waiting.empty()):
                break
        try:
            one = waiting.get(timeout=0.2)
        except queue.Empty:
            continue
        _deliver(one, take, stop)
    connection.close()


def _deliver(one: CallNews, take: Take, stop: threading.Event) -> None:
    wait = 0.2
    while True:
        try:
            take(one)
            return
        except (OperationalError, InterfaceError) as error:
            log.warning("A call waits for the database: %s", type(error).__name__)
            connection.close()
            if stop.wait(wait):
                return  # found out after the next start
            wait = min(wait * 2, 10.0)
        except Exception:
            # One message that cannot be filed must not hold up all the others, nor end the thread that hands them on.
            log.exception("A happening could not be filed: %s %s", one.kind, one.key)
            return
