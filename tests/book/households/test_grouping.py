"""Groups from whole frames, held against one pair at a time on random books: without a database."""

from __future__ import annotations

import hashlib
import random
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

import networkx as nx
import polars as pl
import pytest

from anxin.book.households import rules
from anxin.book.households.services import grouping

TODAY = date(2026, 11, 23)
CONTENT: Any = {**rules.DEFAULT, "largest": 5}
Tie = tuple[str, str, str, str | None]


def hexed(number: int) -> str:
    return UUID(int=number + 1).hex


def book(seed: int) -> tuple[list[Tie], dict[str, rules.Person], dict[str, str]]:
    """Random ties between forty persons, some of whom are no longer alive, some in one of five households."""
    chance = random.Random(seed)
    persons = {
        hexed(number): rules.Person(
            name=chance.choice(["王一", "王二", "李一", "欧阳一", "欧一", "Ann", ""]), sex=chance.choice("MF"),
            birth_date=date(chance.randint(1940, 2020), 1, 1), policies=chance.randint(0, 3),
        )
        for number in range(40)
    }  # fmt: skip
    ties = []
    for _ in range(34):
        kind = chance.choice(rules.KINDS[:-1])
        left, right = chance.sample(range(43), 2)
        said = chance.choice(["spouse", "child", "parent", "sibling"]) if kind == "relation" else None
        ties.append((hexed(left), hexed(right), kind, said))
    home = {hexed(number): hexed(100 + chance.randrange(5)) for number in chance.sample(range(40), 12)}
    return ties, persons, home


def one_by_one(ties: list[Tie], persons: dict[str, rules.Person], home: dict[str, str]) -> tuple[set[Any], int]:
    """What the rules say, pair by pair: key, household, members, and the points between places; how many too large."""
    kinds: dict[tuple[str, str], set[str]] = {}
    for left, right, kind, _said in ties:
        if left in persons and right in persons:
            low, high = min(left, right), max(left, right)
            kinds.setdefault((low, high), set()).add(kind)
    strong = {}
    graph: nx.Graph[str] = nx.Graph()
    for (left, right), found in kinds.items():
        name = rules.surname(persons[left].name)
        if name and name == rules.surname(persons[right].name):
            found.add("surname")
        score = sum(CONTENT[kind] for kind in found)
        if score >= CONTENT["propose_from"] and not (left in home and right in home):
            strong[left, right] = score
            graph.add_edge(home.get(left, left), home.get(right, right))
    people = {one for pair in strong for one in pair}
    groups, too_large = set(), 0
    for nodes in nx.connected_components(graph):
        members = sorted(one for one in people if home.get(one, one) in nodes)
        households = sorted({home[one] for one in members if one in home})
        if len(members) > CONTENT["largest"] or len(households) > 1:
            too_large += 1
            continue
        household = households[0] if households else None
        text = ",".join([str(UUID(household)) if household else "", *(str(UUID(one)) for one in members)])
        between = tuple(
            (members.index(left), members.index(right), tuple(sorted(kinds[left, right])), strong[left, right])
            for left, right in combinations(members, 2)
            if (left, right) in strong
        )
        groups.add((hashlib.sha256(text.encode()).hexdigest()[:32], household, tuple(members), between))
    return groups, too_large


@pytest.mark.parametrize("seed", range(12))
def test_frames_find_what_is_found_one_by_one(seed: int) -> None:
    ties, persons, home = book(seed)
    tied = grouping.ordered(pl.DataFrame(ties, schema=grouping.TIES, orient="row"), rules.REVERSE)
    alive = pl.DataFrame(
        [(key, one.name, one.sex, one.birth_date, one.policies) for key, one in persons.items()],
        schema=grouping.PERSONS, orient="row",
    )  # fmt: skip
    belongs = pl.DataFrame(
        [(key, household, False) for key, household in home.items()], schema=grouping.BELONGS, orient="row"
    )
    found = grouping.find(tied, alive, belongs, CONTENT)
    told = list(grouping.told(found, found.groups["key"], alive, belongs, today=TODAY))
    groups = {
        (
            one.key, one.household, tuple(one.members),
            tuple((left, right, tuple(kinds), score) for left, right, kinds, score in one.ties),
        )
        for one in told
    }  # fmt: skip
    assert (groups, found.too_large) == one_by_one(ties, persons, home)
    assert groups
    for one in told:
        ids = [UUID(key) for key in one.members]
        about = {UUID(key): persons[key] for key in one.members}
        relations: dict[tuple[UUID, UUID], str] = {}
        for left, right, _kind, said in tied.iter_rows():
            if said and {left, right} <= set(one.members):
                relations.setdefault((UUID(left), UUID(right)), said)
        expected = rules.roles(ids, about, relations, today=TODAY)
        assert one.roles == [expected[key] for key in ids]
        assert one.inside == [key in home for key in one.members]


def test_who_shares_a_phone_is_a_pair_once_with_the_smaller_key_first() -> None:
    groups = pl.DataFrame({"group": ["a", "a", "a", "a", "b"], "party": ["3", "1", "1", "2", "9"]})
    assert sorted(grouping.pairs_within(groups).rows()) == [("1", "2"), ("1", "3"), ("2", "3")]


def test_a_relation_said_from_the_other_end_is_turned_with_its_pair() -> None:
    ties = pl.DataFrame(
        [("2", "1", "relation", "child"), ("1", "1", "phone", None)], schema=grouping.TIES, orient="row"
    )
    assert grouping.ordered(ties, rules.REVERSE).rows() == [("1", "2", "relation", "parent")]
