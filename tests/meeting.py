"""Two transactions that meet: the second comes while the first stands, all written but not ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection, transaction


def meet(first: Callable[[], object], second: Callable[[], object]) -> tuple[bool, Future[None]]:
    """`first` stands in its transaction, all written, when `second` comes. Whether that one waited, and its end."""
    written, go_on = threading.Event(), threading.Event()

    def stand() -> None:
        try:
            with transaction.atomic():
                first()
                written.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    def come() -> None:
        try:
            with transaction.atomic():
                second()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        standing = pool.submit(stand)
        assert written.wait(30) or standing.exception()
        coming = pool.submit(come)
        has_waited = False
        while not coming.done() and not has_waited:
            has_waited = is_somebody_waiting()
            time.sleep(0.02)
        go_on.set()
        standing.result(30)
        coming.exception(30)
    return has_waited, coming


def is_somebody_waiting() -> bool:
    """Whether a connection to the database of this test waits for a lock of another. Ask outside a transaction: inside
    one, PostgreSQL gives the same answer again and again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])
