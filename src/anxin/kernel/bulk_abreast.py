"""Portions of one work over two connections at once, each in a transaction of its own.

Writing a million rows keeps one core of the database waiting for another that stands idle. What is done so is seen
portion by portion, and stays when the process is killed: whoever uses it says how the work is ended then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final, TypeVar

from django.db import connection, transaction

T = TypeVar("T")

CONNECTIONS: Final = 2
# The server ends a session that is idle within its transaction for longer than a minute.
_SIGN_OF_LIFE: Final = 10.0


def is_possible() -> bool:
    """Whether other connections see what this one wrote: not from within a transaction. Ask before beginning one that
    holds nothing but locks."""
    return not connection.in_atomic_block


def run(portions: Iterable[Callable[[], T]]) -> list[T]:
    """Each portion in its transaction, on a connection of its own; the answers in their order.

    The caller's transaction, if there is one, stays open and keeps its locks: portions must not wait for them. After a
    portion that failed none is begun, those that run are waited for, and its error is raised; what others did stays.
    """
    with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="abreast") as pool:
        begun = [pool.submit(_alone, portion) for portion in portions]
        try:
            waiting = set(begun)
            while waiting:
                done, waiting = wait(waiting, timeout=_SIGN_OF_LIFE, return_when="FIRST_EXCEPTION")
                if any(one.exception() for one in done):
                    break
                _give_sign_of_life()
        finally:
            pool.shutdown(cancel_futures=True)
    failed = [error for one in begun if not one.cancelled() and (error := one.exception())]
    if failed:
        raise failed[0]
    return [one.result() for one in begun]


def _alone(portion: Callable[[], T]) -> T:
    try:
        with transaction.atomic():
            return portion()
    finally:
        # Connections belong to threads, and these threads end.
        connection.close()


def _give_sign_of_life() -> None:
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
