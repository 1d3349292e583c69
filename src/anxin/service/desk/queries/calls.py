"""Calls of an agent, and those that go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max
from django.db.models.functions import Coalesce

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import CustomerRow
from anxin.kernel import masking, vault
from anxin.kernel.actor import Actor
from anxin.service.desk.data import CallNotFound, CallView
from anxin.service.desk.models import Call, Seat
from anxin.service.desk.rules.telephony import CallState


def seat_of(actor: Actor) -> Seat | None:
    actor.require("desk.calls")
    return Seat.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None


def current_call(actor: Actor) -> CallView | None:
    """The call the agent has now, or the last one that is not written up."""
    rows = _own(actor)
    rung = Call.objects.select_related("party").filter(rings__user=actor.user_id) if actor.user_id else ()
    going_on = [one for one in rows if one.state == CallState.ANSWERED or one.direction == "outbound"]
    open_one = next((one for one in (*going_on, *rung) if one.state != CallState.ENDED), None)
    if open_one is not None:
        return replace(_view(open_one), is_mine=open_one.agent_id == actor.user_id)
    found = next((one for one in rows if one.answered_at is not None and one.wrapped_at is None), None)
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


def callers(actor: Actor, call_id: UUID, text: str = "") -> Sequence[CustomerRow]:
    """Who may be calling: customers that fit what was typed, else those with the number. Raises CallNotFound."""
    get_call(actor, call_id)
    row = Call.objects.get(pk=call_id)
    if not text and row.number_sealed is not None:
        text = vault.ring().open(bytes(row.number_sealed), table="desk_call", column="number_sealed", row=row.pk)
    return customers.find_customers(actor, text, permission="desk.record").rows if text else ()


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
        id=row.pk, direction=row.direction, number=number, state=row.state, menu=row.menu, queue=row.queue,
        rang_at=row.rang_at, answered_at=row.answered_at, ended_at=row.ended_at,
        party_id=party.pk if party else None,
        party_ref=party.ref if party else "",
        party_name=party.name if party else "", wrap_code=row.wrap_code, note=row.note, recording=row.recording,
        version=row.version, purpose=row.purpose, ended_why=row.ended_why,
    )  # fmt: skip


def pushed() -> list[tuple[UUID, int]]:
    """Every seat's user and the number of the last news for their screen."""
    return list(Seat.objects.values_list("pk", "pushed"))


def open_calls(system: str) -> dict[str, datetime]:
    """The calls of a telephone system that are filed as going on, and when each was last heard of."""
    rows = Call.objects.filter(system=system, ended_at=None).exclude(state=CallState.ENDED)
    heard = rows.annotate(heard=Coalesce(Max("events__at"), F("rang_at"))).values_list("external_id", "heard")
    return dict(heard)
