"""The API under too many calls, and calls whose body is wrong and whose caller may not anyway."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import CallCount
from anxin.kernel import clock
from anxin.kernel.identifiers.uuid7 import uuid7
from tests import build
from tests.build import Cast
from tests.config.test_api import get, post, token

LISTED = "/api/v1/customers"


def test_a_token_that_calls_too_often_waits_for_the_next_minute(cast: Cast, settings: Any) -> None:
    settings.API_CALLS_OF_TOKEN, settings.API_CALLS_OF_USER = 3, 5
    first, second = token(cast.manager, "customers.view"), token(cast.manager, "customers.view")
    with clock.frozen(build.NOW):
        assert [get(first, LISTED).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = get(first, LISTED)
        assert (refused["Retry-After"], refused.json()["error"]) == ("60", "too_many_calls")
        assert [get(second, LISTED).status_code for _ in range(3)] == [200, 200, 429], "five for the owner together"
        assert get(token(cast.colleague, "customers.view"), LISTED).status_code == 200, "others are not held up"
    with clock.frozen(build.NOW + timedelta(minutes=1)):
        assert get(first, LISTED).status_code == 200


@pytest.mark.django_db
def test_what_other_processes_handed_out_counts() -> None:
    subject = uuid7()
    minute = int(build.NOW.timestamp()) // 60
    CallCount.objects.create(subject=subject, minute=minute, calls=90)
    moment = build.NOW + timedelta(seconds=45)
    answers = [accounts.take_call(limits={subject: 100}, now=moment) for _ in range(12)]
    assert answers == [0] * 10 + [15, 15]
    assert CallCount.objects.get(subject=subject).calls == 100


@pytest.mark.django_db
def test_most_calls_are_counted_without_asking_the_database(django_assert_num_queries: Any) -> None:
    subject = uuid7()
    assert accounts.take_call(limits={subject: 3000}, now=build.NOW) == 0
    with django_assert_num_queries(0):
        assert {accounts.take_call(limits={subject: 3000}, now=build.NOW) for _ in range(59)} == {0}
    with django_assert_num_queries(1):
        accounts.take_call(limits={subject: 3000}, now=build.NOW)


def test_old_counts_are_dropped(cast: Cast) -> None:
    accounts.take_call(limits={uuid7(): 10}, now=build.NOW)
    accounts.drop_expired(now=build.NOW + timedelta(minutes=30))
    assert not CallCount.objects.exists()


@pytest.mark.parametrize("body", [{}, {"values": {"name": "赵新"}}, {"values": 7}])
def test_who_may_not_is_told_so_whatever_they_send(cast: Cast, body: dict[str, Any]) -> None:
    answer = post(token(cast.manager, "customers.view"), body)
    assert (answer.status_code, answer.json()["error"]) == (403, "not_permitted")


def test_who_is_nobody_is_told_so_whatever_they_send(cast: Cast) -> None:
    answer = Client().post(LISTED, "{", content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthenticated")
