"""Who belongs together, and who is who: without a database."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from anxin.book.households import rules
from anxin.book.households.data import MemberRole
from anxin.book.households.rules import Person

TODAY = date(2026, 11, 23)
A, B, C, D, H = (UUID(int=number) for number in range(1, 6))
PERSONS = {
    A: Person(name="王建国", sex="M", birth_date=date(1975, 3, 1), policies=3),
    B: Person(name="李梅", sex="F", birth_date=date(1977, 6, 9), policies=1),
    C: Person(name="王一诺", sex="F", birth_date=date(2008, 1, 2)),
    D: Person(name="王德福", sex="M", birth_date=date(1948, 5, 5)),
}


def test_the_head_is_the_grown_up_with_most_policies_and_the_others_go_by_age() -> None:
    assert rules.roles([A, B, C, D], PERSONS, {}, today=TODAY) == {
        A: MemberRole.HEAD, B: MemberRole.SPOUSE, C: MemberRole.CHILD, D: MemberRole.PARENT,
    }  # fmt: skip


def test_what_the_file_says_goes_before_age_and_is_read_from_either_end() -> None:
    assert rules.roles([A, B], PERSONS, {(A, B): "sibling"}, today=TODAY)[B] is MemberRole.SIBLING
    assert rules.roles([A, D], PERSONS, {(A, D): "child"}, today=TODAY)[D] is MemberRole.PARENT
    assert rules.roles([A, C], PERSONS, {(C, A): "child"}, today=TODAY)[C] is MemberRole.CHILD


def test_a_child_is_never_the_head_beside_a_grown_up() -> None:
    persons = {C: Person(birth_date=date(2015, 1, 1), policies=5), D: PERSONS[D]}
    assert rules.roles([C, D], persons, {}, today=TODAY)[D] is MemberRole.HEAD


def test_there_is_one_spouse_and_a_namesake_of_the_same_age_is_none() -> None:
    persons = {**PERSONS, C: Person(name="赵敏", sex="F", birth_date=date(1978, 1, 1)),
               D: Person(name="王兰", sex="F", birth_date=date(1979, 1, 1))}  # fmt: skip
    found = rules.roles([A, B, C, D], persons, {}, today=TODAY)
    assert list(found.values()).count(MemberRole.SPOUSE) == 1
    assert found[D] is MemberRole.OTHER


def test_surnames_of_two_characters_are_read_whole() -> None:
    assert rules.surname("欧阳娜娜") == "欧阳"
    assert rules.surname("欧文") == "欧"
    assert rules.surname("John Smith") == ""


def test_a_surname_alone_proposes_nobody() -> None:
    assert rules.DEFAULT["phone"] + rules.DEFAULT["surname"] >= rules.DEFAULT["propose_from"]  # type: ignore[operator]
    assert rules.DEFAULT["surname"] < rules.DEFAULT["propose_from"]  # type: ignore[operator]
    assert rules.problems(rules.DEFAULT) == []
    assert [one.path for one in rules.problems({**rules.DEFAULT, "largest": 1})] == ["largest"]


def test_the_same_network_lies_at_the_same_places_within_the_picture() -> None:
    ring, behind = rules.places([2, 0, 5])
    assert (ring, behind) == rules.places([2, 0, 5])
    assert [len(places) for places in behind] == [2, 0, 5]
    points = [*ring, *(point for places in behind for point in places)]
    assert len(set(points)) == len(points)
    assert all(0 <= x <= rules.WIDTH and 0 <= y <= rules.HEIGHT for x, y in points)
