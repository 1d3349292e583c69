"""Contacts with one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from anxin.book.customers import queries as customers
from anxin.book.customers.data import TimelineItem
from anxin.book.customers.queries import timeline
from anxin.kernel.actor import Actor
from anxin.kernel.statements import Json
from anxin.service.desk import data
from anxin.service.desk.data import TouchpointItem
from anxin.service.desk.models import Touchpoint, TouchpointFile

MOST: Final = 50
_COLUMNS: Final = (
    "id", "at", "channel", "direction", "topic", "summary", "result", "next_step", "next_at", "stage",
    "duration_seconds", "satisfaction",
)  # fmt: skip


def touchpoints_of(actor: Actor, ref: str, *, limit: int = MOST) -> list[TouchpointItem]:
    """The latest contacts, newest first. Raises NotPermitted and CustomerNotFound."""
    rows = select_touchpoints(actor, ref).order_by("-at", "-id")
    return items_of(list(rows[: min(limit, MOST)]))


def select_touchpoints(actor: Actor, ref: str, *, channel: str = "") -> QuerySet[Any, Any]:
    """The rows of one customer in no order yet: the edge pages them (by `-at, -id`: the index), `items_of` makes them
    what a page shows. Raises NotPermitted and CustomerNotFound."""
    party = customers.get_party(actor, ref, "desk.view")
    rows = Touchpoint.objects.filter(party=party.pk)
    if channel:
        rows = rows.filter(channel=channel)
    found: QuerySet[Any, Any] = rows.values(*_COLUMNS, "staff__display_name")
    return found


def channels_of(actor: Actor, ref: str) -> list[str]:
    """The channels on which there was contact with a customer. Raises NotPermitted and CustomerNotFound."""
    party = customers.get_party(actor, ref, "desk.view")
    used = set(Touchpoint.objects.filter(party=party.pk).order_by().values_list("channel", flat=True).distinct())
    return [code for code in (*data.CHANNELS, *sorted(used - set(data.CHANNELS))) if code in used]


def items_of(rows: Sequence[Mapping[str, Any]]) -> list[TouchpointItem]:
    """Rows with their files, in one query for all of them. For this room only: asks for no permission."""
    files: dict[UUID, list[tuple[UUID, str]]] = {}
    kept = TouchpointFile.objects.filter(touchpoint__in=[row["id"] for row in rows], document_id__isnull=False)
    for of, key, name in kept.order_by("added_at", "pk").values_list("touchpoint_id", "pk", "name"):
        files.setdefault(of, []).append((key, name))
    return [
        TouchpointItem(
            **{name: row[name] for name in _COLUMNS}, staff=row["staff__display_name"] or "",
            files=files.get(row["id"], ()),
        )
        for row in rows
    ]  # fmt: skip


def rows(party: Any, before: timeline.Place | None = None, limit: int = 20) -> QuerySet[Any, Any]:
    """The latest contacts with a customer, for the file and its timeline."""
    found = timeline.older(Touchpoint.objects.filter(party=party), before, at="at", prefix="contact:")
    return found.values(
        one=Json(
            "id", "at", "channel", "direction", "topic", "summary", "result", "next_step",
            by=F("staff__display_name"),
        )
    )[:limit]  # fmt: skip


def section(found: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """For the file as JSON: the last twenty contacts."""
    return [
        {name: row[name] for name in ("at", "channel", "direction", "topic", "summary", "result")}
        for row in found["latest"]
    ]


def happenings(rows: Sequence[Mapping[str, Any]]) -> list[TimelineItem]:
    items = []
    for row in rows:
        word, icon = data.CHANNELS.get(row["channel"], (row["channel"], "message-2"))
        if row["channel"] == "phone":
            icon = "phone-incoming" if row["direction"] == "inbound" else "phone-outgoing"
        title = " · ".join(part for part in (_(word), row["topic"]) if part)
        text = " · ".join(part for part in (row["summary"], row["next_step"], row["by"]) if part)
        items.append(
            TimelineItem(
                at=datetime.fromisoformat(row["at"]), key=f"contact:{row['id']}", group="contact", icon=icon,
                level="info" if row["direction"] == "inbound" else "ok", title=title, text=text,
            )
        )  # fmt: skip
    return items


def check_reach(actor: Actor, ref: str, permission: str) -> None:
    """Raises NotPermitted and CustomerNotFound."""
    customers.get_party(actor, ref, permission)
