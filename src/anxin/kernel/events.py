"""Events between rooms: what happened, in the past tense, and who listens. How they travel (the outbox) is not here.

A room defines `class TicketResolved(Event)` as a frozen dataclass in `events.py`; a room above calls `subscribe` from
its `AppConfig.ready`. Handlers may be called more than once for one event and must not mind.
"""

import dataclasses
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

Plain = str | int | bool | None
Handler = Callable[[Any], None]


class EventError(ValueError):
    """An event that is not known, defined twice, or does not fit its stored form."""


_types: dict[str, type["Event"]] = {}
_handlers: dict[str, list[Handler]] = {}
_field_kinds: dict[str, dict[str, type]] = {}


@dataclass(frozen=True)
class Event:
    """Base of all events. Fields may be UUID, datetime, date, int, bool, str (also StrEnum), each also `| None`."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" not in cls.__dict__:
            cls.name = f"{_room(cls.__module__)}.{cls.__name__}"
        known = _types.get(cls.name)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise EventError(f"Two events are called “{cls.name}”.")
        _types[cls.name] = cls

    def to_json(self) -> dict[str, Plain]:
        """The fields as plain values for a JSON column."""
        kinds = _kinds(type(self))
        return {field: _encode(getattr(self, field), field, kinds[field]) for field in kinds}

    @classmethod
    def from_json(cls, data: dict[str, Plain]) -> Self:
        """The event of stored fields. Fields it no longer has are dropped; missing ones need a default."""
        kinds = _kinds(cls)
        try:
            return cls(**{field: _decode(data[field], kind) for field, kind in kinds.items() if field in data})
        except (TypeError, ValueError) as error:
            raise EventError(f"Stored data do not fit the event “{cls.name}”: {error}") from error


EventT = TypeVar("EventT", bound=Event)


def event_type(name: str) -> type[Event]:
    """The class of an event name; EventError when no such event is defined."""
    try:
        return _types[name]
    except KeyError:
        raise EventError(f"There is no event “{name}”.") from None


def subscribe(kind: type[EventT], handler: Callable[[EventT], None]) -> None:
    """Call `handler` for every event of this type. A second subscription of the same function changes nothing."""
    listening = _handlers.setdefault(kind.name, [])
    if handler_name(handler) not in map(handler_name, listening):
        listening.append(handler)


def handlers_for(name: str) -> tuple[Handler, ...]:
    """Who listens to events of this name, in order of subscription."""
    return tuple(_handlers.get(name, ()))


def handler_name(handler: Callable[..., None]) -> str:
    """A name that stays the same across processes, to note which handler has had which event."""
    return f"{handler.__module__}.{handler.__qualname__}"


def _room(module: str) -> str:
    parts = module.split(".")
    return parts[-2] if len(parts) > 1 and parts[-1] == "events" else parts[-1]


def _kinds(cls: type[Event]) -> dict[str, type]:
    kinds = _field_kinds.get(cls.name)
    if kinds is None:
        hints = typing.get_type_hints(cls)
        kinds = {field.name: _kind(hints[field.name], f"{cls.name}.{field.name}") for field in dataclasses.fields(cls)}
        _field_kinds[cls.name] = kinds
    return kinds


def _kind(hint: Any, where: str) -> type:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        hint = options[0] if len(options) == 1 else None
    if isinstance(hint, type) and issubclass(hint, UUID | date | int | str):
        return hint
    raise EventError(f"{where} has a type that an event cannot carry.")


def _encode(value: Any, field: str, kind: type) -> Plain:
    if value is None:
        return None
    if not isinstance(value, kind):
        raise EventError(f"{field} holds {type(value).__name__}, not {kind.__name__}.")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return value
    return int(value) if isinstance(value, int) else str(value)


def _decode(value: Plain, kind: Any) -> Any:
    if value is None:
        return None
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(str(value))
    # int("7") and str(7) would hide that the stored data are of another shape.
    if issubclass(kind, int) != isinstance(value, int):
        raise TypeError(f"{value!r} is not {kind.__name__}")
    return kind(value)
