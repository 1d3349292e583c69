"""Messages of the telephone system, seats of agents, notes about calls."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.crypto import salted_hmac

from anxin.book.customers import queries as customers
from anxin.foundation.audit import services as audit
from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import phones
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.states import StaleState
from anxin.service.desk.data import BadSignature, CallNotFound, CtiEvent, UnknownCode
from anxin.service.desk.models import Call, CallEvent, Ring, Seat, SeatSpell, Touchpoint
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import calling, telephony
from anxin.service.desk.rules.telephony import AgentState, CallState, Happening
from anxin.service.desk.services import pausing

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
    call = _call(event, seat, happening)
    call = Call.objects.select_for_update().get(pk=call.pk)
    try:
        with transaction.atomic():
            CallEvent.objects.create(
                system=event.system, event_id=event.event_id, kind=event.kind, call=call, at=event.at, received_at=now,
                wanted_human=event.wanted_human,
            )  # fmt: skip
    except IntegrityError:
        return call.pk
    before = call.agent_id
    over = _rings(call, event, seat, happening)
    _put_down(call, event, happening)
    # Only one who answers, or is rung before anybody did, has the call: a transfer rings elsewhere first.
    is_first_ring = happening is Happening.RINGING and call.answered_at is None
    if seat is not None and (happening is Happening.ANSWERED or is_first_ring):
        call.agent_id = seat.pk
    call.version += 1
    call.save()
    _tell_seats(call, {before} | over, happening, now)
    return call.pk


def _tell_seats(call: Call, others: set[UUID | None], happening: Happening, now: datetime) -> None:
    """Move the seat that has the call, and those it rang or was at before; their screens show it, or no more."""
    others -= {None, call.agent_id}
    users = sorted({*others, call.agent_id} - {None}, key=str)
    if len(users) > 1:
        # In one order, so that two calls that ring the same agents never wait for one another in a circle.
        list(Seat.objects.select_for_update().filter(pk__in=users).order_by("pk"))
    for user_id in users:
        # Somebody else has it now: who had it is free to write it up.
        if user_id is not None:
            _move_seat(user_id, call, Happening.ENDED if user_id in others else happening, now)
            push(user_id)


def _rings(call: Call, event: CtiEvent, seat: Seat | None, happening: Happening) -> set[UUID | None]:
    """Keep whose telephones ring. Returns those that ring no more."""
    rows = Ring.objects.filter(call=call)
    if happening is Happening.RINGING and seat is not None:
        if call.answered_at is None and call.state != CallState.ENDED:
            Ring.objects.get_or_create(call=call, user_id=seat.pk, defaults={"at": event.at})
        return set()
    if happening is Happening.UNANSWERED:
        rows = rows.filter(user=seat.pk if seat is not None else None)
    elif happening not in {Happening.ANSWERED, Happening.ENDED}:
        return set()
    users: set[UUID | None] = set(rows.values_list("user_id", flat=True))
    rows.delete()
    return users


@transaction.atomic
def close(*, now: datetime, call_id: UUID, at: datetime, version: int, why: str) -> bool:
    """End a call of which no end was told, as of when it was last heard of, saying why (`data.ENDED_WHY`). False when
    something was told meanwhile."""
    call = Call.objects.select_for_update().filter(pk=call_id, version=version, ended_at=None).first()
    if call is None:
        return False
    over: set[UUID | None] = set(Ring.objects.filter(call=call).values_list("user_id", flat=True))
    Ring.objects.filter(call=call).delete()
    call.state, call.ended_at, call.is_end_seen, call.ended_why = CallState.ENDED, at, False, why
    call.version += 1
    call.save()
    _tell_seats(call, over, Happening.ENDED, now)
    return True


def _put_down(call: Call, event: CtiEvent, happening: Happening) -> None:
    """What a message says of its call; the earliest moment of each kind counts, and the longest path."""
    call.state = telephony.after(CallState(call.state), happening)
    if happening is not Happening.RECORDING:
        call.rang_at = min(call.rang_at, event.at)
    if happening in {Happening.QUEUED, Happening.RINGING}:
        call.asked_at = min(call.asked_at or event.at, event.at)
    if happening is Happening.ANSWERED:
        call.answered_at = min(call.answered_at or event.at, event.at)
    if happening is Happening.ENDED and (call.ended_at is None or (event.is_witnessed and not call.is_end_seen)):
        call.ended_at, call.is_end_seen, call.hold_seconds = event.at, event.is_witnessed, event.hold_seconds
        call.ended_why = ""
    call.queue = event.queue[:40] or call.queue
    if len(event.menu) > len(call.menu):
        call.menu = list(event.menu)[:20]
    if event.recording:
        call.recording = event.recording[:200]
    told = list(call.events.values_list("kind", "wanted_human"))
    said = [word for _kind, word in told if word is not None]
    call.wanted_human = telephony.wanted_human({kind for kind, _word in told}, all(said) if said else None)


def _call(event: CtiEvent, seat: Seat | None, happening: Happening) -> Call:
    found = Call.objects.filter(system=event.system, external_id=event.call_id).first()
    if found is not None:
        if found.number_sealed is None and event.number:
            _number_learnt(found, event.number)
        return found
    key = uuid7()
    number = phones.normalise_phone(event.number).normalised if event.number else None
    try:
        with transaction.atomic():
            return Call.objects.create(
                id=key, system=event.system, external_id=event.call_id, direction=event.direction,
                number_sealed=_sealed(number, key), party_id=_party(number) if number else None,
                agent_id=seat.pk if seat is not None else None, menu=list(event.menu)[:20],
                state=telephony.after(None, happening), rang_at=event.at,
            )  # fmt: skip
    except IntegrityError:
        return Call.objects.get(system=event.system, external_id=event.call_id)


def _number_learnt(call: Call, text: str) -> None:
    number = phones.normalise_phone(text).normalised
    if number:
        changes = {"number_sealed": _sealed(number, call.pk), "party_id": call.party_id or _party(number)}
        Call.objects.filter(pk=call.pk, number_sealed=None, wrapped_at=None).update(**changes)


def _sealed(number: str | None, key: UUID) -> bytes | None:
    return vault.ring().seal(number, table="desk_call", column="number_sealed", row=key) if number else None


def _party(number: str) -> UUID | None:
    """The customer with this number, when there is exactly one."""
    found = customers.find_customers(Actor.system("telephone"), number, limit=2, extras=())
    return found.rows[0].id if len(found.rows) == 1 else None


def _move_seat(user_id: UUID, call: Call, happening: Happening, now: datetime) -> None:
    if happening not in {Happening.ANSWERED, Happening.ENDED}:
        return  # nothing else moves a seat, and a ringing telephone is in a hurry
    if happening is Happening.ANSWERED and call.state == CallState.ENDED:
        return  # told late: no end would come any more to free the seat
    seat = Seat.objects.select_for_update().filter(pk=user_id).first()
    if seat is None:
        return
    busy = Call.objects.filter(agent_id=user_id, state=CallState.ANSWERED).exclude(pk=call.pk).exists()
    state = telephony.agent_after(AgentState(seat.state), happening, has_other_call=busy)
    if state != seat.state:
        _seat_is(user_id, state, now)


def _seat_is(user_id: UUID, state: AgentState, now: datetime) -> None:
    """The seat changes its state, and how long it was in the one before is kept: occupancy is counted from it."""
    Seat.objects.filter(pk=user_id).update(state=state, since=now)
    SeatSpell.objects.filter(user_id=user_id, ended_at=None).update(ended_at=now)
    SeatSpell.objects.create(user_id=user_id, state=state, began_at=now)
    extension = Seat.objects.filter(pk=user_id).values_list("extension", flat=True).first()
    if extension and state != AgentState.ON_CALL:
        pausing.changed(extension)


@transaction.atomic
def push(user_id: UUID) -> None:
    """Tell every web process, at the commit, that this agent's screen has something new."""
    Seat.objects.filter(pk=user_id).update(pushed=F("pushed") + 1)
    payload = Concat(Value(f"{user_id.hex}:"), Cast("pushed", TextField()))
    notify = Func(Value(CHANNEL), payload, function="pg_notify", output_field=TextField())
    Seat.objects.filter(pk=user_id).annotate(told=notify).values_list("told").first()


