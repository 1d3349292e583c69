"""Service that was given: recorded by whoever gave it, and taken back when it was a mistake."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.foundation.audit import services as audit
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.managers import access, rules
from anxin.service.managers.data import Refused
from anxin.service.managers.models import Given

LONGEST_NOTE: Final = 200
OLDEST: Final = timedelta(days=366)


@transaction.atomic
def give(*, actor: Actor, now: datetime, ref: str, item: str, given_on: date, note: str = "") -> UUID:
    """Record that a customer got an item on a day. What their class does not get may be given, too: it is counted.

    Raises CustomerNotFound and Refused.
    """
    party = customers.get_party(actor, ref, "managers.give")
    today = rules.day_of(now)
    if not today - OLDEST <= given_on <= today:
        raise Refused(_("Choose a day of the last twelve months."))
    scheme = schemes.active(rules.PACKAGES, on=today)
    found = next((one for one in rules.items_of(scheme.content) if one.code == item), None)
    if found is None:
        raise Refused(_("There is no such service item."))
    row = Given.objects.create(
        party_id=party.pk, item=item, given_on=given_on, note=note.strip()[:LONGEST_NOTE], cost_fen=found.cost_fen,
        minutes=found.minutes, scheme_version=scheme.version, given_by_id=actor.user_id, created_at=now,
    )  # fmt: skip
    _record(actor, now, "managers.give", party.pk, party.ref, item)
    return row.pk


@transaction.atomic
def take_back(*, actor: Actor, now: datetime, given_id: UUID) -> str:
    """It was recorded by mistake; returns the customer's reference. Raises CustomerNotFound."""
    row = access.visible_given(actor, "managers.give").filter(pk=given_id).select_related("party").first()
    if row is None:
        raise customers.CustomerNotFound(str(given_id))
    item = row.item
    row.delete()
    _record(actor, now, "managers.take_back", row.party_id, row.party.ref, item)
    return str(row.party.ref)


def _record(actor: Actor, now: datetime, action: str, party_id: UUID, ref: str, item: str) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="party", object_id=party_id, object_ref=ref,
        detail={"item": item},
    )  # fmt: skip
