"""The pages of the desk: they answer, with the same number of queries for any number of tickets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.kernel import clock
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.desk import services
from anxin.service.desk.data import Action, MessageKind
from anxin.service.desk.models import Ticket, TicketMessage, TicketTag, Touchpoint, Watcher
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import NOW, Cast, desk

pytestmark = pytest.mark.django_db


def test_the_inbox_asks_the_same_for_ten_tickets_as_for_one(
    cast: Cast, client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.agent)
    desk.ticket(cast.agent, take=True, party_ref=build.person(name="王小明").ref)
    client.get("/desk/")
    with django_assert_max_num_queries(20) as first:
        page = client.get("/desk/")
    assert "查询保单现金价值" in page.content.decode()
    for number in range(10):
        desk.ticket(cast.agent, take=True, party_ref=build.person(name=f"客户{number}").ref)
    with django_assert_num_queries(len(first.captured_queries)):
        client.get("/desk/")


def test_a_ticket_is_opened_answered_and_solved_on_its_pages(cast: Cast, client: Client) -> None:
    client.force_login(cast.agent)
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    assert "保单查询" in client.get("/desk/tickets/new/").content.decode()
    form = {"type": "change_contact", "party_ref": party.ref, "subject": "换手机号", "channel": "phone", "take": "on"}
    refused = client.post("/desk/tickets/new/", form)
    assert refused.status_code == 422 and not Ticket.objects.exists()
    made = client.post("/desk/tickets/new/", {**form, "answer_new_contact": "新号码尾号 6721"})
    ticket = Ticket.objects.get()
    assert made["Location"] == f"/desk/tickets/{ticket.pk}/"
    page = client.get(made["Location"]).content.decode()
    assert "王小明" in page and "新号码尾号 6721" in page
    said = {"kind": "out", "body": "已为您登记", "version": ticket.version}
    client.post(f"/desk/tickets/{ticket.pk}/say/", said)
    assert TicketMessage.objects.filter(kind=MessageKind.TO_CUSTOMER).count() == 1
    shown = client.get(made["Location"]).content.decode()
    assert shown.count("已为您登记") == 1
    # The same form sent again: somebody (here oneself) was faster.
    assert client.post(f"/desk/tickets/{ticket.pk}/say/", said).status_code == 409
    dialog = client.get(f"/desk/tickets/{ticket.pk}/move/?action=resolve", HTTP_HX_REQUEST="true")
    assert "处理结果" in dialog.content.decode()
    ticket.refresh_from_db()
    move = {"action": "resolve", "why": "已变更", "version": ticket.version, "satisfaction": "5"}
    client.post(f"/desk/tickets/{ticket.pk}/move/", move)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.satisfaction, ticket.result) == ("resolved", 5, "已变更")


def test_every_part_of_the_inbox_and_the_other_pages_answer(cast: Cast, client: Client) -> None:
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    ticket = desk.ticket(cast.agent, party_ref=party.ref)
    client.force_login(cast.branch_manager)
    for address in (
        "/desk/?lane=reach", "/desk/?lane=customers", "/desk/?lane=watched", "/desk/?lane=done", "/desk/?cursor=x",
        "/desk/?lane=queue&queue=general&kind=query&late=1", f"/desk/tickets/{ticket.pk}/preview/", "/desk/promises/",
        f"/desk/of/{party.ref}/tickets/", f"/desk/tickets/{ticket.pk}/move/?action=merge",
        f"/desk/tickets/{ticket.pk}/presence/", "/desk/tickets/customers/?find=王&type=query_policy",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    assert client.get(f"/desk/?q={ticket.number.lower()}")["Location"] == f"/desk/tickets/{ticket.pk}/"
    taken = client.post("/desk/next/")
    assert taken["Location"] == f"/desk/tickets/{ticket.pk}/"


def test_a_quick_note_needs_only_a_topic(cast: Cast, client: Client) -> None:
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    client.force_login(cast.manager)
    note = {"topic": "回访", "channel": "phone", "direction": "outbound", "satisfaction": "4"}
    assert client.post(f"/desk/of/{party.ref}/record/", note).status_code == 302
    assert Touchpoint.objects.get().satisfaction == 4


def test_the_ticket_page_asks_the_same_however_much_stands_on_it(
    cast: Cast, client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.agent)
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    one = desk.ticket(cast.agent, take=True, party_ref=party.ref, body="请查")
    client.get(f"/desk/tickets/{one.pk}/")
    with django_assert_max_num_queries(34) as first:
        client.get(f"/desk/tickets/{one.pk}/")
    actor = build.actor(cast.agent)
    for number in range(5):
        desk.ticket(cast.agent, parent=str(one.pk), party_ref=party.ref)
        one = services.say(
            actor=actor, now=NOW, ticket_id=one.pk, kind=MessageKind.NOTE, body=f"备注{number}", version=one.version
        )
    services.watch(actor=actor, ticket_id=one.pk, is_wanted=True, user_id=cast.manager.pk)
    services.look(actor=build.actor(cast.team_lead), now=clock.now(), ticket_id=one.pk, is_typing=True)
    TicketTag.objects.create(ticket=one, tag="回访")
    with django_assert_num_queries(len(first.captured_queries)):
        page = client.get(f"/desk/tickets/{one.pk}/").content.decode()
    assert "备注4" in page and "回访" in page and "正在此工单中输入" in page and "/complaints/new/?ticket=" in page


def test_documents_are_told_once_and_all_at_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.agent)
    answers = {"bank": "中国银行"}
    ticket = desk.ticket(cast.agent, take=True, type="change_account", answers=answers)
    assert client.post(f"/desk/tickets/{ticket.pk}/documents/", {"version": ticket.version}).status_code == 302
    said = TicketMessage.objects.get().body
    assert said == "投保人身份证明、保险合同变更申请书、新账户银行卡复印件"
    page = client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "已一次性告知" in page and f"/desk/tickets/{ticket.pk}/documents/" not in page
    assert client.post(f"/desk/tickets/{ticket.pk}/documents/", {"version": "1"}).status_code == 409


def test_a_pick_up_becomes_an_appointment_until_the_ticket_is_done(cast: Cast) -> None:
    told = {"address": "世纪大道100号", "wanted_at": "2026-11-25 10:00", "contact": "王女士", "papers": "申请书"}
    ticket = desk.ticket(cast.agent, take=True, type="pick_up", answers=told)
    item = WorkItem.objects.get(kind="appointment", state="open")
    assert (item.owner_id, f"{item.due_at:%d %H:%M}") == (cast.agent.pk, "25 02:00")
    services.move(
        actor=build.actor(cast.agent), now=NOW, ticket_id=ticket.pk, version=ticket.version, action=Action.RESOLVE,
        why="已取回",
    )  # fmt: skip
    assert not WorkItem.objects.filter(kind="appointment", state="open").exists()


def test_an_appointment_goes_with_its_ticket_and_outlives_a_merge(cast: Cast) -> None:
    told = {"address": "世纪大道100号", "wanted_at": "2026-11-25 10:00", "contact": "王女士", "papers": "申请书"}
    ticket = desk.ticket(cast.agent, type="pick_up", answers=told)
    item = WorkItem.objects.get(kind="appointment")
    owners = [item.owner_id]
    agent, lead = build.actor(cast.agent), build.actor(cast.team_lead)
    step: dict[str, Any] = {"now": NOW, "ticket_id": ticket.pk}
    for actor, action, more in (
        (agent, Action.TAKE, {}),
        (agent, Action.HAND_OVER, {"to": cast.team_lead.pk, "why": "顺路"}),
        (lead, Action.RETURN, {"why": "改由网点处理"}),
    ):
        ticket = services.move(actor=actor, action=action, version=ticket.version, **step, **more)
        item.refresh_from_db()
        owners.append(item.owner_id)
    assert owners == [None, cast.agent.pk, cast.team_lead.pk, None]
    other = desk.ticket(cast.agent)
    services.merge(actor=agent, now=NOW, ticket_id=ticket.pk, version=ticket.version, into_id=other.pk)
    item.refresh_from_db()
    assert item.state == "open"


def test_a_part_is_opened_linked_and_loosened_on_the_pages(cast: Cast, client: Client) -> None:
    client.force_login(cast.agent)
    whole, other = desk.ticket(cast.agent, take=True), desk.ticket(cast.agent, take=True)
    form = {"type": "query_policy", "subject": "子事项", "channel": "phone", "parent": str(whole.pk)}
    assert client.post("/desk/tickets/new/", form).status_code == 302
    assert Ticket.objects.get(subject="子事项").parent_id == whole.pk
    assert client.post("/desk/tickets/new/", {**form, "parent": str(uuid7())}).status_code == 422
    address = f"/desk/tickets/{other.pk}/parent/"
    assert client.post(address, {"number": "GD0", "version": other.version}).status_code == 422
    assert client.post(address, {"number": whole.number, "version": other.version}).status_code == 302
    other.refresh_from_db()
    assert other.parent_id == whole.pk
    assert client.post(address, {"number": "", "version": other.version}).status_code == 302
    other.refresh_from_db()
    assert other.parent_id is None
    sent = {"user": str(cast.manager.pk)}
    assert client.post(f"/desk/tickets/{other.pk}/watchers/", sent).status_code == 302
    assert Watcher.objects.get().user_id == cast.manager.pk


def test_a_claim_is_reported_with_a_day_and_a_time(cast: Cast, client: Client) -> None:
    client.force_login(cast.agent)
    form = {"type": "fnol_other", "subject": "水管爆裂", "channel": "phone"}
    answers = {"reporter": "本人", "reporter_phone": "13800006721", "place": "家中", "cause": "水管爆裂"}
    sent = {**form, **{f"answer_{name}": text for name, text in answers.items()}}
    assert client.post("/desk/tickets/new/", {**sent, "answer_accident_at": "昨天"}).status_code == 422
    assert client.post("/desk/tickets/new/", {**sent, "answer_accident_at": "2026-11-22 20:00"}).status_code == 302
    assert Ticket.objects.get().answers["accident_at"] == "2026-11-22 20:00"


def test_who_will_be_late_is_listed_by_colleague(cast: Cast, client: Client) -> None:
    for _ in range(8):
        desk.ticket(cast.agent, take=True, now=clock.now(), promised_at=clock.now() + timedelta(minutes=5))
    client.force_login(cast.branch_manager)
    page = client.get("/desk/promises/").content.decode()
    assert "预计完成" in page and cast.agent.display_name in page
