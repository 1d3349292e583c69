"""Click to call: from the customer's file, and back to somebody who called."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import permissions, rows
from anxin.foundation.audit import services as audit
from anxin.foundation.channels import services as channels
from anxin.foundation.channels.data import OURS, DialRefused, DialUnsure, Exchange, LineDown
from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.desk.data import CALL_PURPOSES, QUIET_PURPOSES, SALES, CallNotFound, NoTelephone, NotToBeCalled
from anxin.service.desk.models import Call, Seat
from anxin.service.desk.rules.telephony import CallState
from anxin.service.desk.services import telephony


def is_connected() -> bool:
    """Whether there is an exchange to ask."""
    return settings.TELEPHONE is not None


def call_customer(*, actor: Actor, now: datetime, ref: str, purpose: str = "service") -> UUID:
    """Ring the actor's telephone, then the customer's mobile. The number goes to the exchange and not to the screen.

    `purpose`: one of CALL_PURPOSES, kept with the call. Raises NoTelephone, NotToBeCalled, CustomerNotFound, LineDown
    (DialUnsure: it may ring all the same), DialRefused.
    """
    actor.require("desk.calls")
    party = customers.get_party(actor, ref, "desk.record")
    _check_wish(actor, party.pk, purpose, now)
    found = rows.rows_of([party.pk], extras=("mobile",), reveal=True)
    number = found[0].mobile if found else ""
    return _dial(actor, now, number, party.pk, purpose)


def call_back(*, actor: Actor, now: datetime, call_id: UUID) -> UUID:
    """Ring the number of one of the actor's own calls, for what that call was for; who called: as a service.

    Raises CallNotFound, and what `call_customer` raises.
    """
    actor.require("desk.calls")
    found = Call.objects.filter(pk=call_id, agent_id=actor.user_id).first() if actor.user_id is not None else None
    if found is None:
        raise CallNotFound(str(call_id))
    purpose = found.purpose or "service"
    if found.party_id is not None:
        _check_wish(actor, found.party_id, purpose, now)
    sealed = bytes(found.number_sealed) if found.number_sealed is not None else None
    number = vault.ring().open(sealed, table="desk_call", column="number_sealed", row=found.pk) if sealed else ""
    return _dial(actor, now, number, found.party_id, purpose)


def why_not(party_id: UUID, purpose: str, now: datetime) -> str:
    """Why this customer is not called for this (a word of NOT_CALLED); "" when nothing is against it."""
    if purpose not in CALL_PURPOSES:
        raise ValueError(f"{purpose!r} is nothing a customer is called for.")
    use = permissions.MARKETING if purpose == SALES else "service"
    answer = permissions.may_contact(party_id, purpose=use, channel="phone", now=now)
    if not answer.is_allowed:
        return answer.why.value
    if purpose in QUIET_PURPOSES and permissions.silent([party_id], today=permissions.day_of(now)):
        return permissions.Use.SILENCE.value
    return ""


def _check_wish(actor: Actor, party_id: UUID, purpose: str, now: datetime) -> None:
    why = why_not(party_id, purpose, now)
    if not why:
        return
    # The reason stays out of the trail of whoever asked: it may be one that only few are to know.
    audit.record(
        actor=actor, now=now, action="desk.call_refused", object_kind="party", object_id=party_id,
        detail={"purpose": purpose},
    )  # fmt: skip
    raise NotToBeCalled(why)


def _dial(actor: Actor, now: datetime, number: str, party_id: UUID | None, purpose: str) -> UUID:
    exchange: Exchange | None = settings.TELEPHONE
    seat = Seat.objects.filter(pk=actor.user_id).first()
    if exchange is None or seat is None or not number:
        raise NoTelephone
    key = uuid7()
    with transaction.atomic():
        Call.objects.create(
            id=key, system=exchange.system, external_id=f"{OURS}{key.hex}", direction="outbound", party_id=party_id,
            purpose=purpose, agent_id=seat.pk,
            number_sealed=vault.ring().seal(number, table="desk_call", column="number_sealed", row=key),
            state=CallState.RINGING, rang_at=now, wanted_human=False,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="desk.call_out", object_kind="call", object_id=key, detail={"purpose": purpose}
        )
        telephony.push(seat.pk)
    try:
        # Outside of the transaction: the exchange tells of the call before it has answered.
        channels.dial(exchange, extension=seat.extension, number=number, call_id=f"{OURS}{key.hex}")
    except DialUnsure:
        # It may ring all the same: what the exchange tells decides; when it tells nothing, `closing.close_lost`.
        raise
    except (LineDown, DialRefused):
        Call.objects.filter(pk=key, answered_at=None).update(state=CallState.ENDED, ended_at=now)
        telephony.push(seat.pk)
        raise
    return key
