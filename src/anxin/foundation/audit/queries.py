"""Reading the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

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
        # A room by its name, or one deed: `desk.re` is the beginning of several, and asked for by nobody.
        within = f"{wanted.action.rstrip('.')}."
        found = found.filter(Q(action=wanted.action) | Q(action__startswith=within))
    if wanted.kind:
        found = found.filter(object_kind=wanted.kind)
    if wanted.thing:
        ref = wanted.thing.upper()
        found = found.filter(
            Q(object_ref__in=(wanted.thing, ref)) | Q(object_id=wanted.thing) | Q(request_ref=wanted.thing)
        )
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


def last_verified() -> Entry | None:
    """When somebody last went through the chain, and whether it was sound (`detail["is_sound"]`)."""
    return Entry.objects.filter(action="audit.verify").order_by("-id").first()


def count_unsealed(last: Seal | None) -> int:
    """Entries that no seal holds yet; those of the last minutes never are."""
    return Entry.objects.filter(id__gt=last.last_entry if last else 0).count()


@cache
def words(name: str) -> Mapping[str, str]:
    """What all rooms say under `name` in their `data`: DEEDS (`<room>.<verb>`) or THINGS (kinds of objects)."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("anxin.") and find_spec(f"{config.name}.data"):
            found |= getattr(import_module(f"{config.name}.data"), name, {})
    return found


def deed(action: str) -> str:
    """What was done, in the active language; what no room names any more keeps its code."""
    known = words("DEEDS").get(action)
    return gettext(known) if known else action


def thing(kind: str) -> str:
    """The kind of object, in the active language."""
    known = words("THINGS").get(kind)
    return gettext(known) if known else kind


def known_kinds() -> list[tuple[str, str]]:
    """Codes and words of the kinds of objects, each word once, in the order of the rooms."""
    found: dict[str, str] = {}
    for kind in words("THINGS"):
        found.setdefault(thing(kind), kind)
    return [(kind, label) for label, kind in found.items()]
