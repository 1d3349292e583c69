"""Reading the trail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from anxin.foundation.audit import access
from anxin.foundation.audit.data import EntryFilter
from anxin.foundation.audit.models import Entry, Seal
from anxin.kernel.actor import Actor

ZONE = ZoneInfo("Asia/Shanghai")


def list_entries(actor: Actor, wanted: EntryFilter, *, permission: str = "audit.view") -> QuerySet[Entry]:
    """Entries within reach that fit every filter given."""
    found = access.visible_entries(actor, permission)
    if wanted.who:
        found = found.filter(actor_name__icontains=wanted.who)
    if wanted.action:
        found = found.filter(action__startswith=wanted.action)
    if wanted.thing:
        found = found.filter(Q(object_ref=wanted.thing) | Q(object_id=wanted.thing) | Q(request_ref=wanted.thing))
    if wanted.first:
        found = found.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        found = found.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def known_actions() -> list[str]:
    """Every action that was ever recorded, by a jump from one to the next in the index."""
    actions: list[str] = []
    newest = Entry.objects.order_by("action").values_list("action", flat=True).first()
    while newest:
        actions.append(newest)
        newest = Entry.objects.filter(action__gt=newest).order_by("action").values_list("action", flat=True).first()
    return actions


def rows_for_export(actor: Actor, wanted: EntryFilter, *, limit: int) -> Iterator[Entry]:
    """Newest first, at most `limit`; needs `audit.export`."""
    return list_entries(actor, wanted, permission="audit.export").order_by("-id")[:limit].iterator(chunk_size=2_000)


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-sequence").first()
