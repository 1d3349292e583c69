"""What this room adds to the timeline: notes, changes of manager, edits of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.book.customers import data
from anxin.book.customers.data import TimelineItem
from anxin.book.customers.models import Custody, Note, Party
from anxin.book.customers.queries import timeline
from anxin.kernel.series import listed
from anxin.kernel.statements import Json

_Events: Any = cast(Any, Party).pgh_event_model  # made by keeps_history
_COMPARED: Final = tuple(
    name
    for name in data.FIELD_LABELS
    if name in {field.name for field in Party._meta.get_fields()} - {"unit", "manager"}
)
_SHOWN: Final = 160


def note_rows(party: Any, before: timeline.Place | None, limit: int) -> QuerySet[Any, Any]:
    rows = timeline.older(Note.objects.filter(party=party), before, at="created_at", prefix="note:")
    return rows.values(one=Json("id", "text", at=F("created_at"), by=F("author__display_name")))[:limit]


def notes(rows: Sequence[Mapping[str, Any]]) -> list[TimelineItem]:
    return [
        TimelineItem(
            at=datetime.fromisoformat(row["at"]), key=f"note:{row['id']}", group="file", icon="notes", level="warn",
            title=_("Note by %(name)s") % {"name": row["by"] or "—"}, text=row["text"][:_SHOWN],
        )
        for row in rows
    ]  # fmt: skip


def custody_rows(party: Any, before: timeline.Place | None, limit: int) -> QuerySet[Any, Any]:
    rows = timeline.older(Custody.objects.filter(party=party), before, at="from_at", prefix="custody:")
    return rows.values(one=Json("id", "reason", at=F("from_at"), name=F("manager__display_name")))[:limit]


def custody(rows: Sequence[Mapping[str, Any]]) -> list[TimelineItem]:
    return [
        TimelineItem(
            at=datetime.fromisoformat(row["at"]), key=f"custody:{row['id']}", group="file", icon="user-share",
            level="info", title=_("Customer manager: %(name)s") % {"name": row["name"]}, text=row["reason"],
        )
        for row in rows
    ]  # fmt: skip


def edit_rows(party: Any, before: timeline.Place | None, limit: int) -> QuerySet[Any, Any]:
    """From the history rows: the file as it was before each change; what it became is the next, or now."""
    rows = timeline.older(
        _Events.objects.filter(pgh_obj=party, pgh_label="update"), before, at="pgh_created_at", prefix="edit:"
    )
    later = _Events.objects.filter(pgh_obj=OuterRef("pgh_obj"), pk__gt=OuterRef("pk")).order_by("pk")
    now = Json(**{name: F(f"pgh_obj__{name}") for name in _COMPARED})
    return rows.values(
        one=Json(
            id=F("pk"), at=F("pgh_created_at"), context=F("pgh_context__metadata"), old=Json(*_COMPARED),
            new=Coalesce(Subquery(later.values(one=Json(*_COMPARED))[:1]), now),
        )
    )[:limit]  # fmt: skip


def by_whom(context: Mapping[str, str]) -> str:
    """Who or what made a change, from the context that was stored with it."""
    if name := context.get("name"):
        return name
    if "batch" in context:
        source = context.get("source", "")
        return _("an import from %(source)s") % {"source": source} if source else _("an import")
    return context.get("command") or _("the system")


def edits(rows: Sequence[Mapping[str, Any]]) -> list[TimelineItem]:
    items = []
    for row in rows:
        old, new = row["old"], row["new"]
        changed = [str(gettext_lazy(data.FIELD_LABELS[name])) for name in _COMPARED if old[name] != new[name]]
        if changed:
            who = by_whom(row["context"] or {})
            items.append(
                TimelineItem(
                    at=datetime.fromisoformat(row["at"]), key=f"edit:{row['id']:020d}", group="file", icon="pencil",
                    level="", title=_("File changed by %(name)s") % {"name": who}, text=listed(changed),
                )
            )  # fmt: skip
    return items
