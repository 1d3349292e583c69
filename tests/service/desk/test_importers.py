"""Touchpoints from files."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from anxin.kernel.importing import registered_importers
from anxin.service.desk.models import Touchpoint
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
