"""Macros: written by whom, filled with what, applied as a whole or not at all, to one ticket or to many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anxin.book.customers.data import Rejected
from anxin.foundation.accounts.models import User
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.models import Job
from anxin.kernel.actor import NotPermitted
from anxin.kernel.promises import Measure
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.desk import data
from anxin.service.desk.data import MacroReach, MessageKind
from anxin.service.desk.models import Macro, Promise, Ticket, TicketMessage, TicketTag
from anxin.service.desk.queries import macros as queries
from anxin.service.desk.rules import macros as rules
from anxin.service.desk.rules.macros import Content
from anxin.service.desk.services import guarding, macros
from tests import build
from tests.build import NOW, Cast, desk


def write(by: User, content: Content, reach: MacroReach = MacroReach.OWN, **more: Any) -> Macro:
    return macros.write_macro(
        actor=build.actor(by), now=NOW, name=more.pop("name", "已答复"), reach=reach, content=content, **more
    )


def apply(by: User, macro: Macro, ticket: Ticket, **more: Any) -> Ticket:
    more = {"version": ticket.version, **more}
    return macros.apply_macro(actor=build.actor(by), now=NOW, macro_id=macro.pk, ticket_id=ticket.pk, **more)


ANSWERED = Content(
    reply="{customer}您好，您的工单 {number} 已办结。", note="按话术答复", action="resolve", why="已答复客户",
    tag="保单", priority=2,
)  # fmt: skip


def test_only_known_places_are_filled_and_nothing_is_computed() -> None:
    assert rules.filled("{customer}：{{x}} {number} {% now %}", {"customer": "王", "number": "GD1"}) == (
        "王：{{x}} GD1 {% now %}"
    )
    assert rules.unknown_places("{customer} {password}", "{number}") == ["password"]


def test_a_reply_is_in_the_language_of_the_ticket_where_the_macro_has_it() -> None:
    both = Content(reply="您好", reply_en="Hello")
    assert [rules.for_language(both, one).reply for one in ("", "zh-Hans", "en", "en-GB", "英语")] == [
        "您好", "您好", "Hello", "Hello", "Hello",
    ]  # fmt: skip
    assert rules.for_language(Content(reply="您好"), "en").reply == "您好"
    assert ("reply", "Only the places listed may stand in braces.") in rules.problems(
        Content(reply_en="{secret}"), types=frozenset(), queues=frozenset()
    )


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (Content(), "reply"), (Content(reply="{secret}"), "reply"), (Content(action="merge"), "action"),
        (Content(action="resolve"), "why"), (Content(type="nothing"), "type"), (Content(queue="nowhere"), "queue"),
        (Content(priority=9), "priority"),
    ],
)  # fmt: skip
def test_what_no_macro_can_do_is_refused(content: Content, field: str) -> None:
    found = rules.problems(content, types=frozenset({"query_policy"}), queues=frozenset({"general"}))
    assert [one for one, _problem in found] == [field]


def test_a_new_ticket_is_taken_before_it_is_resolved() -> None:
    assert rules.steps(ANSWERED, "new") == ["take", "resolve"]
    assert rules.steps(ANSWERED, "working") == ["resolve"]
    with pytest.raises(IllegalTransition):
        rules.steps(ANSWERED, "closed")


@pytest.mark.django_db
class TestApplying:
    def test_everything_happens_at_once(self, cast: Cast) -> None:
        party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
        ticket = desk.ticket(cast.agent, party_ref=party.ref)
        done = apply(cast.agent, write(cast.agent, ANSWERED), ticket)
        done.refresh_from_db()
        assert (done.state, done.priority, done.result, done.owner_id) == ("resolved", 2, "已答复客户", cast.agent.pk)
        said = dict(TicketMessage.objects.values_list("kind", "body"))
        assert said[MessageKind.TO_CUSTOMER] == f"王小明您好，您的工单 {ticket.number} 已办结。"
        assert said[MessageKind.NOTE] == "按话术答复" and TicketTag.objects.get().tag == "保单"
        assert done.answered_at == NOW and not Promise.objects.filter(done_at__isnull=True).exists()

    def test_a_macro_that_does_not_fit_leaves_nothing(self, cast: Cast) -> None:
        ticket = desk.ticket(cast.agent, take=True)
        macro = write(cast.agent, Content(reply="好", tag="x", action="close", why=""))
        with pytest.raises(IllegalTransition):
            apply(cast.agent, macro, ticket)
        with pytest.raises(StaleState):
            apply(cast.agent, write(cast.agent, ANSWERED), ticket, version=9)
        assert not TicketMessage.objects.exists() and not TicketTag.objects.exists()
        shown = queries.preview(build.actor(cast.agent), macro.pk, ticket.pk, now=NOW)
        assert (shown.refused, shown.reply) == ("close", "好")

    def test_the_preview_moves_a_ticket_to_another_queue_only_where_applying_does(self, cast: Cast) -> None:
        ticket = desk.ticket(cast.agent)
        apply(cast.agent, write(cast.agent, Content(queue="claims")), ticket)
        same = write(cast.agent, Content(type=ticket.type, priority=1))
        shown = queries.preview(build.actor(cast.agent), same.pk, ticket.pk, now=NOW)
        ticket.refresh_from_db()
        assert [name for name, _old, _new in shown.changes] == ["priority"]
        assert apply(cast.agent, same, ticket).queue == "claims"

    def test_another_type_counts_its_own_standard_time(self, cast: Cast) -> None:
        ticket = desk.ticket(cast.agent)
        apply(cast.agent, write(cast.agent, Content(type="change_account")), ticket)
        ticket.refresh_from_db()
        row = Promise.objects.get(kind="resolve")
        assert (ticket.kind, ticket.queue, row.clock["measure"]) == ("endorsement", "policy", Measure.WORKING_DAYS)

    def test_whom_a_guard_bars_neither_sorts_a_ticket_anew_nor_opens_one_in_hand(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ticket = desk.ticket(cast.agent, type="objection")
        monkeypatch.setitem(guarding._guards, "test", lambda one, _user: "no" * (one.type == "objection"))
        for content in (replace(ANSWERED, type="query_policy"), Content(type="query_policy")):
            with pytest.raises(Rejected):
                apply(cast.agent, write(cast.agent, content), ticket)
        with pytest.raises(Rejected):
            desk.ticket(cast.agent, type="objection", take=True)
        ticket.refresh_from_db()
        assert (ticket.type, ticket.state, ticket.version) == ("objection", "new", 1)
        assert desk.ticket(cast.agent, take=True).owner_id == cast.agent.pk

    def test_who_may_write_and_use_which(self, cast: Cast) -> None:
        own = write(cast.agent, ANSWERED)
        with pytest.raises(NotPermitted):
            write(cast.agent, ANSWERED, MacroReach.TEAM)
        team = write(cast.team_lead, ANSWERED, MacroReach.TEAM)
        with pytest.raises(NotPermitted):
            write(cast.team_lead, ANSWERED, MacroReach.SHARED)
        with pytest.raises(data.MacroNotFound):
            queries.get_macro(build.actor(cast.team_lead), own.pk)
        seen = {one.id: one.may_edit for one in queries.list_macros(build.actor(cast.manager))}
        assert seen == {team.pk: False}
        assert team.pk not in {one.id for one in queries.list_macros(build.actor(cast.outsider))}

    def test_a_macro_of_a_team_stays_with_it_whoever_of_several_units_writes_it_anew(self, cast: Cast) -> None:
        lead = build.actor(cast.team_lead)
        team = write(cast.team_lead, ANSWERED, MacroReach.TEAM)
        other = build.unit(code="0001", name="另一团队")
        Macro.objects.filter(pk=team.pk).update(unit=other)
        units = frozenset({other.pk, *lead.unit_ids})
        macros.write_macro(
            actor=replace(lead, unit_ids=units | {UUID(int=0)}), now=NOW, name="已答复", reach=MacroReach.TEAM,
            content=ANSWERED, macro_id=team.pk, version=1,
        )  # fmt: skip
        team.refresh_from_db()
        assert team.unit_id == other.pk

    def test_another_wording_keeps_the_one_before(self, cast: Cast) -> None:
        macro = write(cast.agent, ANSWERED)
        write(cast.agent, Content(reply="新话术"), macro_id=macro.pk, version=1)
        with pytest.raises(StaleState):
            write(cast.agent, ANSWERED, macro_id=macro.pk, version=1)
        macro.refresh_from_db()
        history: Any = macro
        assert (macro.reply, macro.version, history.events.get().reply) == ("新话术", 2, ANSWERED.reply)
        with pytest.raises(Rejected):
            write(cast.agent, Content())

    def test_many_are_changed_each_for_itself_and_the_rest_is_named(self, cast: Cast) -> None:
        tickets = [desk.ticket(cast.agent, take=True) for _ in range(3)]
        closed = apply(cast.agent, write(cast.agent, ANSWERED), tickets[0])
        found = macros.apply_to_many(
            actor=build.actor(cast.agent), now=NOW, macro_id=write(cast.agent, ANSWERED).pk,
            ticket_ids=[one.pk for one in tickets],
        )  # fmt: skip
        assert (found.done, list(found.refused)) == (2, [closed.number])

    def test_a_job_applies_it_in_portions(self, cast: Cast) -> None:
        tickets = [desk.ticket(cast.agent, take=True) for _ in range(21)]
        from anxin.service.desk import tasks

        job = macros.start_macro(
            actor=build.actor(cast.agent), now=NOW, macro_id=write(cast.agent, ANSWERED).pk,
            ticket_ids=[one.pk for one in tickets], task=tasks.apply_macro,
        )  # fmt: skip
        assert jobs.run(job.id, macros.work_off, clock=lambda: NOW)
        assert Job.objects.get().message_values == {"done": 21, "refused": 0}
        assert Ticket.objects.filter(state="resolved").count() == 21


@pytest.mark.django_db
def test_a_macro_is_written_chosen_and_applied_on_its_pages(cast: Cast, client: Client) -> None:
    client.force_login(cast.agent)
    form = {"name": "已答复", "reach": "own", "reply": "{customer}您好", "action": "resolve", "why": "已答复"}
    assert client.post("/desk/macros/new/", {**form, "reply": "{nobody}"}).status_code == 422
    assert client.post("/desk/macros/new/", {**form, "reach": "shared"}).status_code == 422
    assert client.post("/desk/macros/new/", form).status_code == 302
    macro = Macro.objects.get()
    assert "已答复" in client.get("/desk/macros/").content.decode()
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    ticket = desk.ticket(cast.agent, party_ref=party.ref)
    address = f"/desk/tickets/{ticket.pk}/macro/"
    assert 'data-digit="1"' in client.get(address, headers={"HX-Request": "true"}).content.decode()
    shown = client.get(f"{address}?macro={macro.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "王小明您好" in shown and "办结" in shown
    sent = {"macro": str(macro.pk), "version": str(ticket.version), "reply": "王先生您好"}
    assert client.post(address, sent).status_code == 302
    assert TicketMessage.objects.get(kind="out").body == "王先生您好"
    assert client.post(address, sent).status_code == 409
    more = [desk.ticket(cast.agent, take=True) for _ in range(2)]
    items = {"item": [str(one.pk) for one in more]}
    assert "2 个工单" in client.get("/desk/macros/many/", items).content.decode()
    assert client.post("/desk/macros/many/", {**items, "macro": str(macro.pk)}).status_code == 204
    assert Ticket.objects.filter(state="resolved").count() == 3
    assert client.get(f"/desk/macros/{UUID(int=1)}/").status_code == 404
    assert client.post(f"/desk/macros/{macro.pk}/retire/").status_code == 302
    assert not queries.list_macros(build.actor(cast.agent))
