"""Calls of an agent, and the figures of the call centre."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from anxin.foundation.org import queries as org
from anxin.kernel import masking, vault
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.service.desk.data import CallNotFound, CallView
from anxin.service.desk.models import Call, Seat
from anxin.service.desk.rules import staffing, telephony
from anxin.service.desk.rules.telephony import CallFacts, Metrics

SHANGHAI = ZoneInfo("Asia/Shanghai")


def seat_of(actor: Actor) -> Seat | None:
    actor.require("desk.calls")
    return Seat.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None


def current_call(actor: Actor) -> CallView | None:
    """The call the agent has now, or the last one that is not written up."""
    rows = _own(actor)
    open_one = next((one for one in rows if one.state != "ended"), None)
    found = open_one or next((one for one in rows if one.answered_at is not None and one.wrapped_at is None), None)
    return _view(found) if found is not None else None


def recent_calls(actor: Actor, *, limit: int = 20) -> list[CallView]:
    return [_view(one) for one in _own(actor)[:limit]]


def get_call(actor: Actor, call_id: UUID) -> CallView:
    """Raises CallNotFound, also for the call of a colleague."""
    actor.require("desk.calls")
    rows = Call.objects.select_related("party").filter(pk=call_id)
    row = rows.filter(agent_id=actor.user_id).first() if actor.user_id is not None else None
    if row is None:
        raise CallNotFound(str(call_id))
    return _view(row)


def _own(actor: Actor) -> list[Call]:
    actor.require("desk.calls")
    if actor.user_id is None:
        return []
    return list(Call.objects.select_related("party").filter(agent_id=actor.user_id).order_by("-rang_at")[:20])


def _view(row: Call) -> CallView:
    number = ""
    if row.number_sealed is not None:
        plain = vault.ring().open(bytes(row.number_sealed), table="desk_call", column="number_sealed", row=row.pk)
        number = masking.mask_phone(plain)
    party = row.party if row.party is not None and row.party.state == "active" else None
    return CallView(
        id=row.pk, direction=row.direction, number=number, state=row.state, menu=row.menu, rang_at=row.rang_at,
        answered_at=row.answered_at, ended_at=row.ended_at, party_id=party.pk if party else None,
        party_ref=party.ref if party else "",
        party_name=party.name if party else "", wrap_code=row.wrap_code, note=row.note, recording=row.recording,
        version=row.version,
    )  # fmt: skip


def measure_day(actor: Actor, day: date) -> tuple[Metrics, list[tuple[time, int, float]]]:
    """Figures of the incoming calls of one day in Shanghai, and by half-hour (begin, calls, seconds of handling).

    Needs `desk.lead`; below scope ALL only calls that agents of one's units took.
    """
    scope = actor.require("desk.lead")
    begins = datetime.combine(day, time(), SHANGHAI)
    rows = Call.objects.filter(direction="inbound", rang_at__gte=begins, rang_at__lt=begins + timedelta(days=1))
    if scope is Scope.UNIT:
        rows = rows.filter(agent_id__in=org.members_within(actor.unit_paths))
    elif scope is not Scope.ALL:
        rows = rows.filter(agent_id__in=org.colleagues_of(actor))
    facts: list[CallFacts] = []
    counted: Counter[time] = Counter()
    handled: Counter[time] = Counter()
    columns = ("rang_at", "answered_at", "ended_at", "wrapped_at", "hold_seconds", "wanted_human")
    for rang, answered, ended, wrapped, hold, wanted in rows.values_list(*columns):
        over = answered or ended
        wait = (over - rang).total_seconds() if over else 0.0
        talk = (ended - answered).total_seconds() if answered and ended else 0.0
        after = (wrapped - ended).total_seconds() if wrapped and ended and answered else 0.0
        fact = CallFacts(
            wanted_human=wanted, answered=answered is not None, wait=max(0.0, wait), talk=max(0.0, talk - hold),
            hold=hold, after_work=max(0.0, after),
        )  # fmt: skip
        facts.append(fact)
        if wanted:
            local = rang.astimezone(SHANGHAI)
            slot = time(local.hour, 30 if local.minute >= 30 else 0)
            counted[slot] += 1
            handled[slot] += int(fact.talk + fact.hold + fact.after_work)
    figures = telephony.measure(facts)
    usual = figures.aht.value or 180.0
    slots = [(slot, counted[slot], handled[slot] / counted[slot] or usual) for slot in sorted(counted)]
    return figures, slots


def staff_needed(slots: list[tuple[time, int, float]], target: staffing.Target) -> list[staffing.HalfHour]:
    return staffing.plan(((begins, float(calls), seconds) for begins, calls, seconds in slots), target)


def pushed() -> list[tuple[UUID, int]]:
    """Every seat's user and the number of the last news for their screen."""
    return list(Seat.objects.values_list("pk", "pushed"))