@transaction.atomic
def sit_down(*, actor: Actor, now: datetime, extension: str) -> None:
    """Take a telephone; whoever sat there before has none any more."""
    actor.require("desk.calls")
    if actor.user_id is None:
        return
    for user_id in Seat.objects.filter(extension=extension).exclude(pk=actor.user_id).values_list("pk", flat=True):
        _seat_is(user_id, AgentState.OFFLINE, now)
    Seat.objects.filter(extension=extension).exclude(pk=actor.user_id).delete()
    left = (
        Seat.objects.filter(pk=actor.user_id).exclude(extension=extension).values_list("extension", flat=True).first()
    )
    if left:
        pausing.changed(left)
    # A new seat counts on from the clock: web processes remember the numbers of the seat this agent had before, and
    # take no smaller one for news.
    values = {"extension": extension, "since": now}
    Seat.objects.update_or_create(
        user_id=actor.user_id, defaults=values, create_defaults={**values, "pushed": int(now.timestamp() * 1_000)}
    )
    _seat_is(actor.user_id, AgentState.AVAILABLE, now)


@transaction.atomic
def set_state(*, actor: Actor, now: datetime, state: AgentState) -> None:
    """Available, on a break or gone. Ignored during a call: that state only ends with it."""
    actor.require("desk.calls")
    if state not in telephony.SELECTABLE or actor.user_id is None:
        return
    rows = Seat.objects.select_for_update().filter(pk=actor.user_id)
    if rows.exclude(state__in=[AgentState.ON_CALL, state]).exists():
        _seat_is(actor.user_id, state, now)
        push(actor.user_id)


