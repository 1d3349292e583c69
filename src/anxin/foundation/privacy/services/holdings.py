"""What each room holds of a person: how it is handed out, restricted and erased, and what forbids erasing it.

Every room registers once, from `AppConfig.ready`. The composition (which person, when, who decided) belongs to a room
above; this one only knows a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pghistory.models
from django.apps import apps
from django.db import models

from anxin.foundation.privacy.data import Erased, Hold, Holdings, Mode, Plain, Records

_rooms: dict[str, Holdings] = {}


def register_room(holdings: Holdings) -> None:
    """Say what a room holds of a person; from `AppConfig.ready`. One registration for each room."""
    if _rooms.setdefault(holdings.room, holdings) != holdings:
        raise ValueError(f"The room {holdings.room!r} is registered twice.")


def registered_rooms() -> Mapping[str, Holdings]:
    return dict(_rooms)


def export_holdings(party_id: UUID) -> Iterator[tuple[str, Records]]:
    """Everything held of a person, room by room, in clear: for the person alone, or whoever may act for them."""
    for room, holdings in _rooms.items():
        if holdings.export is not None:
            for records in holdings.export(party_id):
                yield room, records


def find_holds(party_ids: Sequence[UUID]) -> dict[UUID, list[Hold]]:
    """What forbids erasing each of these people. Whether the time is over is judged by the scheme of whoever asks."""
    found: dict[UUID, list[Hold]] = {key: [] for key in party_ids}
    for holdings in _rooms.values():
        if holdings.holds is not None:
            for key, holds in holdings.holds(party_ids).items():
                found[key] += holds
    return found


def erase_holdings(party_id: UUID, mode: Mode, *, now: datetime) -> list[tuple[str, Erased]]:
    """Let every room restrict or erase, in the caller's transaction; the rooms above before those they stand on."""
    done = []
    # Registered from the ground up, as the apps are: what points at a row goes before the row.
    for room, holdings in reversed(_rooms.items()):
        if holdings.erase is not None:
            done += [(room, one) for one in holdings.erase(party_id, mode, now)]
    return done


def missing_models(found: Iterable[type[models.Model]], personal: Mapping[str, set[str]]) -> list[str]:
    """Models that hold something of a person and that no room answers for.

    A model holds something of a person when it has a foreign key to Party, or a column that its room's register calls
    personal (`personal`: app label → model names).
    """
    bad = []
    for model in found:
        if issubclass(model, pghistory.models.Event):
            continue
        label, name = model._meta.app_label, model.__name__
        holdings = _rooms.get(label)
        if holdings is not None and (name in holdings.covers or name in holdings.keeps):
            continue
        points = any(_is_party(field.related_model) for field in model._meta.local_concrete_fields if field.is_relation)
        if points or name in personal.get(label, set()):
            bad.append(f"{label}.{name}")
    return bad


def _is_party(model: Any) -> bool:
    return model is not None and not isinstance(model, str) and model._meta.label == "customers.Party"


def records_of(
    code: str, title: str, rows: models.QuerySet[Any], *, labels: Mapping[str, str],
    words: Mapping[str, Mapping[Any, str]] | None = None, limit: int = 100_000,
) -> Records:  # fmt: skip
    """The rows of a query as records: `labels` maps column (or path) → English, marked label, in that order; `words`
    column → what its codes are called."""
    return Records(
        code=code,
        title=title,
        labels=labels,
        rows=tuple({name: plain(row[name]) for name in labels} for row in rows.values(*labels)[:limit]),
        words=words or {},
    )


def plain(value: object) -> Plain:
    """A stored value as one that JSON and a page can carry."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {plain(inner)}" for name, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return ", ".join(str(plain(one)) for one in value)
    if isinstance(value, UUID | Decimal | float):
        return str(value)
    raise TypeError(f"A value of type {type(value).__name__} cannot be handed out.")


def history_of(model: type[models.Model]) -> models.QuerySet[Any] | None:
    """The rows of the history table that pghistory keeps beside `model`, if it keeps one."""
    event = getattr(model, "pgh_event_model", None)
    return None if event is None else event.objects.all()


def forget_history(model: type[models.Model], keys: Iterable[UUID]) -> int:
    """Delete what the history table still says of these rows; returns how many. Erasing a row writes history, too:
    call it last."""
    rows = history_of(model)
    return 0 if rows is None else rows.filter(pgh_obj_id__in=list(keys)).delete()[0]


def remove_rows(model: type[models.Model], rows: models.QuerySet[Any]) -> int:
    """Delete these rows of `model` and what its history says of them; returns how many. For `erase`."""
    keys = list(rows.values_list("pk", flat=True))
    if keys:
        model._default_manager.filter(pk__in=keys).delete()
        forget_history(model, keys)
    return len(keys)


def first_party_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("anxin.")]
