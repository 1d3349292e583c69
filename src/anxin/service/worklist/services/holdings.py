"""What work items hold of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F

from anxin.book.customers.queries import merged
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _
from anxin.service.worklist.data import ItemState
from anxin.service.worklist.models import WorkItem, WorkItemMove


def export(party_id: UUID) -> Iterator[Records]:
    """What staff had to do for this customer."""
    rows = WorkItem.objects.filter(party__in=merged.members(party_id)).order_by("due_at", "id")
    yield privacy.records_of(
        "worklist", _("Tasks of staff"), rows,
        labels={"kind": _("Kind"), "title": _("Task"), "state": _("Status"), "due_at": _("Due"),
                "outcome": _("Outcome"), "outcome_note": _("Remark")},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    """Restricted: what is open is cancelled. Erased: what was done stays as a figure."""
    rows = WorkItem.objects.filter(party__in=merged.members(party_id))
    ended = rows.filter(state=ItemState.OPEN).update(
        state=ItemState.CANCELLED, outcome="restricted", finished_at=now, version=F("version") + 1
    )
    if mode is Mode.RESTRICT:
        yield Erased(table="worklist_workitem", blanked=ended)
        return
    keys = list(rows.values_list("pk", flat=True))
    WorkItemMove.objects.filter(item__in=keys).update(why="")
    rows.update(title="", detail={}, outcome_note="")
    privacy.forget_history(WorkItem, keys)
    if keys:
        yield Erased(
            table="worklist_workitem", blanked=len(keys), kept=len(keys),
            why_kept=_("Figures of the business, without anything that says who."),
        )  # fmt: skip


HOLDINGS: Final = Holdings(room="worklist", covers=frozenset({"WorkItem", "WorkItemMove"}), export=export, erase=erase)
