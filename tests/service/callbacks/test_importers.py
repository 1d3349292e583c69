"""Call-backs of the system before, from files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anxin.kernel.actor import Actor
from anxin.kernel.importing import registered_importers
from anxin.service.callbacks import queries, services
from anxin.service.callbacks.models import CallBack
from tests import build
from tests.build import NOW, TODAY, Cast, callbacks, importing

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
CALLED = datetime(TODAY.year, TODAY.month, TODAY.day, 3, tzinfo=UTC) - timedelta(days=1)


def _row(number: str, **more: Any) -> dict[str, Any]:
    return {
        "callback_no": number, "kind": "新契约", "cooling_ends": TODAY + timedelta(days=12), "ended_at": CALLED,
        "result": "成功", "way": "电话", "attempts": 2, **more,
    }  # fmt: skip


def test_who_was_called_back_before_is_not_called_again_and_counts_in_the_rate(cast: Cast) -> None:
    holder = build.person(manager=cast.manager, unit=cast.pudong)
    old, new, ours = (callbacks.sold(holder=holder) for _time in range(3))
    over = callbacks.sold(holder=holder, days_ago=80)
    callbacks.call_back(party=holder, policy=ours, occurrence=str(ours.pk))
    rows = [
        _row("H1", policy_no=old.policy_no, staff_no="E9"),
        _row("H2", policy_no=over.policy_no, cooling_ends=TODAY - timedelta(days=60),
             ended_at=CALLED - timedelta(days=65)),
        _row("H3", policy_no=ours.policy_no), _row("H4", policy_no="nowhere"), _row("H5", policy_no=None),
        _row("H6", policy_no=old.policy_no, kind="闲聊"), _row("H7", policy_no=old.policy_no, result="?"),
    ]  # fmt: skip
    result = importing.run("call_back", rows, "old-hotline", now=NOW)
    assert result.counts["created"] == 2
    assert result.codes() == {
        "already_there": 1, "unknown_policy": 1, "cooling_missing": 1, "value_missing": 1, "unknown_kind": 1,
        "unknown_result": 1, "unknown_staff": 1,
    }  # fmt: skip
    done = CallBack.objects.get(policy=old)
    assert (done.state, done.occurrence, done.success_way, done.attempts) == ("succeeded", str(old.pk), "phone", 2)
    assert services.ensure(actor=SYSTEM, now=NOW).new_business == 1
    assert CallBack.objects.filter(policy=new).exists()
    head = build.actor(cast.head_office)
    total = queries.success_rate(head, TODAY - timedelta(days=90), TODAY, today=TODAY).total
    assert (total.due, total.done) == (1, 1)
    assert importing.run("call_back", rows[:2], "old-hotline", now=NOW).counts == {"unchanged": 2}
    registered_importers()["call_back"].undo(result.batch_id)
    assert not CallBack.objects.exclude(source="").exists()


def test_call_backs_without_a_policy_go_by_the_customer(cast: Cast) -> None:
    importing.run("customer", [{"source_key": "L1", "name": "王小明"}])
    rows = [
        {"callback_no": "S1", "kind": "服务满意度", "source": "life-core", "customer_key": "L1", "ended_at": CALLED,
         "result": "成功", "score": 5},
        {"callback_no": "S2", "kind": "关怀", "source": "life-core", "customer_key": "L9", "ended_at": CALLED,
         "result": "失败", "score": 9},
    ]  # fmt: skip
    result = importing.run("call_back", rows, "old-hotline", now=NOW)
    assert result.counts["created"] == 1 and result.codes() == {"out_of_range": 1}
    row = CallBack.objects.get()
    assert (row.party.name, row.kind, row.score, row.policy) == ("王小明", "satisfaction", 5, None)
