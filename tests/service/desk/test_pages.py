"""The pages of the desk: they answer, with the same number of queries for any number of tickets."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from anxin.service.desk.data import MessageKind
from anxin.service.desk.models import Ticket, TicketMessage, Touchpoint
from tests import build
from tests.build import Cast, desk

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
