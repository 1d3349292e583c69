"""The hall of an outlet: who waits, who is served, how long it will take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, Q

from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.desk.data import DutyView, WaitingView
from anxin.service.desk.models import CounterOutlet, CounterTicket, CounterWindow, DutyRecord
from anxin.service.desk.rules import counters
from anxin.service.desk.rules.counters import Side

SHANGHAI = ZoneInfo("Asia/Shanghai")
State = CounterTicket.State


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How an outlet is run: `mode` as somebody set it, `usual` numbers a day, and whom each window calls."""

    mode: str
    usual: float
    is_small: bool
    sides: dict[str, Side]
    is_set: bool


@dataclass(frozen=True, kw_only=True)
class Hall:
    """One outlet today. `expected`: minutes until a number drawn now is called; `is_small`: small-outlet mode."""

    waiting: list[WaitingView]
    serving: list[WaitingView]
    done: int
    missed: int
    rating: float | None
    windows: int
    expected: int
    expected_insiders: int
    long_wait: int
    layout: Layout

    @property
    def is_small(self) -> bool:
        return self.layout.is_small


def services_of(now: datetime) -> list[dict[str, Any]]:
    """Rows of the scheme: code, label_zh, label_en, series, minutes."""
    rows: Any = schemes.active(counters.COUNTERS, on=now.astimezone(SHANGHAI).date()).content["services"]
    return list(rows)


def hall(actor: Actor, unit_id: UUID, *, now: datetime) -> Hall:
    """What the lobby manager sees of an outlet."""
    actor.require("desk.counter")
    day = now.astimezone(SHANGHAI).date()
    content: Any = schemes.active(counters.COUNTERS, on=day).content
    minutes = {row["code"]: row["minutes"] for row in content["services"]}
    today = CounterTicket.objects.filter(unit_id=unit_id, day=day)
    open_rows = today.filter(state__in=[State.WAITING, State.CALLED, State.SERVING]).select_related("teller")
    rows = list(open_rows.order_by("-is_first", "taken_at", "id"))
    waiting = [one for one in rows if one.state == State.WAITING]
    serving = [one for one in rows if one.state != State.WAITING]
    windows = max(1, len({one.window for one in serving}))
    figures = today.aggregate(
        done=Count("id", filter=Q(state=State.DONE)), missed=Count("id", filter=Q(state=State.MISSED)),
        rating=Avg("rating"),
    )  # fmt: skip
    layout = layout_of(unit_id, now=now)
    work = [[minutes.get(one.business, 10) for one in waiting if one.is_internal is inside] for inside in (False, True)]
    if layout.is_small and len(layout.sides) > 1:
        # Windows are apart: each side waits for its own.
        inside = sum(side is Side.INSIDERS for side in layout.sides.values())
        ahead = (
            counters.expected_minutes(work[0], max(1, len(layout.sides) - inside)),
            counters.expected_minutes(work[1], max(1, inside)),
        )
    else:
        shared = counters.expected_minutes([*work[0], *work[1]], windows)
        ahead = (shared, shared)
    return Hall(
        waiting=[_view(one, now) for one in waiting], serving=[_view(one, now) for one in serving],
        done=figures["done"], missed=figures["missed"], rating=figures["rating"], windows=windows,
        expected=ahead[0], expected_insiders=ahead[1], long_wait=content["long_wait"], layout=layout,
    )  # fmt: skip


def layout_of(unit_id: UUID, *, now: datetime) -> Layout:
    """How an outlet is run today. For this room only: asks for no permission."""
    day = now.astimezone(SHANGHAI).date()
    content: Any = schemes.active(counters.COUNTERS, on=day).content
    month = CounterTicket.objects.filter(unit_id=unit_id, day__gte=day - timedelta(days=30), day__lt=day)
    used = month.aggregate(days=Count("day", distinct=True), numbers=Count("id"))
    usual = used["numbers"] / used["days"] if used["days"] else 0
    mode = CounterOutlet.objects.filter(unit=unit_id).values_list("mode", flat=True).first() or CounterOutlet.Mode.AUTO
    small = {"small": True, "full": False}.get(mode, counters.is_small(usual, content["small_below"]))
    rows = CounterWindow.objects.filter(unit=unit_id, is_open=True).order_by("code").values_list("code", "side")
    known = {code: Side(side) for code, side in rows}
    is_set = bool(known)
    if small and all(side is Side.ALL for side in known.values()):
        known = counters.sides_of_small(list(known))
    return Layout(mode=mode, usual=usual, is_small=small, sides=known, is_set=is_set)


def duties(unit_id: UUID, *, now: datetime) -> list[DutyView]:
    """The six duties of the lobby with what was recorded today."""
    day = now.astimezone(SHANGHAI).date()
    rows = DutyRecord.objects.filter(unit=unit_id, day=day).select_related("by").order_by("at", "pk")
    kept: dict[int, list[DutyRecord]] = {}
    for row in rows:
        kept.setdefault(row.duty, []).append(row)
    found = []
    for number, label in enumerate(counters.DUTIES, 1):
        last = kept[number][-1] if number in kept else None
        found.append(
            DutyView(
                number=number, label=label, count=len(kept.get(number, ())), last_at=last.at if last else None,
                by=last.by.display_name if last and last.by else "", note=last.note if last else "",
            )
        )  # fmt: skip
    return found


def own_number(actor: Actor, unit_id: UUID, *, now: datetime) -> WaitingView | None:
    """The number a teller is calling or serving."""
    day = now.astimezone(SHANGHAI).date()
    rows = CounterTicket.objects.filter(unit_id=unit_id, day=day, state__in=[State.CALLED, State.SERVING])
    if actor.user_id is None:
        return None
    found = rows.filter(teller_id=actor.user_id).select_related("teller").order_by("-called_at").first()
    return _view(found, now) if found is not None else None


def label_of(series: str, number: int) -> str:
    return f"{series}{number:03d}"


def _view(row: CounterTicket, now: datetime) -> WaitingView:
    return WaitingView(
        id=row.pk, label=label_of(row.series, row.number), business=row.business, is_internal=row.is_internal,
        is_first=row.is_first, state=row.state, window=row.window, teller=row.teller.display_name if row.teller else "",
        taken_at=row.taken_at, called_at=row.called_at,
        minutes=int(((row.called_at or now) - row.taken_at).total_seconds() // 60), rating=row.rating,
        step=row.step, version=row.version,
    )  # fmt: skip
