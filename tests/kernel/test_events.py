import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import pytest

from anxin.kernel import events
from anxin.kernel.events import Event, EventError


class Why(StrEnum):
    PAID = "paid"


@dataclass(frozen=True)
class PolicyLapsed(Event):
    policy: UUID
    on: date
    noticed_at: datetime
    fen: int
    why: Why
    note: str | None = None
    is_final: bool = False


@dataclass(frozen=True)
class Named(Event):
    name: ClassVar[str] = "sample.named"
    count: int


LAPSED = PolicyLapsed(UUID(int=7), date(2026, 2, 28), datetime(2026, 3, 1, 8, tzinfo=UTC), -5, Why.PAID, None, True)


@pytest.fixture(autouse=True)
def _no_one_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_handlers", {})


def test_an_event_survives_json() -> None:
    stored = json.loads(json.dumps(LAPSED.to_json()))
    again = events.event_type(PolicyLapsed.name).from_json(stored)
    assert again == LAPSED
    assert isinstance(again, PolicyLapsed)
    assert again.why is Why.PAID
    assert again.is_final is True


def test_an_event_is_named_after_its_room() -> None:
    assert PolicyLapsed.name == "test_events.PolicyLapsed"
    assert events._room("anxin.service.desk.events") == "desk"
    assert Named.name == "sample.named"


def test_listeners_are_called_in_order_and_only_once() -> None:
    def first(event: Named) -> None: ...
    def second(event: Named) -> None: ...

    for handler in (first, second, first):
        events.subscribe(Named, handler)
    assert events.handlers_for("sample.named") == (first, second)
    assert events.handlers_for("sample.other") == ()
    assert events.handler_name(first).endswith("first")


def test_fields_of_older_and_newer_releases_are_read() -> None:
    stored = LAPSED.to_json()
    del stored["note"], stored["is_final"]
    stored["dropped"] = "x"
    assert PolicyLapsed.from_json(stored).is_final is False


@pytest.mark.parametrize(
    "change", [{"fen": "12"}, {"policy": "x"}, {"on": "2026-02-30"}, {"why": "unknown"}, {"policy": 7}]
)
def test_stored_data_of_another_shape_are_refused(change: dict[str, str | int]) -> None:
    with pytest.raises(EventError, match="PolicyLapsed"):
        PolicyLapsed.from_json({**LAPSED.to_json(), **change})
    with pytest.raises(EventError):
        PolicyLapsed.from_json({})


def test_a_field_that_does_not_hold_its_type_is_not_stored() -> None:
    with pytest.raises(EventError, match="count"):
        Named("many").to_json()  # type: ignore[arg-type]


def test_a_name_belongs_to_one_event() -> None:
    with pytest.raises(EventError, match="Two events"):
        type("Other", (Event,), {"name": "sample.named", "__module__": __name__})
    with pytest.raises(EventError, match="no event"):
        events.event_type("sample.unknown")


def test_a_type_that_cannot_travel_is_refused() -> None:
    @dataclass(frozen=True)
    class Weighed(Event):
        kilos: float

    with pytest.raises(EventError, match="kilos"):
        Weighed(1.5).to_json()
