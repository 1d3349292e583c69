"""Two runs at once: the second waits for the first; and what it would do without the lock."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from django.db import connection

from anxin.book.customers.models import Party
from anxin.book.matching.models import Merge
from anxin.book.matching.services import linking
from anxin.kernel.actor import Actor
from tests.build import people
from tests.build.people import NOW

PATIENCE = 60  # seconds
A_WHILE = 1.0


def played() -> tuple[bool, bool]:
    """Whether the second run was under way while the first stood still, and whether it was in the end."""
    for serial in ("1", "2"):
        people.person(name="欧阳清婉", sex="F", birth_date=date(1986, 2, 22), mobile="13816880421", source=f"s{serial}")
    inside, go, second = threading.Event(), threading.Event(), threading.Event()
    faults: list[BaseException] = []

    def first_tells(stage: str, _done: int, _total: int) -> None:
        if stage == "decide" and not inside.is_set():
            inside.set()
            go.wait(PATIENCE)

    def run(progress: Any) -> None:
        try:
            linking.run(actor=Actor.system("test"), now=NOW, progress=progress)
        except BaseException as error:  # noqa: BLE001 - the test tells
            faults.append(error)
        finally:
            connection.close()

    one = threading.Thread(target=run, args=(first_tells,))
    other = threading.Thread(target=run, args=(lambda *_: second.set(),))
    one.start()
    assert inside.wait(PATIENCE)
    other.start()
    at_once = second.wait(A_WHILE)
    go.set()
    for thread in (one, other):
        thread.join(PATIENCE)
    assert not [fault for fault in faults if not isinstance(fault, OSError)]
    return at_once, second.is_set()


@pytest.mark.django_db(transaction=True)
def test_a_run_waits_for_the_one_under_way() -> None:
    assert played() == (False, True)
    assert Merge.objects.count() == 1 and Party.objects.filter(state="active").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "alone", nullcontext)
    assert played()[0]
