"""Messages of the telephone system, seats of agents, notes about calls."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Func, TextField, Value
from django.utils.crypto import salted_hmac

from anxin.book.customers import queries as customers
from anxin.foundation.audit import services as audit
from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import phones
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.states import StaleState
from anxin.service.desk.data import BadSignature, CallNotFound, CtiEvent
from anxin.service.desk.models import Call, CallEvent, Seat, Touchpoint
from anxin.service.desk.rules import telephony
from anxin.service.desk.rules.telephony import AgentState, CallState, Happening

CHANNEL = "anxin_screens"
SIGNED_FOR = timedelta(minutes=5)


def secret_of(system: str) -> str:
    """The secret a telephone system signs with; follows from the key of the instance, stored nowhere."""
    return str(salted_hmac("anxin.service.desk.cti", system, algorithm="sha256").hexdigest())


def check_signature(*, system: str, timestamp: str, body: bytes, signature: str, now: datetime) -> None:
    """Raises BadSignature unless `signature` is HMAC-SHA256 of `timestamp.body` and not older than five minutes."""
    made = hmac.new(secret_of(system).encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not timestamp.isdecimal() or not hmac.compare_digest(made, signature.lower()):
        raise BadSignature
    if abs(now.timestamp() - int(timestamp)) > SIGNED_FOR.total_seconds():
        raise BadSignature


@transaction.atomic
def take_event(*, actor: Actor, now: datetime, event: CtiEvent) -> UUID:
    """Take a message once; returns the call. Messages may come twice, late and in any order."""
    actor.require("desk.cti")
    happening = Happening(event.kind)
    seat = Seat.objects.filter(extension=event.extension).first() if event.extension else None
    call = _call(event, seat)
    call = Call.objects.select_for_update().get(pk=call.pk)
    try:
        with transaction.atomic():
            CallEvent.objects.create(
                system=event.system, event_id=event.event_id, kind=event.kind, call=call, at=event.at, received_at=now
            )
    except IntegrityError:
        return call.pk
    before = CallState(call.state)
    call.state = telephony.after(before, happening)
    if happening is Happening.RINGING:
        call.rang_at = event.at
    elif happening is Happening.ANSWERED:
        call.answered_at = event.at
    elif happening is Happening.ENDED:
        call.ended_at, call.hold_seconds = event.at, event.hold_seconds
    if event.recording:
        call.recording = event.recording[:200]
    # Only one who answers, or is rung before anybody did, has the call: a transfer rings elsewhere first.
    is_first_ring = happening is Happening.RINGING and call.answered_at is None
    if seat is not None and (happening is Happening.ANSWERED or is_first_ring):
        call.agent_id = seat.pk
    call.version += 1
    call.save()
    if call.agent_id is not None:
        _move_seat(call, happening, now)
        _push(call.agent_id)
    return call.pk


def _call(event: CtiEvent, seat: Seat | None) -> Call:
    found = Call.objects.filter(system=event.system, external_id=event.call_id).first()
    if found is not None:
        return found
    key = uuid7()
    number = phones.normalise_phone(event.number).normalised if event.number else None
    sealed = vault.ring().seal(number, table="desk_call", column="number_sealed", row=key) if number else None
    try:
        with transaction.atomic():
            return Call.objects.create(
                id=key, system=event.system, external_id=event.call_id, direction=event.direction,
                number_sealed=sealed, party_id=_party(number) if number else None,
                agent_id=seat.pk if seat is not None else None, menu=list(event.menu)[:20],
                wanted_human=event.wanted_human, state=CallState.RINGING, rang_at=event.at,
            )  # fmt: skip
    except IntegrityError:
        return Call.objects.get(system=event.system, external_id=event.call_id)


def _party(number: str) -> UUID | None:
    """The customer with this number, when there is exactly one."""
    found = customers.find_customers(Actor.system("telephone"), number, limit=2, extras=())
    return found.rows[0].id if len(found.rows) == 1 else None


def _move_seat(call: Call, happening: Happening, now: datetime) -> None:
    seat = Seat.objects.select_for_update().filter(pk=call.agent_id).first()
    if seat is None:
        return
    busy = Call.objects.filter(agent_id=seat.pk, state=CallState.ANSWERED).exclude(pk=call.pk).exists()
    state = telephony.agent_after(AgentState(seat.state), happening, has_other_call=busy)
    if state != seat.state:
        Seat.objects.filter(pk=seat.pk).update(state=state, since=now)


def _push(user_id: UUID) -> None:
    """Tell every web process, at the commit, that this agent's screen has something new."""
    Seat.objects.filter(pk=user_id).update(pushed=F("pushed") + 1)
    pushed = Seat.objects.values_list("pushed", flat=True).get(pk=user_id)
    notify = Func(Value(CHANNEL), Value(f"{user_id.hex}:{pushed}"), function="pg_notify", output_field=TextField())
    Seat.objects.filter(pk=user_id).annotate(told=notify).values_list("told").first()


