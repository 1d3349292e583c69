"""The night makes call-backs from policies, claims and terms that end: once, by the clock of the receipt."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from anxin.foundation.accounts.models import User
from anxin.kernel.actor import Actor
from anxin.service.callbacks import services
from anxin.service.callbacks.data import Made
from anxin.service.callbacks.models import CallBack, Found
from anxin.service.callbacks.rules import due, scheme
from tests import build
from tests.build import NOW, TODAY, Cast, callbacks, portfolio

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def _night(now: object = NOW) -> Made:
    return services.ensure(actor=SYSTEM, now=now)  # type: ignore[arg-type]


def test_each_policy_gets_the_call_back_the_rules_say_and_a_second_night_changes_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.manager.pk).update(staff_no="E77")
    holder = build.person(manager=cast.manager, unit=cast.pudong)
    wanted = [
        callbacks.sold(holder=holder, days_ago=3, agent_code="E77"),
        callbacks.sold(holder=holder, days_ago=14, line="annuity", expiry_date=TODAY + timedelta(days=3650)),
        callbacks.sold(holder=holder, days_ago=40, channel="bancassurance"),  # over, within the look back
        callbacks.sold(holder=holder, receipt_date=None, effective_date=TODAY - timedelta(days=5)),
        callbacks.sold(holder=holder, receipt_date=TODAY + timedelta(days=1)),  # lies ahead: none yet
        callbacks.sold(holder=holder, attributes={"underwritten_date": "2026-11-12"}, receipt_date=None),
    ]
    unwanted = [
        callbacks.sold(holder=holder, expiry_date=TODAY + timedelta(days=300)),
        callbacks.sold(holder=holder, line="motor"),
        callbacks.sold(holder=holder, is_group_header=True),
        callbacks.sold(holder=holder, group_policy_no="G1"),
        callbacks.sold(holder=holder, previous_policy_no="P0"),
        callbacks.sold(holder=holder, status="surrendered"),
        callbacks.sold(holder=holder, days_ago=60),
    ]
    made = _night()
    assert made == Made(new_business=len(wanted))
    rows = {row.policy_id: row for row in CallBack.objects.all()}
    assert set(rows) == {one.pk for one in wanted} and not set(rows) & {one.pk for one in unwanted}
    rules = dict(scheme.RULE_DEFAULT)
    for policy in wanted:
        row = rows[policy.pk]
        told = policy.attributes.get("underwritten_date")
        accepted = policy.effective_date if told is None else TODAY.fromisoformat(told)
        start, assumed = due.begins(policy.receipt_date, accepted, today=TODAY, assumed_days=15)
        assert row.underwritten_date == accepted
        assert (row.cooling_ends, row.is_assumed) == (start + timedelta(days=15), assumed)
        assert row.due_at == due.start_of(row.cooling_ends + timedelta(days=1))
        assert row.unit_id == cast.pudong.pk and row.state == "waiting"
        assert due.needs_call(
            effective=policy.effective_date, expiry=policy.expiry_date, line=policy.line,
            lines=scheme.codes(str(rules["lines"])), is_group=False,
        )  # fmt: skip
    assert rows[wanted[0].pk].seller_id == cast.manager.pk and rows[wanted[1].pk].seller_id is None
    before = set(CallBack.objects.values_list("pk", "version"))
    assert _night() == Made()
    assert set(CallBack.objects.values_list("pk", "version")) == before


def test_a_receipt_that_comes_later_moves_the_clock_also_of_what_is_over(cast: Cast) -> None:
    holder = build.person(unit=cast.pudong)
    policies = [callbacks.sold(holder=holder, receipt_date=None) for _number in range(2)]
    _night()
    CallBack.objects.filter(policy=policies[1]).update(
        state="succeeded", ended_at=NOW, success_on=TODAY, success_way="phone"
    )
    for policy in policies:
        policy.receipt_date = TODAY - timedelta(days=4)
        policy.save()
    assert _night() == Made(moved=2)
    for row in CallBack.objects.all():
        assert (row.receipt_date, row.is_assumed) == (TODAY - timedelta(days=4), False)
        assert row.cooling_ends == TODAY + timedelta(days=11)
    assert _night() == Made()


def test_a_late_receipt_moves_the_second_call_back_too(cast: Cast) -> None:
    policy = callbacks.sold(
        holder=build.person(unit=cast.pudong), receipt_date=None, effective_date=TODAY - timedelta(days=28)
    )
    _night()
    first = CallBack.objects.get()
    assert first.cooling_ends == TODAY + timedelta(days=2)
    CallBack.objects.filter(pk=first.pk).update(state="problem", ended_at=NOW)
    Found.objects.create(call_back=first, ticket_id=uuid4(), found_at=NOW, due_at=NOW + timedelta(days=15))
    services.ticket_resolved(now=NOW, ticket_id=first.found.ticket_id, party_id=first.party_id)
    second = CallBack.objects.get(round=2)
    assert second.is_assumed and second.due_at == first.due_at
    policy.receipt_date = TODAY - timedelta(days=3)
    policy.save()
    assert _night() == Made(moved=2)
    second.refresh_from_db()
    assert (second.receipt_date, second.is_assumed) == (policy.receipt_date, False)
    assert second.cooling_ends == TODAY + timedelta(days=12)
    # Its own five working days end before the new period does.
    assert first.due_at < second.due_at < due.start_of(second.cooling_ends) and second.amber_at < second.due_at
    assert second.version == 2 and _night() == Made()


def test_who_withdraws_within_the_period_is_not_called_and_who_surrenders_later_was_owed_a_call(cast: Cast) -> None:
    holder = build.person(unit=cast.pudong)
    soon, late, unsaid = (callbacks.sold(holder=holder, days_ago=days) for days in (10, 20, 3))
    _night()
    for policy, ended in ((soon, TODAY), (late, TODAY), (unsaid, None)):
        policy.status, policy.ended_date = "surrendered", ended
        policy.save()
    assert _night() == Made(excluded=2)
    states = dict(CallBack.objects.values_list("policy_id", "state"))
    assert states == {soon.pk: "excluded", unsaid.pk: "excluded", late.pk: "waiting"}


def test_terms_that_end_and_claims_that_ended_are_asked_about_once(cast: Cast) -> None:
    alone, managed = build.person(unit=cast.pudong), build.person(manager=cast.manager, unit=cast.pudong)
    motor = {"line": "motor", "effective_date": TODAY - timedelta(days=345), "expiry_date": TODAY + timedelta(days=20)}
    ending = portfolio.policy(holder=alone, **motor)
    portfolio.policy(holder=managed, **motor)
    claims = [
        portfolio.claim(policy=ending, state="closed", conclusion="paid", closed_at=NOW - timedelta(days=days))
        for days in (1, 2)
    ]
    portfolio.claim(policy=ending, state="closed", conclusion="withdrawn", closed_at=NOW - timedelta(days=1))
    assert _night() == Made(renewal=1, claim=1)
    assert CallBack.objects.get(kind="renewal").policy_id == ending.pk
    assert CallBack.objects.get(kind="claim").subject_id in {one.pk for one in claims}
    assert _night(NOW + timedelta(days=1)) == Made()


def test_what_an_import_has_just_brought_waits_an_hour(cast: Cast) -> None:
    callbacks.sold(holder=build.person(unit=cast.pudong))
    settled = NOW - timedelta(hours=1)
    assert services.ensure(actor=SYSTEM, now=NOW, settled_before=settled) == Made()
    later = NOW + timedelta(hours=2)
    assert services.ensure(actor=SYSTEM, now=later, settled_before=later - timedelta(hours=1)) == Made(new_business=1)


def test_the_number_of_statements_does_not_depend_on_the_number_of_policies(
    cast: Cast, django_assert_num_queries: object, django_assert_max_num_queries: object
) -> None:
    holder = build.person(unit=cast.pudong)
    callbacks.sold(holder=holder)
    with django_assert_max_num_queries(25) as first:  # type: ignore[operator]
        _night()
    for _number in range(20):
        callbacks.sold(holder=holder)
    with django_assert_num_queries(len(first.captured_queries)):  # type: ignore[operator]
        assert _night() == Made(new_business=20)
