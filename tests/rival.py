"""An import in a process of its own (`tests.another`)."""

from __future__ import annotations

from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

Outcome = tuple[str, dict[str, int] | str]


def import_customers(
    source: str, rows: list[dict[str, Any]], barrier: Barrier, answers: Queue[Outcome], attempts: int
) -> None:
    """Import `rows`; wait between looking and writing, so that both rivals have looked before one writes."""
    from anxin.book.customers.importers import customers
    from anxin.kernel import bulk
    from tests.build import importing

    looked, original = customers._match, bulk.retrying
    looks: list[int] = []

    def look_then_wait(*arguments: Any) -> Any:
        found = looked(*arguments)
        looks.append(1)
        if len(looks) == 1:
            barrier.wait(timeout=60)
        return found

    customers._match = look_then_wait
    bulk.retrying = lambda work: original(work, attempts=attempts)  # type: ignore[assignment, misc]
    try:
        answers.put((source, dict(importing.run("customer", rows, source).counts)))
    except Exception as error:  # noqa: BLE001 - the test reads what happened
        answers.put((source, type(error).__name__))
