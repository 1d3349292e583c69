"""Restricting files, giving them back, and reading one with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import CustomerNotFound
from anxin.book.customers.services import restricting
from anxin.book.rights import data
from anxin.book.rights.data import Rejected, RequestNotFound
from anxin.book.rights.models import Certificate, Restriction
from anxin.book.rights.services.requests import trace_deed
from anxin.foundation.audit import services as audit
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Mode, Records
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _


def restrict(
    *, actor: Actor, now: datetime, ref: str, ground: str, reason: str, request_id: UUID | None = None
) -> None:  # fmt: skip
    """Stop everything but storage and protection: the file leaves every list and what was planned is cancelled."""
    actor.require("rights.handle")
    party = customers.get_party(actor, ref)
    if ground not in data.RESTRICTION_GROUNDS:
        raise Rejected("ground", _("Choose the ground."))
    if not reason.strip():
        raise Rejected("reason", _("Say why the file is restricted."))
    with transaction.atomic():
        restricting.restrict(party.pk, now=now)
        Restriction.objects.create(
            party_id=party.pk, request_id=request_id, ground=ground, reason=reason.strip(), from_at=now,
            set_by_id=actor.user_id,
        )  # fmt: skip
        privacy.erase_holdings(party.pk, Mode.RESTRICT, now=now)
        if request_id is not None:
            trace_deed(actor, now, request_id, "restrict", reason.strip())
        _record(actor, now, "rights.restrict", party.pk, party.ref, ground)


def lift_restriction(*, actor: Actor, now: datetime, ref: str, reason: str) -> None:
    """Give the file back. What was cancelled stays cancelled. Raises CustomerNotFound."""
    actor.require("rights.handle")
    party_id = _find(ref)
    if not reason.strip():
        raise Rejected("reason", _("Say why the restriction ends."))
    with transaction.atomic():
        restricting.lift(party_id, now=now)
        Restriction.objects.filter(party=party_id, until_at__isnull=True).update(
            until_at=now, lifted_by_id=actor.user_id, lift_reason=reason.strip()
        )
        _record(actor, now, "rights.lift", party_id, ref, "")


def readmit(*, actor: Actor, now: datetime, certificate_id: UUID, reason: str) -> None:
    """Somebody who was erased is a customer again: imports take them in, as a new file. Raises RequestNotFound."""
    actor.require("rights.handle")
    row = Certificate.objects.filter(pk=certificate_id).first()
    if row is None:
        raise RequestNotFound(str(certificate_id))
    if not reason.strip():
        raise Rejected("reason", _("Say why this person is taken in again."))
    with transaction.atomic():
        if restricting.forget_documents(row.party_id):
            audit.record(
                actor=actor, now=now, action="rights.readmit", object_kind="party", object_id=row.party_id,
                object_ref=row.customer_ref, reason=reason.strip()[:200], detail={"certificate": row.ref},
            )  # fmt: skip


def read_restricted(*, actor: Actor, now: datetime, ref: str, reason: str) -> Sequence[tuple[str, Records]]:
    """A restricted file in clear, for the few who may, with the reason on record. Raises CustomerNotFound."""
    actor.require("rights.restricted")
    party_id = _find(ref)
    if len(reason.strip()) < 4:
        raise Rejected("reason", _("Say why the file must be read."))
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="rights.read_restricted", object_kind="party", object_id=party_id,
            object_ref=ref, reason=reason.strip()[:200],
        )  # fmt: skip
    return list(privacy.export_holdings(party_id))


def _find(ref: str) -> UUID:
    found = restricting.find_restricted(ref)
    if found is None:
        raise CustomerNotFound(ref)
    return found


def _record(actor: Actor, now: datetime, action: str, party_id: UUID, ref: str, ground: str) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="party", object_id=party_id, object_ref=ref,
        detail={"ground": ground} if ground else {},
    )  # fmt: skip
