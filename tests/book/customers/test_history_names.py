"""Whose change a change was, also when nobody sat before a page."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from anxin.book.customers.queries import changes, happenings
from anxin.book.customers.services import parties
from anxin.kernel.actor import Actor
from tests import build
from tests.build import NOW, Cast


@pytest.mark.parametrize(
    ("context", "who"),
    [
        ({"name": "顾宁", "batch": "x"}, "顾宁"),
        ({"batch": "x", "source": "life-core"}, "an import from life-core"),
        ({"batch": "x"}, "an import"),
        ({"command": "anxin upkeep"}, "anxin upkeep"),
        ({}, "the system"),
    ],
)
def test_the_context_says_who_or_what(context: dict[str, str], who: str) -> None:
    with override("en"):
        assert happenings.by_whom(context) == who


def test_an_edit_without_a_page_names_its_actor(cast: Cast) -> None:
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    for number, actor in enumerate([build.actor(cast.manager), Actor.system("anxin upkeep", channel="cli")]):
        parties.edit_customer(
            actor=actor, now=NOW, ref=party.ref, version=1 + number, changes={"employer": f"安心科技{number}"}
        )  # fmt: skip
    assert [one.who for one in changes.changes_of(build.actor(cast.manager), party.ref)] == ["anxin upkeep", "顾宁"]
