"""Events travel in the transaction of what happened, one delivery per handler, at least once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from tests import outbox as stored

from anxin.kernel import events, outbox
from anxin.kernel.events import Event, EventError


@dataclass(frozen=True)
class CoverGranted(Event):
    policy: UUID


seen: list[tuple[str, UUID]] = []


def first(event: CoverGranted) -> None:
    seen.append(("first", event.policy))


def second(event: CoverGranted) -> None:
    seen.append(("second", event.policy))


GRANTED = CoverGranted(UUID(int=3))


@pytest.fixture(autouse=True)
def _two_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_handlers", {})
    seen.clear()
    events.subscribe(CoverGranted, first)
    events.subscribe(CoverGranted, second)


def test_each_handler_has_its_own_delivery(db: None) -> None:
    assert outbox.publish(GRANTED) == 2
    assert not seen, "nothing runs in the transaction of the publisher"
    assert stored.deliver() == 2
    assert seen == [("first", GRANTED.policy), ("second", GRANTED.policy)]


def test_an_event_of_a_transaction_that_is_rolled_back_never_happened(db: None) -> None:
    with transaction.atomic():
        outbox.publish(GRANTED)
        transaction.set_rollback(True)
    assert stored.waiting() == []


def test_an_event_nobody_listens_to_leaves_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_handlers", {})
    assert outbox.publish(GRANTED) == 0
    assert stored.waiting() == []


def test_a_handler_that_is_gone_is_an_error_not_a_loss(db: None) -> None:
    with pytest.raises(EventError):
        outbox.deliver(event=GRANTED.name, handler="tests.gone", data=GRANTED.to_json())


def test_a_delivery_that_fails_is_tried_again() -> None:
    task = app.tasks[outbox.TASK]
    assert task.retry_strategy is outbox.RETRY and outbox.RETRY.max_attempts == 16
