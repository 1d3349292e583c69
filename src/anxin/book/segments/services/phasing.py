"""Phasing a customer out (B02): advice of the night, asked by one, approved by another, taken back by one.

The mark ends the marketing effort alone. Claims, maintenance of policies, renewals that were bought and complaints are
owed by law and contract; no room that serves a customer reads it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.segments.models import PhaseOut, Profile
from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import RequestView
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

KIND: Final = "segments.phase_out"
BELOW_ZERO: Final = "bz"


class NotBelowZero(ValueError):
    """Only a customer of the class "below zero" may be phased out."""


def ask(*, actor: Actor, now: datetime, ref: str, reason: str) -> RequestView:
    """Ask a second person. Raises NotPermitted, CustomerNotFound, NotBelowZero, AlreadyAsked, ReasonMissing."""
    party = customers.get_party(actor, ref, "segments.phase_out")
    is_below = Profile.objects.filter(pk=party.pk, value_tier=BELOW_ZERO).exists()
    if not is_below or PhaseOut.objects.filter(party=party.pk, ended_at=None).exists():
        raise NotBelowZero(ref)
    return approvals.ask(
        actor=actor, now=now, kind=KIND, subject_kind="customer", subject_id=party.pk, subject_ref=party.ref,
        summary=_("Phase out customer %(ref)s: no marketing effort, service as before"),
        summary_values={"ref": party.ref}, reason=reason, unit_id=party.unit_id,
    )  # fmt: skip


def on_approved(actor: Actor, now: datetime, request: RequestView) -> None:
    """The second person agreed. In the transaction of the decision."""
    assert request.subject_id is not None and actor.user_id is not None
    PhaseOut.objects.create(
        party_id=request.subject_id, request_id=request.id, asked_by_id=request.asked_by_id,
        approved_by_id=actor.user_id, since=now,
    )  # fmt: skip
    _record(actor, now, "segments.phase_out", request.subject_ref, request.subject_id)


@transaction.atomic
def take_back(*, actor: Actor, now: datetime, ref: str) -> bool:
    """End the mark; one person is enough to treat a customer better. False when there is none."""
    party = customers.get_party(actor, ref, "segments.phase_out")
    done = PhaseOut.objects.filter(party=party.pk, ended_at=None).update(ended_at=now, ended_by_id=actor.user_id)
    if done:
        _record(actor, now, "segments.take_back_phase_out", party.ref, party.pk)
    return bool(done)


def _record(actor: Actor, now: datetime, action: str, ref: str, key: object) -> None:
    audit.record(actor=actor, now=now, action=action, object_kind="customer", object_id=str(key), object_ref=ref)
