"""The nightly run as a whole: what it writes, in how many statements, and what it leaves when it is run twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.book.portfolio.models import Policy
from anxin.engagement.renewals import services
from anxin.engagement.renewals.models import Renewal
from anxin.kernel.actor import Actor
from anxin.service.worklist.models import WorkItem, WorkItemMove
from tests import build
from tests.build import NOW, TODAY, Cast, contracts

SYSTEM = Actor.system("nightly")


def ensure(now: datetime = NOW) -> Any:
    return services.ensure_renewals(actor=SYSTEM, now=now)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def rows_written() -> int:
    """Inserted, updated and deleted so far in this transaction, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables "
            "WHERE relname ~ '^(renewals|worklist)_'"
        )
        (count,) = cursor.fetchone()
    return int(count)


def book(cast: Cast, terms: int) -> None:
    """As many policies of each fate: due, renewed, lost, without a manager."""
    customer = build.person(manager=cast.manager, unit=cast.pudong)
    nobodys = build.person(manager=None, unit=cast.pudong)
    for number in range(terms):
        contracts.policy(holder=customer, ends=in_days(number * 9 % 91))
        contracts.policy(holder=customer, ends=in_days(-100))
        contracts.policy(holder=nobodys, ends=in_days(20))
        contracts.policy(holder=customer, ends=in_days(10), contract_key=f"K{terms}-{number}")
        contracts.policy(holder=customer, begins=in_days(10), ends=in_days(375), contract_key=f"K{terms}-{number}")


def test_a_second_night_without_changes_writes_nothing(cast: Cast) -> None:
    book(cast, 5)
    made = ensure()
    assert (made.new, made.reminders, rows_written() > 0) == (20, 5, True)
    assert {key.version for key in Renewal.objects.values_list("pk", flat=True)} == {7}
    before = rows_written()
    assert set(vars(ensure()).values()) == {0}
    assert rows_written() == before


def test_the_number_of_statements_does_not_depend_on_the_number_of_policies(cast: Cast) -> None:
    counts = []
    for terms in (10, 100):
        book(cast, terms)
        for now in (NOW, NOW + timedelta(days=40)):
            with CaptureQueriesContext(connection) as statements:
                made = ensure(now)
            counts.append(len(statements))
        assert made.lost + made.reminders > terms // 2
        WorkItem.objects.all().delete()
        Renewal.objects.all().delete()
    assert counts[:2] == counts[2:]


@pytest.mark.parametrize(
    ("change", "state"),
    [({"status": "surrendered"}, "excluded"), ({"expiry_date": in_days(150)}, "excluded"), ({}, "lost")],
)
def test_what_is_over_has_no_open_reminder(cast: Cast, change: dict[str, Any], state: str) -> None:
    policy = contracts.policy(holder=build.person(manager=cast.manager, unit=cast.pudong), ends=in_days(20))
    ensure()
    Policy.objects.filter(pk=policy.pk).update(digest=b"x", **change)
    ensure(NOW + timedelta(days=1 if change else 51))
    assert Renewal.objects.get().state == state
    item = WorkItem.objects.get()
    assert (item.state, item.outcome, item.version) == ("done", "completed", 2)
    assert list(WorkItemMove.objects.values_list("action", "before", "after", "item_id")) == [
        ("complete", "open", "completed", item.pk)
    ]


def test_an_open_renewal_follows_the_premium_of_its_policy(cast: Cast) -> None:
    policy = contracts.policy(holder=build.person(manager=cast.manager, unit=cast.pudong), ends=in_days(20))
    ensure()
    Policy.objects.filter(pk=policy.pk).update(premium_fen=410_000)
    assert ensure().moved == 1
    row = Renewal.objects.get()
    assert (row.premium_fen, row.version) == (410_000, 2)


def test_many_reminders_are_superseded_at_once_with_a_move_each(cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.pudong)
    for _ in range(205):
        contracts.policy(holder=customer, ends=in_days(40))
    ensure()
    assert ensure(NOW + timedelta(days=10)).reminders == 205
    done = WorkItem.objects.filter(state="done", outcome="superseded")
    assert set(WorkItemMove.objects.filter(after="superseded", why="").values_list("item_id", flat=True)) == set(
        done.values_list("pk", flat=True)
    )
    assert done.count() == 205
