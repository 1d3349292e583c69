"""Numbers at the counters: drawing, calling, serving, rating."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.kernel.words import mark as _
from anxin.service.desk.data import NobodyWaits, NumberNotFound
from anxin.service.desk.models import CounterDay, CounterOutlet, CounterTicket, CounterWindow, DutyRecord
from anxin.service.desk.queries import counters as queries
from anxin.service.desk.rules import counters
from anxin.service.desk.rules.counters import Side

SHANGHAI = ZoneInfo("Asia/Shanghai")
State = CounterTicket.State
MOVES = {
    "call_again": ("called",), "start": ("called",), "miss": ("called",), "step": ("serving",), "finish": ("serving",),
}  # fmt: skip
MOST_WINDOWS = 30


def outlet_of(actor: Actor) -> UUID:
    """The outlet somebody works in: the first of their units. Raises NotPermitted for who has none."""
    actor.require("desk.counter")
    if not actor.unit_ids:
        raise NotPermitted("desk.counter")
    return min(actor.unit_ids)


@transaction.atomic
def draw(
    *, actor: Actor, now: datetime, business: str, is_internal: bool = False, is_first: bool = False,
    party_ref: str = "",
) -> CounterTicket:  # fmt: skip
    """A number for somebody who came in. Raises CustomerNotFound; KeyError for an unknown business."""
    unit_id = outlet_of(actor)
    day = now.astimezone(SHANGHAI).date()
    rows: Any = schemes.active(counters.COUNTERS, on=day).content["services"]
    service = {row["code"]: row for row in rows}[business]
    party = customers.get_party(actor, party_ref, "desk.record") if party_ref else None
    series = counters.series_of(service["series"], is_internal=is_internal)
    CounterDay.objects.bulk_create([CounterDay(unit_id=unit_id, day=day, series=series)], ignore_conflicts=True)
    CounterDay.objects.filter(unit_id=unit_id, day=day, series=series).update(last=F("last") + 1)
    number = CounterDay.objects.values_list("last", flat=True).get(unit_id=unit_id, day=day, series=series)
    return CounterTicket.objects.create(
        unit_id=unit_id, day=day, series=series, number=number, business=business, is_internal=is_internal,
        is_first=is_first, party=party, taken_at=now,
    )  # fmt: skip


@transaction.atomic
def call_next(*, actor: Actor, now: datetime, window: str, side: Side = Side.ALL) -> CounterTicket:
    """Call whoever is next for this window: those who go first, then by waiting. Raises NobodyWaits.

    Rows that another teller is calling just now are passed over: nobody waits for a lock, no number is called twice.
    """
    unit_id = outlet_of(actor)
    layout = queries.layout_of(unit_id, now=now)
    side = counters.side_of(window, layout.sides, small=layout.is_small, wanted=side)
    rows = CounterTicket.objects.filter(unit_id=unit_id, day=now.astimezone(SHANGHAI).date(), state=State.WAITING)
    if side is not Side.ALL:
        rows = rows.filter(is_internal=side is Side.INSIDERS)
    found = rows.order_by("-is_first", "taken_at", "id").select_for_update(skip_locked=True).first()
    if found is None:
        raise NobodyWaits
    found.state, found.window, found.teller_id, found.called_at = State.CALLED, window[:8], actor.user_id, now
    found.version += 1
    found.save(update_fields=["state", "window", "teller", "called_at", "version"])
    return found


@transaction.atomic
def move(*, actor: Actor, now: datetime, ticket_id: UUID, version: int, action: str) -> CounterTicket:
    """Start to serve, miss, finish, or call again. Raises NumberNotFound, IllegalTransition, StaleState."""
    row = _one(actor, ticket_id)
    if action not in MOVES or row.state not in MOVES[action]:
        raise IllegalTransition(row.state, action, [name for name, states in MOVES.items() if row.state in states])
    told: dict[str, dict[str, Any]] = {
        "call_again": {"called_at": now},
        "start": {"state": State.SERVING, "started_at": now, "step": 2},
        "step": {"step": counters.step_after(row.step)},
        "miss": {"state": State.MISSED, "finished_at": now},
        "finish": {"state": State.DONE, "finished_at": now, "step": len(counters.STEPS)},
    }
    changed = CounterTicket.objects.filter(pk=row.pk, version=version).update(**told[action], version=F("version") + 1)
    row.refresh_from_db()
    if not changed:
        raise StaleState(row.state, row.version, row.teller.display_name if row.teller else None, now)
    return row


@transaction.atomic
def rate(*, actor: Actor, ticket_id: UUID, rating: int) -> None:
    """What the customer said of the service, 1 to 5, once. Raises NumberNotFound, ValueError."""
    if not 1 <= rating <= 5:
        raise ValueError("A rating lies between 1 and 5.")
    row = _one(actor, ticket_id)
    CounterTicket.objects.filter(pk=row.pk, rating=None, state__in=[State.SERVING, State.DONE]).update(rating=rating)


@transaction.atomic
def set_up(*, actor: Actor, now: datetime, mode: str, windows: Mapping[str, Side]) -> None:
    """How the outlet is run and which windows it has. Raises NotPermitted; Rejected for windows that cannot be."""
    actor.require("desk.lobby")
    unit_id = outlet_of(actor)
    if mode not in CounterOutlet.Mode.values:
        raise Rejected("mode", _("Choose how the outlet is run."))
    codes = [code.strip() for code in windows]
    if len(codes) > MOST_WINDOWS or any(not 1 <= len(code) <= 8 for code in codes):
        raise Rejected("windows", _("A window has a short number."))
    CounterOutlet.objects.update_or_create(unit_id=unit_id, defaults={"mode": mode})
    CounterWindow.objects.filter(unit_id=unit_id).exclude(code__in=codes).delete()
    CounterWindow.objects.bulk_create(
        [CounterWindow(unit_id=unit_id, code=code.strip(), side=side) for code, side in windows.items()],
        update_conflicts=True, unique_fields=["unit", "code"], update_fields=["side"],
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="desk.set_up_counters", object_kind="unit", object_id=unit_id, object_ref="",
        detail={"mode": mode, "windows": len(codes)},
    )  # fmt: skip


def see_to(*, actor: Actor, now: datetime, duty: int, note: str = "") -> None:
    """One of the six duties of the lobby was seen to. In a small outlet, without a lobby manager, tellers do it.
    Raises ValueError, NotPermitted."""
    unit_id = outlet_of(actor)
    if not 1 <= duty <= len(counters.DUTIES):
        raise ValueError("There are six duties.")
    DutyRecord.objects.create(
        unit_id=unit_id, day=now.astimezone(SHANGHAI).date(), duty=duty, at=now, by_id=actor.user_id,
        note=note.strip()[:200],
    )  # fmt: skip


def _one(actor: Actor, ticket_id: UUID) -> CounterTicket:
    actor.require("desk.counter")
    found = CounterTicket.objects.filter(pk=ticket_id, unit_id__in=org.units_within(actor.unit_paths)).first()
    if found is None:
        raise NumberNotFound(str(ticket_id))
    return found


def check_number(*, actor: Actor, ticket_id: UUID) -> None:
    """Raises NumberNotFound for what is not of the actor's outlets."""
    _one(actor, ticket_id)
