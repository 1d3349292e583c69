"""Who gets a ticket, by points that can be explained."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from anxin.service.desk.rules import promising, routing, types
from anxin.service.desk.rules.routing import Agent, Request

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
SERVICE = promising.SERVICE_DEFAULT


def agent(key: UUID, **columns: Any) -> Agent:
    lists = {name: frozenset(value) for name, value in columns.items() if isinstance(value, list)}
    return Agent(id=key, **{**columns, **lists})


def test_skill_and_language_outweigh_a_lighter_load() -> None:
    request = Request(queue="claims", skill="motor", language="yue")
    busy = agent(ONE, skills=["motor"], languages=["yue"], open_count=15)
    idle = agent(TWO)
    found = routing.best([idle, busy], request, SERVICE)
    assert [(one.agent_id, one.points) for one in found] == [(ONE, 60), (TWO, 20)]
    assert found[0].reasons == (("skill", 30), ("language", 20), ("load", 10))


def test_who_is_away_full_or_of_another_queue_gets_nothing() -> None:
    request = Request(queue="claims", skill="motor")
    agents = [
        agent(ONE, is_available=False), agent(TWO, open_count=30), agent(THREE, queues=["policy"]),
        agent(UUID(int=4), skills=["group"]),
    ]  # fmt: skip
    assert routing.best(agents, request, SERVICE) == []


def test_the_manager_comes_first_and_needs_no_queue() -> None:
    request = Request(queue="claims", manager_id=TWO, first_owner_id=ONE)
    found = routing.best([agent(ONE), agent(TWO, queues=["policy"])], request, SERVICE)
    assert [one.agent_id for one in found] == [TWO, ONE]


def test_the_shipped_types_have_no_problem_and_a_wrong_one_is_told() -> None:
    content: Any = types.TYPE_DEFAULT
    assert types.type_problems(content) == [] and promising.service_problems(SERVICE) == []
    wrong = {**content, "types": [*content["types"], {**content["types"][0], "queue": "moon", "amount": 0}]}
    last = f"types.{len(content['types']) + 1}"
    assert {one.path for one in types.type_problems(wrong)} == {f"{last}.code", f"{last}.queue", f"{last}.amount"}
