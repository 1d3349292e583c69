"""Calling: who is given what, answers kept, attempts, problems with their ticket, the second call-back, figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from anxin.book.customers.data import Rejected
from anxin.foundation.accounts.models import User
from anxin.foundation.audit.models import Entry
from anxin.foundation.privacy.data import Mode
from anxin.foundation.schemes.models import SchemeVersion
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.callbacks import queries, services
from anxin.service.callbacks.access import CallBackNotFound
from anxin.service.callbacks.data import Kind, NothingToCall, Outcome, SellerMayNot, Way
from anxin.service.callbacks.models import Answer, Attempt, CallBack, Found
from anxin.service.callbacks.rules import due, scheme
from anxin.service.callbacks.services import holdings, outside
from anxin.service.desk import services as desk
from anxin.service.desk.data import Action
from anxin.service.desk.models import Ticket, Touchpoint
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import NOW, TODAY, Cast, callbacks

pytestmark = pytest.mark.django_db
SEVEN = ("identity", "signed", "read", "cover", "surrender", "cooling_off", "payment", "recording")


def _taken(cast: Cast, **fields: Any) -> CallBack:
    callbacks.call_back(party=build.person(manager=cast.manager, unit=cast.pudong), **fields)
    return services.take_next(actor=build.actor(cast.agent), now=NOW)


def _answer(cast: Cast, row: CallBack, codes: Iterable[str] = SEVEN, **others: str) -> None:
    for code in codes:
        services.keep_answer(
            actor=build.actor(cast.agent), now=NOW, call_back_id=row.pk, question=code, value=others.get(code, "yes")
        )


def test_the_next_is_what_is_due_first_and_may_be_called_by_this_person(cast: Cast) -> None:
    party = build.person(unit=cast.pudong)
    first = callbacks.call_back(party=party, due_at=NOW + timedelta(hours=1))
    callbacks.call_back(party=party, due_at=NOW, seller=cast.agent)
    callbacks.call_back(party=party, due_at=NOW, not_before=NOW + timedelta(minutes=1))
    callbacks.call_back(party=party, due_at=NOW, owner=cast.team_lead)
    mine = callbacks.call_back(party=party, due_at=NOW + timedelta(hours=2), owner=cast.agent)
    actor = build.actor(cast.agent)
    assert services.take_next(actor=actor, now=NOW).pk == first.pk
    assert services.take_next(actor=actor, now=NOW).pk == mine.pk
    with pytest.raises(NothingToCall):
        services.take_next(actor=actor, now=NOW)


def test_what_an_agent_kept_past_its_time_goes_back_to_everybody(cast: Cast) -> None:
    agent, other = build.actor(cast.agent), build.actor(cast.team_lead)
    row = _taken(cast)
    at = NOW + timedelta(hours=2)
    services.attempt(
        actor=agent, now=NOW, call_back_id=row.pk, version=row.version, outcome=Outcome.AGAIN, again_at=at
    )  # fmt: skip
    assert services.release(actor=agent, now=at + timedelta(minutes=29)) == 0
    with pytest.raises(NothingToCall):
        services.take_next(actor=other, now=at + timedelta(minutes=29))
    later = at + timedelta(minutes=31)
    assert services.release(actor=agent, now=later) == 1 and not WorkItem.objects.filter(state="open").exists()
    assert services.take_next(actor=other, now=later).pk == row.pk


def test_what_was_handed_over_stays_a_day_and_a_call_that_was_left_two_hours_from_the_last_answer(cast: Cast) -> None:
    agent = build.actor(cast.agent)
    row = _taken(cast)
    handed = callbacks.call_back(party=build.person(unit=cast.pudong), owner=cast.agent)
    later = NOW + timedelta(hours=1)
    services.keep_answer(actor=agent, now=later, call_back_id=row.pk, question="identity", value="yes")
    assert services.release(actor=agent, now=NOW + timedelta(minutes=179)) == 0
    assert services.release(actor=agent, now=NOW + timedelta(minutes=181)) == 1
    row.refresh_from_db()
    assert (row.state, row.owner_id) == ("waiting", None) and row.answers.count() == 1
    with pytest.raises(IllegalTransition):
        services.give_back(actor=agent, now=later, call_back_id=row.pk, version=row.version)
    assert services.release(actor=agent, now=NOW + timedelta(hours=25)) == 1
    handed.refresh_from_db()
    assert handed.owner_id is None


def test_a_version_of_the_rules_kept_before_a_number_was_added_takes_what_is_shipped(cast: Cast) -> None:
    old = {name: value for name, value in scheme.RULE_DEFAULT.items() if name not in ("hand_days", "handed_hours")}
    SchemeVersion.objects.create(
        kind=scheme.RULES, version=1, content={**old, "care_days": 9}, state="active", effective_from=TODAY,
        created_at=NOW,
    )  # fmt: skip
    rules = queries.rules(NOW)
    assert (rules["hand_days"], rules["handed_hours"], rules["care_days"]) == (4, 24, 9)


def test_the_seller_neither_takes_nor_answers(cast: Cast) -> None:
    row = callbacks.call_back(party=build.person(unit=cast.pudong), seller=cast.agent)
    with pytest.raises(SellerMayNot):
        services.take(actor=build.actor(cast.agent), now=NOW, call_back_id=row.pk, version=1)


def test_nothing_is_asked_before_it_is_the_customer_and_all_must_be_answered(cast: Cast) -> None:
    row, actor = _taken(cast), build.actor(cast.agent)
    with pytest.raises(Rejected):
        _answer(cast, row, ["signed"])
    _answer(cast, row, SEVEN[:7])
    for values in ({"question": "nonsense", "value": "yes"}, {"question": "read", "value": "5"}):
        with pytest.raises(Rejected):
            services.keep_answer(actor=actor, now=NOW, call_back_id=row.pk, **values)
    with pytest.raises(Rejected) as missing:
        services.finish(actor=actor, now=NOW, call_back_id=row.pk, version=row.version)
    assert missing.value.field == "answers"
    _answer(cast, row, ["recording"])
    services.keep_answer(actor=actor, now=NOW, call_back_id=row.pk, question="identity", value="no")
    with pytest.raises(Rejected) as stranger:
        services.finish(actor=actor, now=NOW, call_back_id=row.pk, version=row.version)
    assert stranger.value.field == "identity" and not Attempt.objects.exists()


def test_a_success_is_counted_once_however_often_it_is_sent(cast: Cast) -> None:
    row, actor = _taken(cast), build.actor(cast.agent)
    _answer(cast, row)
    version = row.version
    services.finish(actor=actor, now=NOW, call_back_id=row.pk, version=version)
    with pytest.raises((StaleState, IllegalTransition)):
        services.finish(actor=actor, now=NOW, call_back_id=row.pk, version=version)
    row.refresh_from_db()
    assert (row.state, row.success_on, row.success_way, row.attempts) == ("succeeded", TODAY, "phone", 1)
    contact = Touchpoint.objects.get()
    assert (contact.topic, contact.result, contact.direction) == ("新契约回访", "solved", "outbound")
    with pytest.raises(IllegalTransition):
        _answer(cast, row, ["read"])
    assert Answer.objects.count() == 8


def test_who_is_not_reached_is_tried_again_and_at_last_written_to(cast: Cast) -> None:
    row, actor = _taken(cast), build.actor(cast.agent)
    now = NOW
    for number in range(1, 6):
        services.attempt(
            actor=actor, now=now, call_back_id=row.pk, version=row.version, outcome=Outcome.NO_ANSWER
        )  # fmt: skip
        row.refresh_from_db()
        assert row.attempts == number and row.owner_id is None
        if number < 5:
            assert row.state == "waiting" and row.not_before > now
            now = row.not_before
            row = services.take_next(actor=actor, now=now)
    assert row.state == "fallback"
    _answer(cast, row)
    with pytest.raises(Rejected):
        services.finish(actor=actor, now=now, call_back_id=row.pk, version=row.version)
    services.finish(actor=actor, now=now, call_back_id=row.pk, version=row.version, way=Way.VISIT)
    row.refresh_from_db()
    assert (row.state, row.success_way) == ("succeeded", "visit")
    assert list(Touchpoint.objects.order_by("at", "id").values_list("channel", flat=True))[-1] == "visit"


def test_who_asked_for_another_time_is_called_by_the_same_person_then(cast: Cast) -> None:
    row, actor = _taken(cast), build.actor(cast.agent)
    again = NOW + timedelta(hours=5)
    with pytest.raises(Rejected):
        services.attempt(actor=actor, now=NOW, call_back_id=row.pk, version=row.version, outcome=Outcome.AGAIN)
    services.attempt(
        actor=actor, now=NOW, call_back_id=row.pk, version=row.version, outcome=Outcome.AGAIN, again_at=again
    )
    item = WorkItem.objects.get()
    assert (item.owner_id, item.starts_at, item.state) == (cast.agent.pk, again, "open")
    assert services.take_next(actor=actor, now=again).pk == row.pk
    services.attempt(actor=actor, now=again, call_back_id=row.pk, version=row.version + 2, outcome=Outcome.WRONG_NUMBER)
    item.refresh_from_db()
    assert item.state == "done" and CallBack.objects.get().state == "fallback"


def test_a_problem_has_a_ticket_that_sales_may_not_solve_and_a_second_call_back(cast: Cast) -> None:
    policy = callbacks.sold(holder=build.person(manager=cast.manager, unit=cast.pudong))
    row = callbacks.call_back(party=policy.holder, policy=policy, policy_no=policy.policy_no, seller=cast.manager)
    actor = build.actor(cast.agent)
    services.take_next(actor=actor, now=NOW)
    row.refresh_from_db()
    _answer(cast, row, surrender="no")
    with pytest.raises(Rejected):
        services.finish(actor=actor, now=NOW, call_back_id=row.pk, version=row.version)
    services.finish(
        actor=actor, now=NOW, call_back_id=row.pk, version=row.version, description="客户称未被告知退保损失"
    )
    row.refresh_from_db()
    found, ticket = Found.objects.get(), Ticket.objects.get()
    assert (row.state, row.success_on, found.questions) == ("problem", None, ["surrender"])
    assert (ticket.type, ticket.policy_no, found.ticket_id) == ("callback_problem", policy.policy_no, ticket.pk)
    # 15 working days after Monday, 23 November 2026.
    assert found.due_at.date() == date(2026, 12, 14) and ticket.owner_id is None
    for seller in (cast.manager, cast.colleague):
        with pytest.raises((Rejected, desk.TicketNotFound)):
            desk.move(
                actor=build.actor(seller), now=NOW, ticket_id=ticket.pk, version=1, action=Action.TAKE
            )  # fmt: skip
    with pytest.raises(Rejected):
        desk.move(
            actor=actor, now=NOW, ticket_id=ticket.pk, version=1, action=Action.HAND_OVER, to=cast.manager.pk, why="x"
        )  # fmt: skip
    ticket = desk.move(actor=actor, now=NOW, ticket_id=ticket.pk, version=1, action=Action.TAKE)
    desk.move(actor=actor, now=NOW, ticket_id=ticket.pk, version=ticket.version, action=Action.RESOLVE, why="已说明")
    for _twice in range(2):
        services.ticket_resolved(now=NOW, ticket_id=ticket.pk, party_id=row.party_id)
    second = CallBack.objects.get(round=2)
    assert (second.previous_id, second.kind, second.policy_id) == (row.pk, "new_business", policy.pk)
    assert row.cooling_ends is not None and second.due_at == due.start_of(row.cooling_ends + timedelta(days=1))
    services.take(actor=actor, now=NOW, call_back_id=second.pk, version=1)
    _answer(cast, second)
    services.finish(actor=actor, now=NOW, call_back_id=second.pk, version=2)
    row.refresh_from_db()
    assert row.success_on == TODAY and Found.objects.get().solved_at == NOW


def test_some_resolved_tickets_are_asked_about_and_nobody_twice_in_a_quarter(cast: Cast) -> None:
    party = build.person(unit=cast.pudong)
    from uuid import UUID

    def resolved(number: int, days: int = 0) -> None:
        services.ticket_resolved(now=NOW + timedelta(days=days), ticket_id=UUID(int=number), party_id=party.pk)

    resolved(50)
    assert not CallBack.objects.exists()
    resolved(100)
    resolved(100)
    resolved(200, days=30)
    assert CallBack.objects.get().kind == "satisfaction"
    resolved(300, days=91)
    assert CallBack.objects.count() == 2


def test_regular_care_plans_the_next_when_it_succeeded(cast: Cast) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong)
    from anxin.kernel.identifiers.uuid7 import uuid7

    key = uuid7()
    for _twice in range(2):
        row = services.plan_by_hand(
            actor=build.actor(cast.manager), now=NOW, ref=party.ref, kind=Kind.CARE, start=NOW, is_regular=True, key=key
        )
    actor = build.actor(cast.agent)
    services.take(actor=actor, now=NOW, call_back_id=row.pk, version=1)
    _answer(cast, row, ["identity", "contact", "needs"])
    services.keep_answer(actor=actor, now=NOW, call_back_id=row.pk, question="score", value="5")
    services.finish(actor=actor, now=NOW, call_back_id=row.pk, version=2)
    following = CallBack.objects.exclude(pk=row.pk).get()
    assert following.not_before.date() > (NOW + timedelta(days=85)).date() and following.kind == "care"
    row.refresh_from_db()
    assert (row.score, row.state) == (5, "succeeded")
    with pytest.raises(Rejected):
        services.plan_by_hand(
            actor=actor, now=NOW, ref=party.ref, kind=Kind.NEW_BUSINESS, start=NOW, key=uuid7()
        )  # fmt: skip


def test_who_reaches_what_and_leaves_it_out_with_a_reason(cast: Cast) -> None:
    row = callbacks.call_back(party=build.person(manager=cast.outsider, unit=cast.nanjing))
    lead = build.actor(cast.team_lead)
    with pytest.raises(CallBackNotFound):
        services.leave_out(actor=lead, now=NOW, call_back_id=row.pk, version=1, why="paid", note="x")
    office = build.actor(cast.head_office)
    with pytest.raises(Rejected):
        services.leave_out(actor=office, now=NOW, call_back_id=row.pk, version=1, why="paid", note=" ")
    with pytest.raises(Rejected):
        services.hand_over(actor=office, now=NOW, call_back_id=row.pk, version=1, to=cast.manager.pk)
    services.hand_over(actor=office, now=NOW, call_back_id=row.pk, version=1, to=cast.agent.pk)
    services.leave_out(actor=office, now=NOW, call_back_id=row.pk, version=2, why="paid", note="网点已回访")
    assert CallBack.objects.get().state == "excluded" and WorkItem.objects.get().state == "done"


def test_a_result_from_outside_is_written_whole_or_not_at_all(cast: Cast) -> None:
    row = callbacks.call_back(party=build.person(unit=cast.pudong), channel="online")
    actor = build.actor(cast.agent)
    answers = dict.fromkeys(SEVEN[:7], "yes")
    for bad in ({"answers": {**answers, "read": "maybe"}}, {"answers": {"identity": "yes"}}):
        with pytest.raises(Rejected):
            outside.take_result(
                actor=actor, now=NOW, call_back_id=row.pk, version=1, outcome=Outcome.REACHED, **bad
            )  # fmt: skip
        assert not Answer.objects.exists()
        row.refresh_from_db()
        assert (row.state, row.version) == ("waiting", 1)
    earlier, when = NOW - timedelta(days=2), NOW - timedelta(days=1)
    missed = outside.take_result(
        actor=actor, now=NOW, call_back_id=row.pk, version=1, outcome=Outcome.NO_ANSWER, at=earlier
    )
    done = outside.take_result(
        actor=actor, now=NOW, call_back_id=row.pk, version=missed.version, outcome=Outcome.REACHED, answers=answers,
        at=when,
    )  # fmt: skip
    assert (done.state, done.success_on) == ("succeeded", TODAY - timedelta(days=1))
    # Told later, but that is when the telephone rang: in the attempts and in the customer's file.
    assert list(Attempt.objects.order_by("number").values_list("at", flat=True)) == [earlier, when]
    assert set(Touchpoint.objects.values_list("at", flat=True)) == {earlier, when}
    assert Entry.objects.filter(action="callbacks.outside").count() == 2


def test_a_call_is_ended_and_shown_with_the_questions_it_began_with(cast: Cast) -> None:
    row, actor = _taken(cast, channel="online"), build.actor(cast.agent)
    content: Any = scheme.QUESTION_DEFAULT
    more = {**content["questions"][1], "code": "newest"}
    SchemeVersion.objects.create(
        kind=scheme.QUESTIONS, version=1, state="active", effective_from=TODAY, created_at=NOW, note="",
        content={**content, "questions": [*content["questions"], more]},
    )  # fmt: skip
    later = callbacks.call_back(party=row.party, channel="online")
    _answer(cast, row, SEVEN[:7])
    services.finish(actor=actor, now=NOW, call_back_id=row.pk, version=row.version)
    shown = [[one.question.code for one in queries.get_view(actor, pk, now=NOW).asked] for pk in (row.pk, later.pk)]
    assert shown == [list(SEVEN[:7]), [*SEVEN[:7], "newest"]]


def test_a_policy_given_back_within_the_period_after_its_call_back_does_not_count(cast: Cast) -> None:
    ends = TODAY - timedelta(days=3)
    for status, ended in (("in_force", None), ("surrendered", ends), ("surrendered", ends + timedelta(days=1))):
        policy = callbacks.sold(
            holder=build.person(unit=cast.pudong), days_ago=18, status=status, ended_date=ended
        )  # fmt: skip
        callbacks.call_back(party=policy.holder, policy=policy, cooling_ends=ends, state="problem", ended_at=NOW)
    found = queries.success_rate(build.actor(cast.head_office), ends, ends, today=TODAY)
    assert found.total.due == 2


def test_the_rate_agrees_with_a_count_by_hand(cast: Cast) -> None:
    """Every row says by itself whether it counts and whether it succeeded; the figures are compared with that."""
    counted: list[tuple[str, str, bool]] = []
    units = {"浦东支公司": cast.pudong, "南京分公司": cast.nanjing}
    for number in range(60):
        unit = list(units)[number % 2]
        channel = ("agent", "bancassurance", "online")[number % 3]
        ends = TODAY - timedelta(days=number % 10)
        state = ("succeeded", "failed", "waiting", "excluded", "problem")[number % 5]
        way = "visit" if number % 7 == 0 else "phone"
        success = ends + timedelta(days=number % 4 - 2) if state == "succeeded" else None
        ended = None if state == "waiting" else NOW
        callbacks.call_back(
            party=build.person(unit=units[unit], name=f"客户{number}"), channel=channel, cooling_ends=ends, state=state,
            success_on=success, success_way=way if success else "", ended_at=ended,
        )  # fmt: skip
        if state != "excluded" and ends < TODAY:
            counted.append((unit, channel, success is not None and way == "phone" and success <= ends))
    callbacks.call_back(party=build.person(unit=cast.pudong), round=2, cooling_ends=TODAY - timedelta(days=1))
    actor = build.actor(cast.head_office)
    found = queries.success_rate(actor, TODAY - timedelta(days=30), TODAY, today=TODAY)
    assert (found.total.due, found.total.done) == (len(counted), sum(one[2] for one in counted))
    for place, lines in ((0, found.by_unit), (1, found.by_channel)):
        for line in lines:
            own = [one for one in counted if one[place] == line.key]
            assert (line.due, line.done) == (len(own), sum(one[2] for one in own)), line.key
    rows = list(queries.rows_of_rate(actor, TODAY - timedelta(days=30), TODAY, today=TODAY))
    assert [sum(1 for _row in rows), sum(row["is_success"] for row in rows)] == [found.total.due, found.total.done]
    branch = queries.success_rate(build.actor(cast.branch_manager), TODAY - timedelta(days=30), TODAY, today=TODAY)
    assert branch.total.due == sum(1 for one in counted if one[0] == "浦东支公司")


def test_what_is_known_of_a_person_is_handed_out_and_forgotten(cast: Cast) -> None:
    row, actor = _taken(cast), build.actor(cast.agent)
    _answer(cast, row)
    services.finish(actor=actor, now=NOW, call_back_id=row.pk, version=row.version, note="客户很满意")
    User.objects.filter(pk=cast.agent.pk).update(is_active=True)
    records = {one.code: one for one in holdings.export(row.party_id)}
    assert "客户很满意" in str(list(records["callbacks"].rows)) and len(list(records["callback_answers"].rows)) == 8
    waiting = callbacks.call_back(party=row.party)
    list(holdings.erase(row.party_id, Mode.ERASE, NOW))
    assert set(CallBack.objects.values_list("note", "policy_no")) == {("", "")}
    assert set(Answer.objects.values_list("value", flat=True)) == {""}
    waiting.refresh_from_db()
    assert waiting.state == "excluded"
