"""Likely duplicates while a new customer is typed."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.book.customers.queries import duplicates
from tests.build import Cast, people

BIRTH = date(1986, 2, 22)


def test_a_name_that_sounds_the_same_with_its_phone_is_told_with_the_reasons(cast: Cast) -> None:
    people.person(name="欧阳清婉", birth_date=BIRTH, mobile="13816880421", unit=cast.pudong)
    people.person(name="欧阳德海", birth_date=date(1950, 5, 1), mobile="13816880421", unit=cast.pudong)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = duplicates.find_twins(
            people.actor(cast.branch_manager), name="欧阳轻婉", birth_date=BIRTH, mobile="13816880421"
        )
    assert len(asked) <= 3
    assert [(one.name, set(one.by)) for one in found] == [("欧阳清婉", {"name_sound", "birth", "mobile"})]


def test_a_namesake_of_another_day_is_not_taken_for_a_twin(cast: Cast) -> None:
    people.person(name="王伟", birth_date=date(1970, 1, 1), unit=cast.pudong)
    assert duplicates.find_twins(people.actor(cast.branch_manager), name="王伟", birth_date=BIRTH) == []
