"""Statements made once and bound to other values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, transaction
from django.db.models import Exists, IntegerField, QuerySet, Value
from django.db.models.functions import Cast as Cast_
from django.db.models.functions import Concat
from tests.build import Cast

from anxin.foundation.accounts.models import User
from anxin.foundation.org.models import Post, Unit
from anxin.kernel import statements
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.statements import Json, Statement

pytestmark = pytest.mark.django_db


def test_a_statement_is_made_once_and_answers_for_any_values(cast: Cast, django_assert_num_queries: Any) -> None:
    made = []

    def build(*, key: Any) -> QuerySet[Any, Any]:
        made.append(key)
        return Unit.objects.filter(pk=key).values_list(Json("id", name=Value("100 % of it"), code="code"))

    statement = Statement(build, key=UUID)
    with django_assert_num_queries(3):
        for unit in (cast.pudong, cast.nanjing):
            assert statement.one(key=unit.pk) == {"id": str(unit.pk), "name": "100 % of it", "code": unit.code}
        assert statement.one(key=uuid7()) is None
    assert len(made) == 1


def test_a_list_is_one_value_of_any_length(cast: Cast) -> None:
    statement = Statement(lambda *, ids: Unit.objects.filter(pk__any_of=ids).values_list("id"), ids=list)
    assert {key for (key,) in statement.all(ids=[cast.pudong.pk, cast.nanjing.pk])} == {cast.pudong.pk, cast.nanjing.pk}
    assert statement.all(ids=[]) == []


def test_other_shapes_are_other_texts(cast: Cast) -> None:
    statement = Statement(lambda is_active, *, key: Unit.objects.filter(pk=key, is_active=is_active), key=UUID)
    assert len(statement.all(True, key=cast.pudong.pk)) == 1
    assert statement.all(False, key=cast.pudong.pk) == []


def test_a_value_that_is_changed_on_its_way_is_refused(cast: Cast) -> None:
    statement = Statement(lambda *, code: Unit.objects.filter(code__startswith=code), code=str)
    with pytest.raises(ValueError, match="changed on its way"):
        statement.all(code=cast.pudong.code)
    with pytest.raises(ValueError, match="takes code"):
        statement.all(day=date(2026, 1, 1))


def test_what_is_dear_to_count_is_estimated(cast: Cast) -> None:
    rows = Unit.objects.annotate(both=Concat("code", Value(" % "), "name"))
    whole = rows.count()
    assert statements.count(lambda: rows, at_most=1_000, dearest=1e9) == (whole, False)
    assert statements.count(lambda: rows, at_most=2, dearest=1e9) == (2, False)
    assert statements.count(lambda: rows, at_most=1_000, dearest=0)[1]
    assert statements.count(Unit.objects.none, at_most=5, dearest=1e9) == (0, False)


def test_what_the_planner_expects_is_asked_once_for_a_key(cast: Cast, django_assert_num_queries: Any) -> None:
    def many() -> tuple[int, bool]:
        return statements.count(Unit.objects.all, at_most=5, dearest=1e9, sure=0, key=("units", cast.pudong.pk))

    with django_assert_num_queries(1):
        expected = many()
    with django_assert_num_queries(0):
        assert many() == expected and expected[1]


def test_the_first_rows_are_sought_for_each_of_a_list(cast: Cast, django_assert_num_queries: Any) -> None:
    children = Statement(
        lambda *, parent: Unit.objects.filter(parent=parent).order_by("code", "id").values_list("code", "id")[:2],
        each="parent",
        parent=UUID,
    )
    parents = list(Unit.objects.exclude(parent=None).values_list("parent", flat=True).distinct())
    codes = sorted(Unit.objects.filter(parent__in=parents).values_list("code", flat=True))
    assert len(parents) > 1
    with django_assert_num_queries(1):
        found = children.all(parent=parents)
    assert [code for code, _ in found] == codes[:2]
    assert children.all(parent=[]) == []
    unordered = Statement(lambda *, parent: Unit.objects.filter(parent=parent), each="parent", parent=UUID)
    with pytest.raises(ValueError, match="ordered by what it returns"):
        unordered.all(parent=parents)


def test_a_statement_answers_alike_whether_somebody_listens_or_not(cast: Cast, django_assert_num_queries: Any) -> None:
    """Values of every kind mean and return the same with the log of statements and without."""
    units, people = Unit.objects.values_list("code", "id"), User.objects.values_list("date_joined", "id")
    asked: list[tuple[type, Any, Callable[..., QuerySet[Any, Any]]]] = [
        (UUID, cast.pudong.pk, lambda *, it: units.filter(pk=it)),
        (list, [cast.pudong.pk, cast.nanjing.pk], lambda *, it: units.filter(pk__any_of=it)),
        (str, cast.pudong.name, lambda *, it: units.filter(name=it)),
        (date, date(2999, 1, 1), lambda *, it: Post.objects.filter(from_date__lt=it).values_list("from_date", "id")),
        (datetime, datetime(2999, 1, 1, tzinfo=UTC), lambda *, it: people.filter(date_joined__lt=it)),
    ]  # fmt: skip
    for kind, value, build in asked:
        statement = Statement(build, it=kind)
        with django_assert_num_queries(1):
            heard = statement.all(it=value)
        assert heard and sorted(statement.all(it=value)) == sorted(heard)


def test_errors_of_the_database_come_as_django_knows_them(cast: Cast) -> None:
    wrong = Statement(lambda *, text: Unit.objects.annotate(n=Cast_(Value(text), IntegerField())).values("n"), text=str)
    with pytest.raises(DataError), transaction.atomic():
        wrong.all(text="no number")
    with pytest.raises(DataError), transaction.atomic():
        wrong.all(text="1\0")
    assert wrong.all(text="1")


@pytest.mark.parametrize("is_asked_once", [False, True])
def test_a_walk_is_expected_to_cost_at_most_all_of_its_rows(cast: Cast, is_asked_once: bool) -> None:
    rows = User.objects.order_by("username")
    if is_asked_once:  # the plan then has a second branch beside the walk
        rows = rows.filter(Exists(Unit.objects.filter(code=cast.pudong.code)))
    walk = statements.expect_walk(lambda: rows[:2], key=("walk", is_asked_once))
    assert 0 < walk.likely <= walk.longest
