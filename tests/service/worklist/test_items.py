"""Working on work items: what people do with them, who reaches which, and what happens when two are at it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from anxin.book.customers.models import Fact
from anxin.foundation.audit.models import Entry
from anxin.kernel.actor import NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.worklist import queries, rules, services
from anxin.service.worklist.data import Due, ItemFilter, ItemState, ItemView, NewItem, Whose
from anxin.service.worklist.models import WorkItem, WorkItemMove
from anxin.service.worklist.services.facts import ensure_fact_prompts
from tests import build
from tests.build import NOW, TODAY, Cast

END_OF_TODAY = rules.end_of(TODAY)


def task(cast: Cast, user: Any = None, **fields: Any) -> ItemView:
    given = {"title": "回访客户", "due_at": END_OF_TODAY, **fields}
    return services.create(actor=build.actor(user or cast.manager), now=NOW, **given)


def listed(user: Any, **wanted: Any) -> list[UUID]:
    page = queries.list_items(build.actor(user), ItemFilter(**wanted), now=wanted.pop("now", NOW))
    return [row.id for row in page.rows]


def test_a_task_for_oneself_is_on_ones_list(cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.pudong)
    item = task(cast, party_ref=customer.ref)
    assert listed(cast.manager) == [item.id]
    assert (item.party_name, item.unit_name, item.kind_label) == ("王小明", "浦东支公司", "任务")


def test_work_is_given_only_within_the_scope(cast: Cast) -> None:
    given = task(cast, cast.team_lead, owner_id=cast.manager.id)
    assert given.given_by_name == "何立" and listed(cast.manager) == [given.id]
    with pytest.raises(services.NoSuchColleague):
        task(cast, cast.team_lead, owner_id=cast.outsider.id)
    with pytest.raises(NotPermitted):
        task(cast, cast.manager, owner_id=cast.colleague.id)


def test_items_of_others_do_not_leak(cast: Cast) -> None:
    item = task(cast)
    assert listed(cast.colleague, whose=Whose.REACH) == []
    assert listed(cast.team_lead) == [] and listed(cast.team_lead, whose=Whose.REACH) == [item.id]
    assert listed(cast.branch_manager, whose=Whose.REACH) == [item.id]
    for user in (cast.colleague, cast.outsider):
        actor = build.actor(user)
        with pytest.raises(services.ItemNotFound):
            queries.get_item(actor, item.id)
        with pytest.raises(services.ItemNotFound):
            services.complete(actor=actor, now=NOW, item_id=item.id, version=1, outcome="contacted")
        assert services.complete_many(actor=actor, now=NOW, item_ids=[item.id], outcome="contacted").skipped == 1
    with pytest.raises(NotPermitted):
        queries.list_items(build.actor(cast.auditor), ItemFilter(), now=NOW)


def test_finishing_keeps_outcome_history_and_trail(cast: Cast) -> None:
    item = task(cast)
    actor = build.actor(cast.manager)
    done = services.complete(
        actor=actor, now=NOW, item_id=item.id, version=item.version, outcome="contacted", note="客户满意"
    )
    assert (done.state, done.outcome, done.version) == (ItemState.DONE, "contacted", 2)
    assert [move.action for move in queries.list_moves(actor, item.id)] == ["complete", "create"]
    assert Entry.objects.filter(action="worklist.complete", object_id=str(item.id)).count() == 1
    reopened = services.reopen(actor=actor, now=NOW, item_id=item.id, version=2)
    assert reopened.state is ItemState.OPEN and reopened.outcome == "" and reopened.finished_at is None


def test_an_outcome_that_does_not_close_puts_the_item_off(cast: Cast) -> None:
    item = task(cast)
    actor = build.actor(cast.manager)
    tomorrow = NOW + timedelta(days=1)
    tried = services.complete(actor=actor, now=NOW, item_id=item.id, version=1, outcome="attempted", again_at=tomorrow)
    assert tried.state is ItemState.OPEN and listed(cast.manager) == []
    assert listed(cast.manager, is_snoozed=True) == [item.id]
    assert [row.id for row in queries.list_items(actor, ItemFilter(), now=tomorrow).rows] == [item.id]


def test_an_unknown_outcome_is_refused(cast: Cast) -> None:
    with pytest.raises(services.InvalidOutcome):
        services.complete(
            actor=build.actor(cast.manager), now=NOW, item_id=task(cast).id, version=1, outcome="whatever"
        )


def test_who_was_slower_is_told_and_changes_nothing(cast: Cast) -> None:
    item = task(cast)
    actor = build.actor(cast.manager)
    services.snooze(actor=actor, now=NOW, item_id=item.id, version=1, until=NOW + timedelta(hours=2))
    with pytest.raises(StaleState) as slower:
        services.complete(actor=actor, now=NOW, item_id=item.id, version=1, outcome="contacted")
    assert slower.value.version == 2 and slower.value.changed_by == "顾宁"
    assert WorkItemMove.objects.filter(item=item.id).count() == 2


def test_a_finished_item_is_not_finished_again(cast: Cast) -> None:
    item = task(cast)
    actor = build.actor(cast.manager)
    services.complete(actor=actor, now=NOW, item_id=item.id, version=1, outcome="contacted")
    with pytest.raises(IllegalTransition):
        services.complete(actor=actor, now=NOW, item_id=item.id, version=2, outcome="contacted")


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(seconds=1), NOW + timedelta(days=400)])
def test_an_item_is_put_off_into_the_near_future_only(cast: Cast, until: datetime) -> None:
    with pytest.raises(ValueError, match="put off"):
        services.snooze(actor=build.actor(cast.manager), now=NOW, item_id=task(cast).id, version=1, until=until)


def test_handing_over_moves_the_item_to_the_colleagues_list(cast: Cast) -> None:
    item = task(cast)
    moved = services.hand_over(
        actor=build.actor(cast.manager), now=NOW, item_id=item.id, version=1, to=cast.colleague.id, why="休假"
    )
    assert moved.owner_name == "沈悦" and moved.given_by_name == "顾宁"
    assert listed(cast.manager) == [] and listed(cast.colleague) == [item.id]
    with pytest.raises(services.NoSuchColleague):
        services.hand_over(actor=build.actor(cast.colleague), now=NOW, item_id=item.id, version=2, to=cast.outsider.id)


def test_many_are_changed_at_once_and_only_within_reach(cast: Cast) -> None:
    mine = [task(cast).id for _ in range(3)]
    foreign = task(cast, cast.outsider).id
    actor = build.actor(cast.manager)
    services.complete(actor=actor, now=NOW, item_id=mine[0], version=1, outcome="contacted")
    done = services.complete_many(actor=actor, now=NOW, item_ids=[*mine, foreign], outcome="completed")
    assert set(done.done) == set(mine[1:]) and done.skipped == 2
    assert WorkItem.objects.get(pk=foreign).state == ItemState.OPEN
    handed = services.hand_over_many(actor=build.actor(cast.outsider), now=NOW, item_ids=[foreign], to=cast.outsider.id)
    assert len(handed.done) == 1


def test_due_groups_end_at_midnight_in_shanghai(cast: Cast) -> None:
    late = task(cast, due_at=NOW - timedelta(minutes=1))
    today = task(cast, due_at=END_OF_TODAY)
    tomorrow = task(cast, due_at=END_OF_TODAY + timedelta(minutes=1))
    later = task(cast, due_at=END_OF_TODAY + timedelta(days=9))
    groups = {due: listed(cast.manager, due=due) for due in Due}
    assert groups == {Due.OVERDUE: [late.id], Due.TODAY: [today.id], Due.WEEK: [tomorrow.id], Due.LATER: [later.id]}
    counters = queries.summarise(build.actor(cast.manager), now=NOW)
    assert (counters.open, counters.overdue, counters.today, counters.week) == (4, 1, 1, 1)
    assert counters.by_kind == {"task": 4}


def test_counters_take_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        task(cast)
    actor = build.actor(cast.manager)
    with django_assert_num_queries(1):
        assert queries.summarise(actor, now=NOW).open == 5


def test_pages_follow_one_another_and_cost_the_same(cast: Cast, django_assert_num_queries: Any) -> None:
    made = [task(cast, due_at=END_OF_TODAY + timedelta(minutes=number // 2)).id for number in range(25)]
    actor = build.actor(cast.manager)
    seen: list[UUID] = []
    cursor = ""
    for _ in range(3):
        with django_assert_num_queries(3 if not cursor else 4):
            page = queries.list_items(actor, ItemFilter(), now=NOW, cursor=cursor, size=10)
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
    assert sorted(seen) == sorted(made) and not cursor and page.start == 21 and page.total == 25
    with pytest.raises(queries.BadCursor):
        queries.list_items(actor, ItemFilter(), now=NOW, cursor="x" + page.previous_cursor)


def new_item(cast: Cast, occurrence: str, **fields: Any) -> NewItem:
    given = {
        "kind": "task", "starts_at": NOW, "due_at": END_OF_TODAY, "party_id": None, "owner_id": cast.manager.id,
        "unit_id": cast.pudong.id, "title": "x", **fields,
    }  # fmt: skip
    return NewItem(occurrence=occurrence, **given)


def test_generated_items_are_made_once(cast: Cast) -> None:
    items = [new_item(cast, f"o{number}") for number in range(5)]
    assert services.ensure_items(now=NOW, items=items) == 5
    WorkItem.objects.filter(occurrence="o1").update(state="done", finished_at=NOW)
    assert services.ensure_items(now=NOW, items=[*items, new_item(cast, "o9"), new_item(cast, "o9")]) == 1
    assert WorkItem.objects.get(occurrence="o1").state == "done"


def test_items_about_a_finished_subject_are_closed(cast: Cast) -> None:
    subject = build.person(manager=cast.manager)
    services.ensure_items(now=NOW, items=[new_item(cast, f"o{n}", subject_id=subject.id) for n in range(3)])
    actor = build.actor(cast.manager)
    closed = services.close_for_subjects(
        actor=actor, now=NOW, kinds=["task"], subject_ids=[subject.id], outcome="completed"
    )
    assert closed == 3 and listed(cast.manager) == []


def test_facts_are_asked_after_before_they_end(cast: Cast) -> None:
    mine, stray = build.person(manager=cast.manager), build.person()
    for party, days in ((mine, 5), (mine, 5), (mine, 40), (stray, 5)):
        Fact.objects.create(
            party=party, code="hobbies", value="钓鱼", source="staff", observed_on=NOW.date(), created_at=NOW,
            expires_on=NOW.date() + timedelta(days=days),
        )  # fmt: skip
    assert ensure_fact_prompts(now=NOW) == 1
    assert ensure_fact_prompts(now=NOW) == 0
    item = WorkItem.objects.get(kind="fact_ends")
    assert item.owner_id == cast.manager.pk and item.detail["count"] == 2


def test_birthdays_come_a_week_ahead_once_a_year(cast: Cast) -> None:
    soon = build.person(name="李生日", manager=cast.manager, unit=cast.pudong, birth_date=date(1980, 11, 30))
    build.person(manager=cast.manager, birth_date=date(1980, 12, 1))
    build.person(manager=cast.manager, birth_date=date(1980, 11, 25), is_deceased=True)
    build.person(manager=None, birth_date=date(1980, 11, 25))
    assert services.ensure_birthdays(now=NOW) == 1
    assert services.ensure_birthdays(now=NOW) == 0
    (item,) = queries.list_items(build.actor(cast.manager), ItemFilter(), now=NOW).rows
    assert item.party_id == soon.id and item.title == "2026-11-30 生日，46 岁"
    assert item.due_at == rules.end_of(date(2026, 11, 30))
    assert services.ensure_birthdays(now=NOW + timedelta(days=365)) == 1


def test_29_february_is_kept_on_28_in_common_years() -> None:
    assert rules.coming_birthdays(date(2027, 2, 26), 3) == {
        226: date(2027, 2, 26), 227: date(2027, 2, 27), 228: date(2027, 2, 28), 229: date(2027, 2, 28),
        301: date(2027, 3, 1),
    }  # fmt: skip
    leap = rules.coming_birthdays(date(2028, 2, 27), 2)
    assert leap == {227: date(2028, 2, 27), 228: date(2028, 2, 28), 229: date(2028, 2, 29)}


def test_a_new_year_begins_within_the_lead_days() -> None:
    assert rules.coming_birthdays(date(2026, 12, 31), 1) == {1231: date(2026, 12, 31), 101: date(2027, 1, 1)}


def test_days_are_those_of_shanghai() -> None:
    assert rules.day_of(datetime.fromisoformat("2026-11-23T16:30:00+00:00")) == date(2026, 11, 24)
