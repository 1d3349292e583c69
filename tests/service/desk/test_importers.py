"""Contacts, calls and states of agents from files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from anxin.kernel import vault
from anxin.kernel.importing import registered_importers
from anxin.service.desk.models import Call, SeatSpell, Touchpoint
from tests import build
from tests.build import importing

pytestmark = pytest.mark.django_db
CALL = {
    "touchpoint_no": "T1", "source": "life-core", "customer_key": "L1", "channel": "电话", "direction": "in",
    "time": datetime(2026, 2, 1, 1, tzinfo=UTC), "topic": "保单查询", "result": "已解答",
}  # fmt: skip


@pytest.fixture(autouse=True)
def customers(db: None) -> None:
    importing.run("customer", [{"source_key": "L1", "name": "王小明"}])


def test_a_contact_finds_its_customer_and_its_staff() -> None:
    user = build.user(username="e1", name="顾宁", staff_no="E1")
    rows = [{**CALL, "staff_no": "E1"}, {**CALL, "touchpoint_no": "T2", "staff_no": "E9", "direction": "out"}]
    result = importing.run("touchpoint", rows, "core-extract")
    assert result.counts == {"created": 2} and result.codes() == {"unknown_staff": 1}
    first, second = Touchpoint.objects.order_by("source_key")
    assert (first.party.name, first.staff_id, first.channel, first.direction) == ("王小明", user.id, "phone", "inbound")
    assert (second.staff_id, second.direction) == (None, "outbound")
    assert importing.run("touchpoint", rows, "core-extract").counts == {"unchanged": 2}
    changed = importing.run("touchpoint", [{**rows[0], "result": "转办"}], "core-extract")
    assert changed.counts == {"updated": 1}


def test_contacts_with_nobody_or_without_a_topic_are_refused() -> None:
    result = importing.run(
        "touchpoint",
        [{**CALL, "customer_key": "L9"}, {**CALL, "topic": None}, {**CALL, "direction": "sideways"}],
        "core-extract",
    )
    assert result.codes() == {"unknown_customer": 1, "value_missing": 1, "unknown_direction": 1}
    assert not Touchpoint.objects.exists()


def test_an_undone_batch_takes_its_contacts_away() -> None:
    result = importing.run("touchpoint", [CALL], "core-extract")
    assert registered_importers()["touchpoint"].undo(result.batch_id).touched == 1
    assert not Touchpoint.objects.exists()


AT = datetime(2026, 2, 2, 1, tzinfo=UTC)
LOG = {
    "call_no": "C1", "direction": "呼入", "number": "138 1234 8000", "menu": "2-0", "queue": "综合", "rang_at": AT,
    "asked_at": AT + timedelta(seconds=20), "answered_at": AT + timedelta(seconds=32),
    "ended_at": AT + timedelta(seconds=200), "hold_seconds": 10, "after_seconds": 30, "staff_no": "E1",
    "code": "保单查询", "recording": "20260202/C1.wav",
}  # fmt: skip


def test_a_log_of_calls_becomes_figures_and_contacts_and_is_taken_back() -> None:
    importing.run("customer", [{"source_key": "L2", "name": "李四", "mobile": "13812348000"}])
    user = build.user(username="e1", name="顾宁", staff_no="E1")
    lost = {
        "call_no": "C2", "rang_at": AT, "asked_at": AT, "ended_at": AT + timedelta(seconds=40), "number": "未知",
        "staff_no": "E9",
    }  # fmt: skip
    stayed = {"call_no": "C3", "rang_at": AT, "menu": "3-1", "ended_at": AT + timedelta(seconds=50)}
    result = importing.run("call", [LOG, lost, stayed], "avaya")
    assert result.counts == {"created": 3} and result.codes() == {"no_number": 1, "unknown_staff": 1}
    call, given_up, in_menu = Call.objects.order_by("external_id")
    assert (call.menu, call.wrap_code, call.agent_id, call.system) == (["2", "0"], "query", user.id, "avaya")
    assert call.party is not None and call.party.name == "李四" and call.wrapped_at == AT + timedelta(seconds=230)
    sealed = bytes(call.number_sealed or b"")
    assert vault.ring().open(sealed, table="desk_call", column="number_sealed", row=call.pk) == "13812348000"
    assert (given_up.wanted_human, in_menu.wanted_human) == (True, False)
    contact = Touchpoint.objects.get(source="call")
    assert (contact.source_key, contact.topic, contact.duration_seconds) == (str(call.pk), "保单查询", 168)
    assert importing.run("call", [LOG, lost, stayed], "avaya").counts == {"unchanged": 3}
    registered_importers()["call"].undo(result.batch_id)
    assert not Call.objects.exists() and not Touchpoint.objects.filter(source="call").exists()
    importing.run("call", [LOG], "avaya")
    assert importing.run("call", [{**LOG, "code": "claim"}], "avaya").counts == {"updated": 1}
    assert Touchpoint.objects.get(source="call").topic == "理赔进度"


def test_calls_that_cannot_have_been_so_are_refused() -> None:
    rows = [
        {**LOG, "answered_at": AT - timedelta(seconds=1)}, {**LOG, "ended_at": AT + timedelta(hours=13)},
        {**LOG, "code": "闲聊"}, {**LOG, "direction": "sideways"}, {**LOG, "purpose": "fun"}, {**LOG, "ended_at": None},
    ]  # fmt: skip
    found = importing.run("call", rows).codes()
    assert found == {
        "wrong_order": 2, "unknown_code": 1, "unknown_direction": 1, "unknown_purpose": 1, "value_missing": 1
    }  # fmt: skip


def test_states_of_agents_give_the_occupancy_of_old_days() -> None:
    user = build.user(username="e1", name="顾宁", staff_no="E1")
    rows = [
        {"staff_no": "E1", "state": "通话", "began_at": AT, "ended_at": AT + timedelta(seconds=60)},
        {
            "staff_no": "E1",
            "state": "空闲",
            "began_at": AT + timedelta(seconds=60),
            "ended_at": AT + timedelta(hours=1),
        },
        {"staff_no": "E9", "state": "ACW", "began_at": AT, "ended_at": AT},
        {"staff_no": "E1", "state": "发呆", "began_at": AT, "ended_at": AT},
    ]
    result = importing.run("agent_state", rows, "avaya")
    assert result.counts["created"] == 2 and result.codes() == {"unknown_staff": 1, "unknown_state": 1}
    assert set(SeatSpell.objects.values_list("user", "state")) == {(user.id, "on_call"), (user.id, "available")}
    assert importing.run("agent_state", rows[:2], "avaya").counts == {"unchanged": 2}
    registered_importers()["agent_state"].undo(result.batch_id)
    assert not SeatSpell.objects.exists()
