"""What this room adds to the timeline: notes, changes of manager, edits of the file."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.book.customers import data
from anxin.book.customers.data import TimelineItem
from anxin.book.customers.models import Custody, Note, Party
from anxin.book.customers.queries import timeline
from anxin.kernel.actor import Actor

_Events: Any = cast(Any, Party).pgh_event_model  # made by keeps_history
_COMPARED: Final = tuple(
    name
    for name in data.FIELD_LABELS
    if name in {field.name for field in Party._meta.get_fields()} - {"unit", "manager"}
)
_SHOWN: Final = 160


def notes(_actor: Actor, party_id: UUID, before: timeline.Place | None, limit: int) -> list[TimelineItem]:
    rows = Note.objects.filter(party=party_id).select_related("author")
    return [
        TimelineItem(
            at=note.created_at, key=f"note:{note.pk}", group="file", icon="notes", level="warn",
            title=_("Note by %(name)s") % {"name": note.author.display_name if note.author else "—"},
            text=note.text[:_SHOWN],
        )
        for note in timeline.older(rows, before, at="created_at", prefix="note:")[:limit]
    ]  # fmt: skip


def custody(_actor: Actor, party_id: UUID, before: timeline.Place | None, limit: int) -> list[TimelineItem]:
    rows = Custody.objects.filter(party=party_id).select_related("manager", "assigned_by")
    return [
        TimelineItem(
            at=one.from_at, key=f"custody:{one.pk}", group="file", icon="user-share", level="info",
            title=_("Customer manager: %(name)s") % {"name": one.manager.display_name},
            text=one.reason,
        )
        for one in timeline.older(rows, before, at="from_at", prefix="custody:")[:limit]
    ]  # fmt: skip


def edits(_actor: Actor, party_id: UUID, before: timeline.Place | None, limit: int) -> list[TimelineItem]:
    """From the history rows: each holds the file as it was before one change."""
    rows = timeline.older(
        _Events.objects.filter(pgh_obj=party_id, pgh_label="update"), before, at="pgh_created_at", prefix="edit:"
    )
    columns = ("pk", "pgh_created_at", "pgh_context__metadata", *_COMPARED)
    olds = list(rows.values(*columns)[:limit])
    if not olds:
        return []
    newer: dict[str, Any] | None = None
    if before is not None:
        newer = _Events.objects.filter(pgh_obj=party_id, pk__gt=olds[0]["pk"]).order_by("pk").values(*_COMPARED).first()
    newer = newer or Party.objects.filter(pk=party_id).values(*_COMPARED).get()
    items = []
    for old in olds:
        changed = [str(gettext_lazy(data.FIELD_LABELS[name])) for name in _COMPARED if old[name] != newer[name]]
        newer = old
        if changed:
            who = (old["pgh_context__metadata"] or {}).get("name") or _("the system")
            items.append(
                TimelineItem(
                    at=old["pgh_created_at"], key=f"edit:{old['pk']:020d}", group="file", icon="pencil", level="",
                    title=_("File changed by %(name)s") % {"name": who}, text=_("、").join(changed),
                )
            )  # fmt: skip
    return items