@transaction.atomic
def sit_down(*, actor: Actor, now: datetime, extension: str) -> None:
    """Take a telephone; whoever sat there before has none any more."""
    actor.require("desk.calls")
    if actor.user_id is None:
        return
    Seat.objects.filter(extension=extension).exclude(pk=actor.user_id).delete()
    Seat.objects.update_or_create(
        user_id=actor.user_id, defaults={"extension": extension, "state": AgentState.AVAILABLE, "since": now}
    )


@transaction.atomic
def set_state(*, actor: Actor, now: datetime, state: AgentState) -> None:
    """Available, on a break or gone. Ignored during a call: that state only ends with it."""
    actor.require("desk.calls")
    if state not in telephony.SELECTABLE or actor.user_id is None:
        return
    rows = Seat.objects.filter(pk=actor.user_id).exclude(state=AgentState.ON_CALL)
    if rows.update(state=state, since=now):
        _push(actor.user_id)


@transaction.atomic
def wrap_up(
    *, actor: Actor, now: datetime, call_id: UUID, version: int, code: str, note: str, party_ref: str = ""
) -> None:
    """Write down what a call was about; with a customer it becomes a contact in the file. The agent is free again.

    Raises CallNotFound, CustomerNotFound, StaleState.
    """
    actor.require("desk.calls")
    if actor.user_id is None:
        raise CallNotFound(str(call_id))
    call = Call.objects.filter(pk=call_id, agent_id=actor.user_id).first()
    if call is None:
        raise CallNotFound(str(call_id))
    party = customers.get_party(actor, party_ref, "desk.record") if party_ref else None
    changed = Call.objects.filter(pk=call.pk, version=version).update(
        wrap_code=code, note=note.strip()[:500], wrapped_at=now, version=F("version") + 1,
        party_id=party.pk if party is not None else call.party_id,
    )  # fmt: skip
    if not changed:
        seen = Call.objects.get(pk=call.pk)
        raise StaleState(seen.state, seen.version, None, seen.wrapped_at or seen.rang_at)
    holder = party.pk if party is not None else call.party_id
    if holder is not None:
        _note_contact(call, holder, actor, code, note)
    busy = Call.objects.filter(agent_id=actor.user_id, state=CallState.ANSWERED).exists()
    Seat.objects.filter(pk=actor.user_id, state=AgentState.WRAP_UP).update(
        state=AgentState.ON_CALL if busy else AgentState.AVAILABLE, since=now
    )
    audit.record(
        actor=actor, now=now, action="desk.wrap_up", object_kind="call", object_id=call.pk, detail={"code": code}
    )


def _note_contact(call: Call, party_id: UUID, actor: Actor, code: str, note: str) -> None:
    seconds = None
    if call.answered_at is not None and call.ended_at is not None:
        seconds = max(0, int((call.ended_at - call.answered_at).total_seconds()))
    Touchpoint.objects.update_or_create(
        source="call", source_key=str(call.pk),
        defaults={
            "party_id": party_id, "channel": "phone", "direction": call.direction, "at": call.rang_at,
            "duration_seconds": seconds, "topic": code[:60], "summary": note.strip()[:500],
            "result": "solved" if call.answered_at else "not_reached", "staff_id": actor.user_id,
        },
    )  # fmt: skip
