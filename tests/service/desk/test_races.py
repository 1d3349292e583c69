"""C3, C4: eight agents at once. Each has its negative control: with the guard off, the race shows."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from anxin.kernel.permissions import Role
from anxin.service.desk.models import Ticket, TicketMessage
from tests import another, build, desk_rivals
from tests.build import desk

AGENTS = 8


def _agents(count: int) -> list[Any]:
    unit = build.unit(code="3100", name="上海分公司")
    return [
        build.user(username=f"a{number}", name=f"坐席{number}", role=Role.CALL_AGENT, unit=unit)
        for number in range(count)
    ]


def _together(target: Any, agents: list[Any], *arguments: Any) -> list[Any]:
    connection.close()
    with ThreadPoolExecutor(len(agents)) as pool:
        waiting = [pool.submit(another.answer, target, one.pk, *arguments) for one in agents]
        return [one.result() for one in waiting]


def _take(tickets: int, guarded: bool) -> Counter[str]:
    agents = _agents(AGENTS)
    for _number in range(tickets):
        desk.ticket(agents[0])
    # Nobody's hands are full.
    from anxin.service.desk.models import Profile

    Profile.objects.bulk_create([Profile(user=one, most_open=1000) for one in agents])
    taken = _together(desk_rivals.take_all, agents, guarded)
    return Counter(key for one in taken for key in one)


@pytest.mark.django_db(transaction=True)
def test_every_one_of_two_hundred_tickets_is_taken_by_exactly_one_of_eight() -> None:
    taken = _take(200, guarded=True)
    assert len(taken) == 200 and set(taken.values()) == {1}
    assert not Ticket.objects.filter(owner=None).exists()
    assert Ticket.objects.filter(version=2, state="working").count() == 200


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_agents_get_the_same_ticket() -> None:
    assert max(_take(60, guarded=False).values()) > 1


def _edit(guarded: bool) -> tuple[Ticket, list[dict[str, Any]]]:
    agents = _agents(AGENTS)
    ticket = desk.ticket(agents[0])
    found = _together(desk_rivals.edit, agents, ticket.pk, 100, guarded)
    ticket.refresh_from_db()
    return ticket, found


@pytest.mark.django_db(transaction=True)
def test_what_was_acknowledged_is_there_and_the_rest_was_told_the_current_version() -> None:
    ticket, found = _edit(guarded=True)
    done = [text for one in found for text in one["done"]]
    assert sorted(done) == sorted(TicketMessage.objects.values_list("body", flat=True))
    assert len(done) + sum(one["refused"] for one in found) == AGENTS * 100
    assert ticket.version == 1 + len(done)


@pytest.mark.django_db(transaction=True)
def test_without_compare_and_set_edits_are_lost_unseen() -> None:
    ticket, found = _edit(guarded=False)
    done = [text for one in found for text in one["done"]]
    assert len(done) == AGENTS * 100 and ticket.version < 1 + len(done)