@transaction.atomic
def recognise(*, actor: Actor, now: datetime, call_id: UUID, party_ref: str) -> None:
    """Say who is calling, when the number did not: the file comes on the screen. Only before the call is written up.

    Raises CallNotFound, CustomerNotFound.
    """
    actor.require("desk.calls")
    party = customers.get_party(actor, party_ref, "desk.record")
    rows = Call.objects.filter(pk=call_id, agent_id=actor.user_id, wrapped_at=None) if actor.user_id else None
    if rows is None or not rows.update(party_id=party.pk, version=F("version") + 1) or actor.user_id is None:
        raise CallNotFound(str(call_id))
    audit.record(actor=actor, now=now, action="desk.recognise", object_kind="call", object_id=call_id, detail={})
    push(actor.user_id)


@transaction.atomic
def wrap_up(
    *, actor: Actor, now: datetime, call_id: UUID, version: int, code: str, note: str, party_ref: str = ""
) -> None:
    """Write down what a call was about; with a customer it becomes a contact in the file. The agent is free again.

    `code`: one of the scheme's. Raises CallNotFound, CustomerNotFound, UnknownCode, StaleState.
    """
    actor.require("desk.calls")
    if actor.user_id is None:
        raise CallNotFound(str(call_id))
    call = Call.objects.filter(pk=call_id, agent_id=actor.user_id).first()
    if call is None:
        raise CallNotFound(str(call_id))
    words = calling.wrap_codes(schemes.calls(now))
    if code not in words:
        raise UnknownCode(code)
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
        _note_contact(call, holder, actor, words[code].label_zh, note)
    if Seat.objects.select_for_update().filter(pk=actor.user_id, state=AgentState.WRAP_UP).exists():
        busy = Call.objects.filter(agent_id=actor.user_id, state=CallState.ANSWERED).exists()
        _seat_is(actor.user_id, AgentState.ON_CALL if busy else AgentState.AVAILABLE, now)
    audit.record(
        actor=actor, now=now, action="desk.wrap_up", object_kind="call", object_id=call.pk, detail={"code": code}
    )


def _note_contact(call: Call, party_id: UUID, actor: Actor, topic: str, note: str) -> None:
    seconds = None
    if call.answered_at is not None and call.ended_at is not None:
        seconds = max(0, int((call.ended_at - call.answered_at).total_seconds()))
    Touchpoint.objects.update_or_create(
        source="call", source_key=str(call.pk),
        defaults={
            "party_id": party_id, "channel": "phone", "direction": call.direction, "at": call.rang_at,
            "duration_seconds": seconds, "topic": topic[:60], "summary": note.strip()[:500],
            "result": "solved" if call.answered_at else "not_reached", "staff_id": actor.user_id,
        },
    )  # fmt: skip
