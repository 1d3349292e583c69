"""Another process of the product against the same test database, without waiting for Python and Django to start.

A fork server loads the product once per test process and forks from there. It has done no work, so it has none of the
threads (Polars, connections) that do not survive a fork.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

context: ForkServerContext = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["tests.another_ready"])


def process(target: Callable[..., Any], *arguments: Any) -> ForkServerProcess:
    """Start `target` (a function of an importable module) in a process connected to the database of this test."""
    from django.db import connection

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    made = context.Process(target=_run, args=(connection.settings_dict["NAME"], target, arguments), daemon=True)
    made.start()
    return made


def answer(target: Callable[..., Any], *arguments: Any, seconds: float = 60) -> Any:
    """What `target` returns in another process; an exception there is raised here as an AssertionError."""
    here, there = context.Pipe(duplex=False)
    child = process(_tell, there, target, arguments)
    there.close()
    try:
        assert here.poll(seconds), "no answer from the other process"
        is_well, said = here.recv()
    finally:
        child.join(5)
        child.kill()
        here.close()
    assert is_well, said
    return said


def _run(database: str, target: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    from django.conf import settings
    from django.db import connection

    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
    try:
        target(*arguments)
    finally:
        connection.close()


def _tell(there: Any, target: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        there.send((True, target(*arguments)))
    except Exception as error:  # noqa: BLE001 - the test reads what happened
        there.send((False, repr(error)))
