"""Which policies are to be renewed, what becomes of them, what customers say, and who sees it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.book.portfolio.models import Policy
from anxin.engagement.renewals import queries, rules, services
from anxin.engagement.renewals.data import Intention, Period, RenewalFilter, RenewalState
from anxin.engagement.renewals.models import Renewal
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import NOW, TODAY, Cast, complaints, contracts

SYSTEM = Actor.system("nightly")


def ensure(now: datetime = NOW) -> Any:
    return services.ensure_renewals(actor=SYSTEM, now=now)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def holder(cast: Cast, **fields: Any) -> Any:
    return build.person(**{"manager": cast.manager, "unit": cast.pudong, **fields})


def only() -> Renewal:
    return Renewal.objects.get()


def test_a_policy_that_ends_within_90_days_is_to_be_renewed(cast: Cast) -> None:
    customer = holder(cast)
    contracts.policy(holder=customer, ends=in_days(90))
    contracts.policy(holder=customer, ends=in_days(91))
    assert ensure().new == 1
    row = only()
    assert (row.owner_id, row.unit_id, row.expiry_date) == (cast.manager.id, cast.pudong.id, in_days(90))
    again = ensure()
    assert (again.new, again.reminders, Renewal.objects.count(), WorkItem.objects.count()) == (0, 0, 1, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "cancelled"}, {"status": "surrendered"}, {"status": "terminated"},
        {"begins": in_days(20 - 359), "ends": in_days(20)}, {"line": "life", "ends": in_days(20)},
        {"is_group_header": True, "ends": in_days(20)},
    ],
)  # fmt: skip
def test_what_is_not_to_be_renewed(cast: Cast, fields: dict[str, Any]) -> None:
    contracts.policy(**{"holder": holder(cast), "ends": in_days(20), **fields})
    assert ensure().new == 0


def test_a_term_of_360_days_counts_and_farm_vehicles_do_not(cast: Cast) -> None:
    contracts.policy(holder=holder(cast), begins=in_days(20 - 360), ends=in_days(20))
    contracts.vehicle(policy=contracts.policy(holder=holder(cast), ends=in_days(20)), use="farm")
    assert ensure().new == 1


@pytest.mark.parametrize(("late", "state"), [(-10, "renewed"), (0, "renewed"), (30, "renewed"), (31, "lost")])
def test_the_next_term_must_begin_within_30_days(cast: Cast, late: int, state: str) -> None:
    customer = holder(cast)
    old = contracts.policy(holder=customer, ends=in_days(-31), contract_key="K1")
    ensure(NOW - timedelta(days=40))
    new = contracts.policy(
        holder=customer, begins=in_days(-31 + late), ends=in_days(-31 + late + 365), contract_key="K1"
    )
    ensure()
    row = Renewal.objects.get(policy=old)
    assert (row.state, row.renewed_by_id) == (state, new.pk if state == "renewed" else None)


def test_a_policy_that_names_its_previous_one_renews_it(cast: Cast) -> None:
    customer = holder(cast)
    old = contracts.policy(holder=customer, ends=in_days(5), contract_key="")
    contracts.policy(
        holder=customer, begins=in_days(5), ends=in_days(370), contract_key="", previous_policy_no=old.policy_no
    )
    contracts.policy(
        holder=customer, begins=in_days(5), ends=in_days(370), contract_key="", previous_policy_no=old.policy_no,
        source="another system",
    )  # fmt: skip
    made = ensure()
    assert (made.new, Renewal.objects.get(policy=old).state) == (1, "renewed")


def test_policies_without_a_contract_key_do_not_renew_each_other(cast: Cast) -> None:
    customer = holder(cast)
    contracts.policy(holder=customer, ends=in_days(5), contract_key="")
    contracts.policy(holder=customer, begins=in_days(5), ends=in_days(370), contract_key="")
    ensure()
    assert only().state == RenewalState.OPEN


def test_a_cancelled_next_term_renews_nothing(cast: Cast) -> None:
    customer = holder(cast)
    contracts.policy(holder=customer, ends=in_days(5), contract_key="K")
    contracts.policy(holder=customer, begins=in_days(5), ends=in_days(370), contract_key="K", status="cancelled")
    ensure()
    assert only().state == RenewalState.OPEN


def test_a_renewal_that_arrives_late_turns_what_was_lost(cast: Cast) -> None:
    customer = holder(cast)
    old = contracts.policy(holder=customer, ends=in_days(-40), contract_key="K")
    ensure()
    assert only().state == RenewalState.LOST
    contracts.policy(holder=customer, begins=in_days(-35), ends=in_days(330), contract_key="K")
    assert ensure().renewed == 1 and Renewal.objects.get(policy=old).state == RenewalState.RENEWED


def test_a_policy_cancelled_or_moved_meanwhile_leaves_the_list(cast: Cast) -> None:
    gone, moved = (contracts.policy(holder=holder(cast), ends=in_days(20)) for _ in range(2))
    ensure()
    Policy.objects.filter(pk=gone.pk).update(status="surrendered")
    Policy.objects.filter(pk=moved.pk).update(expiry_date=in_days(50))
    made = ensure()
    assert made.excluded == 2 and made.new == 1
    assert Renewal.objects.get(policy=moved, state="open").expiry_date == in_days(50)


def test_a_renewal_follows_the_customer_to_another_manager(cast: Cast) -> None:
    customer = holder(cast)
    contracts.policy(holder=customer, ends=in_days(20))
    ensure()
    customer.manager = cast.colleague
    customer.save()
    assert ensure().moved == 1 and only().owner_id == cast.colleague.id


def test_reminders_take_turns_and_end_with_the_renewal(cast: Cast) -> None:
    customer = holder(cast)
    contracts.policy(holder=customer, ends=in_days(40), contract_key="K")
    ensure()
    first = WorkItem.objects.get()
    assert first.due_at == rules.end_of(in_days(10)) and first.detail["product"] == "家用车商业险"
    ensure(NOW + timedelta(days=10))
    states = list(WorkItem.objects.order_by("created_at").values_list("state", "outcome"))
    assert states == [("done", "superseded"), ("open", "")]
    contracts.policy(holder=customer, begins=in_days(40), ends=in_days(405), contract_key="K")
    ensure(NOW + timedelta(days=11))
    assert not WorkItem.objects.filter(state="open").exists()


def test_offers_wait_while_a_complaint_is_open_but_the_end_of_cover_is_told(cast: Cast) -> None:
    customer = holder(cast)
    contracts.policy(holder=customer, ends=in_days(40))
    ensure()
    complaints.registered(complaints.desk(cast), party_ref=customer.ref)

    def reminders(now: datetime) -> list[str]:
        ensure(now)
        return list(WorkItem.objects.filter(kind="renewal", state="open").values_list("kind", flat=True))

    assert reminders(NOW + timedelta(days=1)) == [] == reminders(NOW + timedelta(days=20))
    assert reminders(NOW + timedelta(days=34)) == ["renewal"]


def test_nobody_is_reminded_of_customers_without_manager(cast: Cast) -> None:
    contracts.policy(holder=holder(cast, manager=None), ends=in_days(20))
    assert (ensure().new, WorkItem.objects.count()) == (1, 0)


def record(cast: Cast, intention: Intention, **fields: Any) -> Any:
    row = only()
    given = {"renewal_id": row.pk, "version": row.version, "intention": intention, **fields}
    return services.record_intention(actor=build.actor(cast.manager), now=NOW, **given)


def test_who_will_not_renew_is_not_reminded_again(cast: Cast) -> None:
    contracts.policy(holder=holder(cast), ends=in_days(40))
    ensure()
    with pytest.raises(services.InvalidIntention):
        record(cast, Intention.NOT_RENEW)
    assert record(cast, Intention.NOT_RENEW, reason="price").intention is Intention.NOT_RENEW
    assert WorkItem.objects.get().outcome == "refused"
    ensure(NOW + timedelta(days=10))
    assert WorkItem.objects.count() == 1


def test_who_considers_is_asked_on_the_day_agreed(cast: Cast) -> None:
    contracts.policy(holder=holder(cast), ends=in_days(40))
    ensure()
    with pytest.raises(services.InvalidIntention):
        record(cast, Intention.CONSIDERING)
    record(cast, Intention.CONSIDERING, next_date=in_days(12))
    waiting = WorkItem.objects.get(state="open")
    assert (waiting.starts_at, waiting.due_at) == (rules.end_of(in_days(11)), rules.end_of(in_days(12)))
    ensure(NOW + timedelta(days=10))
    assert WorkItem.objects.filter(state="open").count() == 1, "left alone until the day agreed"


def test_who_records_second_is_told(cast: Cast) -> None:
    contracts.policy(holder=holder(cast), ends=in_days(40))
    ensure()
    record(cast, Intention.RENEW)
    with pytest.raises(StaleState) as slower:
        record(cast, Intention.RENEW, version=1)
    assert slower.value.changed_by == "顾宁"
    Renewal.objects.update(state="lost")
    with pytest.raises(IllegalTransition):
        record(cast, Intention.RENEW)


def test_renewals_of_others_do_not_leak(cast: Cast) -> None:
    contracts.policy(holder=holder(cast), ends=in_days(20))
    ensure()
    key = only().pk

    def seen(user: Any) -> int:
        return len(queries.list_renewals(build.actor(user), RenewalFilter(), now=NOW).rows)

    assert [seen(user) for user in (cast.manager, cast.team_lead, cast.branch_manager, cast.head_office)] == [1] * 4
    for user in (cast.colleague, cast.outsider):
        actor = build.actor(user)
        assert seen(user) == 0 and queries.summarise(actor, now=NOW).by_period[Period.MONTH] == 0
        with pytest.raises(services.RenewalNotFound):
            queries.get_renewal(actor, key)
        done, skipped = services.record_intentions(actor=actor, now=NOW, renewal_ids=[key], intention=Intention.RENEW)
        assert (done, skipped) == (0, 1)
    with pytest.raises(NotPermitted):
        services.record_intentions(
            actor=build.actor(cast.auditor), now=NOW, renewal_ids=[key], intention=Intention.RENEW
        )


def test_periods_are_counted_in_shanghai_and_include_both_days(cast: Cast) -> None:
    for days in (-30, -1, 0, 6, 7, 30, 31, 90):
        contracts.policy(holder=holder(cast), ends=in_days(days))
    ensure()
    actor = build.actor(cast.manager)
    counted = queries.summarise(actor, now=NOW).by_period
    assert counted == {
        Period.TODAY: 1, Period.WEEK: 2, Period.MONTH: 4, Period.TWO_MONTHS: 5, Period.QUARTER: 6, Period.EXPIRED: 2,
        Period.ALL: 8,
    }  # fmt: skip
    for period, count in counted.items():
        page = queries.list_renewals(actor, RenewalFilter(period=period), now=NOW)
        assert len(page.rows) == page.total == count
    chosen = RenewalFilter(first=in_days(6), last=in_days(31))
    assert len(queries.list_renewals(actor, chosen, now=NOW).rows) == 4
    # 16:30 UTC is half past midnight in Shanghai: another day.
    evening = datetime.fromisoformat("2026-11-23T16:30:00+00:00")
    tomorrow = queries.list_renewals(actor, RenewalFilter(period=Period.TODAY), now=evening)
    assert len(tomorrow.rows) == 0


def test_a_year_from_29_february_is_a_full_term(cast: Cast) -> None:
    now = datetime.fromisoformat("2029-02-20T02:00:00+00:00")
    contracts.policy(holder=holder(cast), begins=date(2028, 2, 29), ends=date(2029, 2, 28))
    contracts.policy(holder=holder(cast), begins=date(2028, 2, 29), ends=date(2029, 3, 1))
    assert ensure(now).new == 2


def test_windows_take_over_on_their_day() -> None:
    days = [90, 60, 30, 15, 7, 0]
    windows = [rules.window_of(in_days(left), TODAY, days) for left in (91, 90, 61, 60, 16, 15, 1, 0, -1)]
    assert windows == [None, 90, 90, 60, 30, 15, 7, 0, None]


def test_the_pages_work_with_a_constant_number_of_queries(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.manager)
    client.get("/renewals/")
    counts = []
    for _ in range(2):
        for _ in range(10):
            contracts.policy(holder=holder(cast), ends=TODAY_REAL + timedelta(days=20))
        services.ensure_renewals(actor=SYSTEM, now=datetime.now(NOW.tzinfo))
        with django_assert_max_num_queries(14) as context:
            page = client.get("/renewals/?period=quarter")
        counts.append(len(context.captured_queries))
        assert page.status_code == 200
    assert counts[0] == counts[1] and page.content.count(b"data-preview=") == 20
    row = Renewal.objects.first()
    assert row is not None
    assert "家用车商业险" in client.get(f"/renewals/{row.pk}/").content.decode()
    assert client.get(f"/renewals/customers/{row.party.ref}/").status_code == 200
    bad = client.post(f"/renewals/{row.pk}/record/", {"intention": "not_renew", "version": row.version})
    assert bad.status_code == 422
    good = client.post(f"/renewals/{row.pk}/record/", {"intention": "renew", "version": row.version})
    assert good.status_code == 200 and Renewal.objects.get(pk=row.pk).intention == "renew"
    stale = client.post(f"/renewals/{row.pk}/record/", {"intention": "renew", "version": row.version})
    assert stale.status_code == 409
    many = client.post("/renewals/record/", {"intention": "renew", "item": [str(row.pk), "nonsense"]})
    assert many.status_code == 204
    assert client.post("/renewals/export/").status_code == 403
    client.force_login(cast.outsider)
    assert client.get(f"/renewals/{row.pk}/").status_code == 404
    assert client.get(f"/renewals/customers/{row.party.ref}/").status_code == 404
    assert client.post(f"/renewals/{row.pk}/record/", {"intention": "renew"}).status_code == 404


TODAY_REAL = datetime.now(rules.SHANGHAI).date()


def test_an_export_holds_what_the_filter_shows(cast: Cast) -> None:
    from anxin.engagement.renewals.services import exporting
    from anxin.engagement.renewals.tasks import export
    from anxin.foundation.documents import services as documents
    from anxin.foundation.jobs import services as jobs
    from anxin.foundation.jobs.models import Job

    contracts.policy(holder=holder(cast, name="=王"), ends=in_days(20))
    contracts.policy(holder=holder(cast, manager=cast.outsider, unit=cast.nanjing), ends=in_days(20))
    ensure()
    with pytest.raises(NotPermitted):
        services.start_export(
            actor=build.actor(cast.manager), now=NOW, wanted=RenewalFilter(), language="zh-hans", title="", task=export
        )
    job = services.start_export(
        actor=build.actor(cast.team_lead), now=NOW, wanted=RenewalFilter(), language="zh-hans", title="", task=export
    )
    assert jobs.run(job.id, exporting.work, clock=lambda: NOW)
    document = Job.objects.get(pk=job.id).document_id
    assert document is not None
    with documents.open_document(document) as source:
        lines = source.read().decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "'=王" in lines[1] and "3600.00" in lines[1]
