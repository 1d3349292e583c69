"""A ticket from its opening to its end, and the promises it makes."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from anxin.book.customers.data import Rejected
from anxin.foundation.accounts.models import User
from anxin.foundation.notices.models import Notice
from anxin.foundation.org.models import CalendarDay, WorkingCalendar
from anxin.kernel.actor import NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.desk import queries, services
from anxin.service.desk.data import Action, Lane, MessageKind, PromiseKind, TicketFilter, TicketState
from anxin.service.desk.models import Profile, Promise, Ticket, TicketMessage, TicketMove
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import NOW, Cast, desk

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def move(by: object, ticket: Ticket, action: Action, why: str = "", minutes: int = 10, **more: object) -> Ticket:
    return services.move(
        actor=build.actor(by), now=NOW + timedelta(minutes=minutes), ticket_id=ticket.pk, version=ticket.version,
        action=action, why=why, **more,
    )  # type: ignore[arg-type] # fmt: skip


def promise(ticket: Ticket, kind: PromiseKind) -> Promise:
    return Promise.objects.get(ticket=ticket, kind=kind)


def test_a_ticket_has_a_number_and_promises_an_answer_by_sunset(cast: Cast) -> None:
    first, second = desk.ticket(cast.agent), desk.ticket(cast.agent)
    assert (first.number, second.number) == ("GD202611230001", "GD202611230002")
    assert promise(first, PromiseKind.ANSWER).due_at == at("2026-11-23 18:00")
    # 120 working minutes from ten o'clock: lunch does not count.
    assert promise(first, PromiseKind.RESOLVE).due_at == first.due_at == at("2026-11-23 12:00")


def test_what_a_type_needs_is_told_all_at_once(cast: Cast) -> None:
    with pytest.raises(Rejected) as refused:
        desk.ticket(cast.agent, type="fnol_motor", answers={"place": "中山东路"})
    assert refused.value.field == "answers"
    answers = {
        "place": "中山东路", "accident_at": "2026-11-23 08:00", "plate": "沪A12345", "injured": "无", "cause": "追尾",
        "reporter": "本人", "reporter_phone": "13800006721",
    }  # fmt: skip
    ticket = desk.ticket(cast.agent, type="fnol_motor", answers=answers)
    view = queries.get_view(build.actor(cast.agent), ticket.pk, now=NOW)
    assert [one.code for one in view.missing_documents] == ["licence", "photos", "police"]


def test_waiting_for_the_customer_stops_the_clock_but_not_the_first_answer(cast: Cast) -> None:
    ticket = move(cast.agent, desk.ticket(cast.agent), Action.TAKE)
    ticket = move(cast.agent, ticket, Action.ASK, "身份证照片", minutes=20)
    assert promise(ticket, PromiseKind.RESOLVE).is_paused
    assert not promise(ticket, PromiseKind.ANSWER).is_paused
    ticket = move(cast.agent, ticket, Action.RESUME, minutes=80)
    # The hour of waiting does not count: 12:00 becomes 14:00, after lunch.
    assert promise(ticket, PromiseKind.RESOLVE).due_at == at("2026-11-23 14:00")


def test_an_answer_to_the_customer_keeps_the_promise_and_a_note_does_not(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent)
    actor = build.actor(cast.agent)
    for kind, done in ((MessageKind.NOTE, False), (MessageKind.TO_CUSTOMER, True)):
        ticket = services.say(
            actor=actor, now=NOW, ticket_id=ticket.pk, kind=kind, body="现金价值已查到", version=ticket.version
        )
        assert (promise(ticket, PromiseKind.ANSWER).is_kept is True) == done


def test_solved_in_time_keeps_what_was_promised_and_reopening_takes_that_back(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent, take=True)
    with pytest.raises(Rejected):
        move(cast.agent, ticket, Action.RESOLVE)
    ticket = move(cast.agent, ticket, Action.RESOLVE, "已告知现金价值")
    assert set(Promise.objects.values_list("is_kept", flat=True)) == {True}
    assert ticket.ended_at is not None
    ticket = move(cast.agent, ticket, Action.REOPEN, "客户仍有疑问", minutes=40)
    assert promise(ticket, PromiseKind.RESOLVE).done_at is None and ticket.ended_at is None
    assert promise(ticket, PromiseKind.RESOLVE).due_at == at("2026-11-23 13:30")
    with pytest.raises(IllegalTransition):
        move(cast.agent, ticket, Action.CLOSE)


def test_an_edit_on_an_old_version_is_refused_with_the_current_one(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent, take=True)
    stale = ticket.version
    move(cast.agent, ticket, Action.ASK, "保单号")
    with pytest.raises(StaleState) as refused:
        services.say(
            actor=build.actor(cast.agent), now=NOW, ticket_id=ticket.pk, kind=MessageKind.NOTE, body="x", version=stale
        )
    assert refused.value.version == stale + 1
    assert not TicketMessage.objects.exists()


def test_next_is_the_most_urgent_of_the_queues_one_serves(cast: Cast) -> None:
    desk.ticket(cast.agent, type="suggestion")
    query = desk.ticket(cast.agent)
    urgent = desk.ticket(cast.agent, type="query_claim", priority=1)
    actor = build.actor(cast.agent)
    Profile.objects.create(user=cast.agent, queues=["general", "claims"], most_open=2)
    assert services.take_next(actor=actor, now=NOW).pk == urgent.pk
    assert services.take_next(actor=actor, now=NOW).pk == query.pk
    with pytest.raises(services.HandsFull):
        services.take_next(actor=actor, now=NOW)
    Profile.objects.update(most_open=9)
    with pytest.raises(services.NothingToTake):
        services.take_next(actor=actor, now=NOW)


def test_the_same_request_twice_becomes_one(cast: Cast) -> None:
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    stays = desk.ticket(cast.agent, party_ref=party.ref)
    twice = desk.ticket(cast.agent, party_ref=party.ref, body="还是那件事")
    other = desk.ticket(cast.agent, party_ref=build.person(name="李红").ref)
    actor = build.actor(cast.agent)
    with pytest.raises(Rejected):
        services.merge(actor=actor, now=NOW, ticket_id=other.pk, version=1, into_id=stays.pk)
    services.merge(actor=actor, now=NOW, ticket_id=twice.pk, version=1, into_id=stays.pk)
    twice.refresh_from_db()
    assert (twice.state, twice.merged_into_id) == (TicketState.MERGED, stays.pk)
    assert TicketMessage.objects.get().ticket_id == stays.pk
    assert set(Promise.objects.filter(ticket=twice).values_list("is_kept", flat=True)) == {None}


def test_the_manager_sees_the_tickets_of_the_own_customers_and_nobody_elses(cast: Cast) -> None:
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    mine = desk.ticket(cast.agent, party_ref=party.ref)
    desk.ticket(cast.agent)
    for user, expected in ((cast.manager, [mine.pk]), (cast.outsider, []), (cast.auditor, None)):
        found = queries.list_tickets(build.actor(user), TicketFilter(lane=Lane.REACH), now=NOW)
        assert expected is None or [row.id for row in found] == expected
    with pytest.raises(queries.TicketNotFound):
        queries.get_view(build.actor(cast.outsider), mine.pk, now=NOW)
    with pytest.raises(NotPermitted):
        move(cast.auditor, mine, Action.TAKE)


def test_small_claims_go_through_the_green_channel_twice_a_year(cast: Cast) -> None:
    party = build.person(name="王小明")
    answers = {
        "place": "家中", "accident_at": "2026-11-22 20:00", "cause": "水管爆裂", "reporter": "本人",
        "reporter_phone": "13800006721",
    }  # fmt: skip
    found = [
        desk.ticket(cast.agent, type="fnol_other", party_ref=party.ref, amount_fen=amount, answers=answers).is_green
        for amount in (300_001, 300_000, 100, 100)
    ]
    assert found == [False, True, True, False]
    cycle = Promise.objects.filter(kind=PromiseKind.CYCLE).values_list("due_at", flat=True)
    assert set(cycle) == {at("2026-11-25 00:00")}


def test_who_is_about_to_be_late_is_told_once_and_then_the_leader(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent, take=True)
    assert services.escalate(now=at("2026-11-23 11:00")) == {"amber": 0, "red": 0}
    # 120 minutes from ten: amber after 96.
    assert services.escalate(now=at("2026-11-23 11:40")) == {"amber": 1, "red": 0}
    assert services.escalate(now=at("2026-11-23 11:41")) == {"amber": 0, "red": 0}
    assert list(Notice.objects.values_list("user_id", flat=True)) == [cast.agent.pk]
    assert services.escalate(now=at("2026-11-23 13:01"))["red"] == 1
    assert Notice.objects.filter(user=cast.branch_manager).exists()
    assert WorkItem.objects.filter(subject_id=ticket.pk, state="open").count() == 2
    move(cast.agent, ticket, Action.RESOLVE, "已答复", minutes=200)
    assert not WorkItem.objects.filter(subject_id=ticket.pk, state="open").exists()


def test_a_changed_calendar_moves_what_is_due(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent, type="change_contact", answers={"new_contact": "138…"})
    assert ticket.due_at == at("2026-11-23 18:00")
    calendar = WorkingCalendar.objects.get(code="site")
    for day in ("2026-11-23", "2026-11-24"):
        CalendarDay.objects.create(calendar=calendar, date=day, is_working=False, name="台风停工")
    assert services.recompute(now=NOW, amber=80) == 2
    ticket.refresh_from_db()
    assert ticket.due_at == at("2026-11-25 18:00")
    assert promise(ticket, PromiseKind.RESOLVE).due_at == at("2026-11-27 00:00")


def test_a_promise_to_the_customer_counts_around_the_clock_and_can_be_beaten(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent, take=True)
    ticket = services.promise_to_customer(
        actor=build.actor(cast.agent), now=NOW, ticket_id=ticket.pk, version=ticket.version,
        promised_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert ticket.due_at == NOW + timedelta(hours=1)
    move(cast.agent, ticket, Action.RESOLVE, "已答复", minutes=45)
    view = queries.get_view(build.actor(cast.agent), ticket.pk, now=NOW + timedelta(hours=9))
    margins = {one.kind: one.margin for one in view.promises}
    assert margins[PromiseKind.CUSTOMER] == timedelta(minutes=15)
    assert [(step.state, step.spent) for step in view.steps] == [("working", timedelta(minutes=45))]


def test_a_file_comes_back_to_whoever_reaches_the_ticket(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent)
    key = services.attach(
        actor=build.actor(cast.agent),
        now=NOW,
        ticket_id=ticket.pk,
        name="诊断.txt",
        content=io.BytesIO(b"note"),
        size=4,
    )
    row, parts = services.fetch(actor=build.actor(cast.branch_manager), now=NOW, file_id=key)
    assert (row.name, b"".join(parts)) == ("诊断.txt", b"note")
    with pytest.raises(services.TicketNotFound):
        services.fetch(actor=build.actor(cast.outsider), now=NOW, file_id=key)


def test_two_who_look_at_a_ticket_see_each_other(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent)

    def look(user: User, now: datetime, **more: Any) -> list[services.Other]:
        return services.look(actor=build.actor(user), now=now, ticket_id=ticket.pk, **more)

    assert look(cast.agent, NOW) == []
    assert services.look(actor=build.actor(cast.team_lead), now=NOW, ticket_id=ticket.pk) == [
        services.Other("许岚", False)
    ]
    later = NOW + timedelta(minutes=3)
    assert look(cast.team_lead, later) == []


def test_handing_over_says_why_and_to_whom(cast: Cast) -> None:
    ticket = desk.ticket(cast.agent, take=True)
    with pytest.raises(Rejected):
        move(cast.agent, ticket, Action.HAND_OVER, to=cast.team_lead.pk)
    ticket = move(cast.agent, ticket, Action.HAND_OVER, "需团队主管处理", to=cast.team_lead.pk)
    assert (ticket.owner_id, ticket.first_owner_id) == (cast.team_lead.pk, cast.agent.pk)
    assert TicketMove.objects.filter(action="hand_over", why="需团队主管处理").exists()
