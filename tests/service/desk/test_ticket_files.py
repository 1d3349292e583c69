"""Tickets that come in from files, and over the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.foundation.accounts import services as accounts
from anxin.kernel import clock
from anxin.kernel.importing import registered_importers
from anxin.service.desk import services
from anxin.service.desk.data import Action
from anxin.service.desk.models import Promise, Ticket
from anxin.service.desk.queries import promises as promised
from tests import build
from tests.build import NOW, Cast, importing

pytestmark = pytest.mark.django_db
OLD = {
    "ticket_no": "W1", "source": "life-core", "customer_key": "L1", "type": "保单查询", "subject": "现金价值",
    "channel": "电话", "status": "已结案", "opened_at": datetime(2026, 2, 1, 1, tzinfo=UTC),
    "closed_at": datetime(2026, 2, 1, 3, tzinfo=UTC), "satisfaction": 5,
}  # fmt: skip


def test_history_and_open_tickets_come_in_and_the_open_ones_can_be_worked_on(cast: Cast) -> None:
    importing.run("customer", [{"source_key": "L1", "name": "王小明"}])
    open_one = {**OLD, "ticket_no": "W2", "status": "处理中", "closed_at": None, "staff_no": "E1",
                "opened_at": NOW - timedelta(hours=1)}  # fmt: skip
    build.user(username="e1", name="顾宁", staff_no="E1")
    result = importing.run("ticket", [OLD, open_one], "old-desk")
    assert result.counts == {"created": 2}
    old, new = Ticket.objects.order_by("source_key")
    assert (old.state, old.queue, old.party.name if old.party else "") == ("closed", "general", "王小明")
    assert new.ended_at is None and new.number != old.number and not Promise.objects.exists()
    late = {**OLD, "ticket_no": "W0", "closed_at": datetime(2026, 3, 1, 1, tzinfo=UTC)}
    gone = {**OLD, "ticket_no": "W9", "status": "已撤销"}
    assert importing.run("ticket", [late, gone], "old-desk").counts == {"created": 2}
    assert services.adopt_all(now=NOW, amber=80) == 3 and services.adopt_all(now=NOW, amber=80) == 0
    # History is told against actual too: of the two finished ones, one was in time.
    (told,) = promised.kept(build.actor(cast.head_office), now=NOW, days=3_650).by_type
    assert (told.code, told.finished, told.kept) == (old.type, 2, 1)
    services.move(
        actor=build.actor(cast.agent), now=NOW, ticket_id=new.pk,
        version=new.version, action=Action.RESOLVE, why="已答复",
    )  # fmt: skip
    assert Promise.objects.get(ticket=new).is_kept
    assert importing.run("ticket", [OLD], "old-desk").counts == {"unchanged": 1}


def test_rows_that_cannot_be_tickets_are_refused_and_a_batch_is_undone() -> None:
    importing.run("customer", [{"source_key": "L1", "name": "王小明"}])
    rows: list[dict[str, Any]] = [
        OLD, {**OLD, "ticket_no": "W3", "type": "看电影"}, {**OLD, "ticket_no": "W4", "closed_at": None},
        {**OLD, "ticket_no": "W5", "status": "不明"}, {**OLD, "ticket_no": "W6", "customer_key": "L9"},
    ]  # fmt: skip
    result = importing.run("ticket", rows, "old-desk")
    assert result.codes() == {"unknown_type": 1, "end_missing": 1, "unknown_status": 1, "unknown_customer": 1}
    assert services.adopt_all(now=NOW, amber=80) == 1
    assert registered_importers()["ticket"].undo(result.batch_id).touched == 1
    assert not Ticket.objects.exists()


def test_a_request_is_filed_and_moved_over_the_api(cast: Cast, client: Client) -> None:
    _row, secret = accounts.create_token(
        actor=build.actor(cast.agent), now=clock.now(), user_id=cast.agent.id, name="x",
        codes=["desk.open", "desk.tickets", "desk.work"], lifetime=timedelta(days=1),
    )  # fmt: skip
    party = build.person(name="王小明")
    head = {"Authorization": f"Bearer {secret}"}

    def post(path: str, body: dict[str, Any], key: str = "") -> Any:
        more = {"Idempotency-Key": key} if key else {}
        return client.post(f"/api/v1{path}", body, content_type="application/json", headers={**head, **more})

    new = {"type": "query_policy", "subject": "查询现金价值", "customer": party.ref}
    made, again = post("/tickets", new, "k1"), post("/tickets", new, "k1")
    assert made.status_code == again.status_code == 201 and Ticket.objects.count() == 1
    number = made.json()["number"]
    assert again.json()["number"] == number
    assert post("/tickets", {**new, "type": "fnol_motor"}).status_code == 422
    listed = client.get("/api/v1/tickets?queue=general", headers=head).json()
    assert [one["number"] for one in listed["items"]] == [number]
    moved = post(f"/tickets/{number}/moves", {"action": "take", "version": 1})
    assert (moved.status_code, moved.json()["state"]) == (200, "working")
    assert post(f"/tickets/{number}/moves", {"action": "return", "version": 1, "why": "x"}).status_code == 409
    assert client.get("/api/v1/tickets/GD9", headers=head).status_code == 404
