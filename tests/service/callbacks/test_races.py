"""C3, C4: several agents at once. Each has its negative control: with the guard off, the race shows."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from anxin.kernel.permissions import Role
from anxin.service.callbacks.models import Answer, Attempt, CallBack
from tests import another, build, callback_rivals
from tests.build import NOW, callbacks

AGENTS = 4


def _agents() -> list[Any]:
    unit = build.unit(code="3100", name="上海分公司")
    return [
        build.user(username=f"a{number}", name=f"坐席{number}", role=Role.CALL_AGENT, unit=unit)
        for number in range(AGENTS)
    ]


def _together(target: Any, arguments: list[tuple[Any, ...]]) -> list[Any]:
    connection.close()
    with ThreadPoolExecutor(len(arguments)) as pool:
        waiting = [pool.submit(another.answer, target, *each) for each in arguments]
        return [one.result() for one in waiting]


def _take(guarded: bool, rows: int = 24) -> Counter[str]:
    agents = _agents()
    party = build.person()
    for number in range(rows):
        callbacks.call_back(party=party, due_at=NOW + timedelta(minutes=number))
    taken = _together(callback_rivals.take_all, [(one.pk, guarded) for one in agents])
    return Counter(key for one in taken for key in one)


@pytest.mark.django_db(transaction=True)
def test_every_call_back_is_taken_by_exactly_one_of_four() -> None:
    taken = _take(guarded=True)
    assert len(taken) == 24 and set(taken.values()) == {1}
    assert CallBack.objects.filter(state="calling", version=2).count() == 24


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_agents_call_the_same_customer() -> None:
    assert max(_take(guarded=False).values()) > 1


def _finish(guarded: bool) -> Counter[str]:
    agent = _agents()[0]
    row = callbacks.call_back(party=build.person(), channel="online", state="calling", owner=agent)
    for code in ("identity", "signed", "read", "cover", "surrender", "cooling_off", "payment"):
        Answer.objects.create(call_back=row, question=code, value="yes", at=NOW)
    return Counter(_together(callback_rivals.finish, [(agent.pk, row.pk, 1, guarded)] * AGENTS))


@pytest.mark.django_db(transaction=True)
def test_a_result_sent_by_several_at_once_is_written_once() -> None:
    assert _finish(guarded=True) == {"done": 1, "refused": AGENTS - 1}
    assert Attempt.objects.count() == 1 and CallBack.objects.get().version == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_guard_of_the_row_only_the_number_of_the_attempt_stands_between() -> None:
    """With lock and compare-and-set off every process passes; the unique number of the attempt refuses all but one."""
    with pytest.raises(AssertionError, match="IntegrityError"):
        _finish(guarded=False)


def _resolve(guarded: bool) -> int:
    party = build.person()
    # The rules ask about one ticket in five, by its number: these are all asked about.
    tickets = [UUID(int=100 * number) for number in range(1, AGENTS + 1)]
    _together(callback_rivals.resolve, [(ticket, party.pk, guarded) for ticket in tickets])
    return CallBack.objects.filter(kind="satisfaction", party=party).count()


@pytest.mark.django_db(transaction=True)
def test_several_tickets_solved_at_once_ask_the_customer_once() -> None:
    assert _resolve(guarded=True) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_every_ticket_asks() -> None:
    assert _resolve(guarded=False) > 1
