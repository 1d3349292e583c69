"""The history of a file with its causes (A19): what stood there, what stands there now, who changed it and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from anxin.book.customers import access, data
from anxin.book.customers.models import Party
from anxin.kernel.actor import Actor

MOST: Final = 60
_Events: Any = cast(Any, Party).pgh_event_model  # made by keeps_history
_COMPARED: Final = tuple(
    name
    for name in data.FIELD_LABELS
    if name in {field.name for field in Party._meta.get_fields()} - {"unit", "manager"}
)
_MASKED: Final = frozenset({"birth_date", "annual_income_fen"})


@dataclass(frozen=True, kw_only=True)
class Change:
    """One value that changed. Sensitive values are masked on both sides."""

    at: datetime
    who: str
    cause: str
    field: str
    before: str
    after: str


def changes_of(actor: Actor, ref: str) -> list[Change]:
    """The latest first, at most sixty. Two queries. Raises CustomerNotFound."""
    party = access.get_party(actor, ref)
    columns = ("pk", "pgh_created_at", "pgh_context__metadata", *_COMPARED)
    olds = list(_Events.objects.filter(pgh_obj=party.pk, pgh_label="update").order_by("-pk").values(*columns)[:MOST])
    newer: Mapping[str, Any] = {name: getattr(party, name) for name in _COMPARED}
    found: list[Change] = []
    for old in olds:
        context = old["pgh_context__metadata"] or {}
        found += [
            Change(
                at=old["pgh_created_at"], who=context.get("name", ""), cause=context.get("cause", ""), field=name,
                before=_shown(name, old[name]), after=_shown(name, newer[name]),
            )
            for name in _COMPARED
            if old[name] != newer[name]
        ]  # fmt: skip
        newer = old
    return found[:MOST]


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name in _MASKED:
        return access.shown(name, value if isinstance(value, date) else str(value))
    return str(value)
