"""Corrections asked for and settled, and confirmations. Work items come of the events in the rooms above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from anxin.book.customers import queries as customers
from anxin.book.upkeep import access, data
from anxin.book.upkeep.data import CorrectionState, UpkeepRejected
from anxin.book.upkeep.events import CorrectionClosed, CorrectionOpened
from anxin.book.upkeep.models import Confirmation, Correction, Score
from anxin.foundation.audit import services as audit
from anxin.kernel import outbox
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _

MOST = 500


@transaction.atomic
def open_correction(*, actor: Actor, now: datetime, ref: str, code: str, note: str = "") -> UUID:
    """Ask for one finding of a file to be put right. Raises CustomerNotFound and UpkeepRejected."""
    if code not in data.PROBLEMS and code not in data.ITEMS:
        raise UpkeepRejected(_("There is no such finding."))
    party = customers.get_party(actor, ref, "upkeep.correct")
    try:
        with transaction.atomic():
            row = _open(actor, now, party.pk, code, note)
    except IntegrityError as error:
        raise UpkeepRejected(_("This correction has been asked for already.")) from error
    _tell(row, party.manager_id, party.unit_id)
    audit.record(
        actor=actor, now=now, action="upkeep.open_correction", object_kind="party", object_id=party.pk,
        object_ref=party.ref, detail={"code": code},
    )  # fmt: skip
    return row.pk


@transaction.atomic
def open_many(*, actor: Actor, now: datetime, parties: Sequence[UUID], note: str = "") -> int:
    """A correction for the gravest finding of each of these files; how many are new. Files out of reach, without a
    finding or with an open correction of it are left alone."""
    rows = (
        access.visible_scores(actor, "upkeep.correct")
        .filter(party__in=list(parties)[:MOST])
        .exclude(Q(problems=[]) & Q(missing=[]))
        .values_list("party_id", "problems", "missing", "party__manager_id", "party__unit_id")
    )
    open_already = set(
        Correction.objects.filter(party__in=list(parties)[:MOST], state=CorrectionState.OPEN).values_list(
            "party_id", "code"
        )
    )
    made = 0
    for party, problems, missing, manager, unit in rows:
        code = (problems or missing)[0]
        if (party, code) not in open_already:
            _tell(_open(actor, now, party, code, note), manager, unit)
            made += 1
    if made:
        audit.record(
            actor=actor, now=now, action="upkeep.open_corrections", object_kind="parties", detail={"count": made}
        )
    return made


def _open(actor: Actor, now: datetime, party: UUID, code: str, note: str) -> Correction:
    return Correction.objects.create(
        party_id=party, code=code, note=note.strip()[:300], opened_at=now, opened_by_id=actor.user_id
    )


def _tell(row: Correction, manager: UUID | None, unit: UUID | None) -> None:
    outbox.publish(
        CorrectionOpened(correction_id=row.pk, party_id=row.party_id, code=row.code, owner_id=manager, unit_id=unit)
    )


def resolve(*, actor: Actor, now: datetime, correction_id: UUID, outcome: str = "") -> None:
    """The finding is put right; the file is judged anew. Raises NotFound and StaleState."""
    _close(actor, now, correction_id, CorrectionState.RESOLVED, outcome)


def dismiss(*, actor: Actor, now: datetime, correction_id: UUID, outcome: str) -> None:
    """There is nothing to correct, for a reason."""
    if not outcome.strip():
        raise UpkeepRejected(_("Say why nothing needs correcting."))
    _close(actor, now, correction_id, CorrectionState.DISMISSED, outcome)


@transaction.atomic
def _close(actor: Actor, now: datetime, correction_id: UUID, state: CorrectionState, outcome: str) -> None:
    from anxin.book.upkeep.services import scoring

    row = access.get_correction(actor, correction_id)
    done = Correction.objects.filter(pk=row.pk, state=CorrectionState.OPEN).update(
        state=state, closed_at=now, closed_by_id=actor.user_id, outcome=outcome.strip()[:300]
    )
    if not done:
        raise StaleState(row.state, 1)
    outbox.publish(CorrectionClosed(correction_id=row.pk, party_id=row.party_id, state=str(state)))
    audit.record(
        actor=actor, now=now, action=f"upkeep.{'resolve' if state is CorrectionState.RESOLVED else 'dismiss'}",
        object_kind="party", object_id=row.party_id, object_ref=row.party.ref, detail={"code": row.code},
    )  # fmt: skip
    scoring.score_some(now=now, parties=[row.party_id])


@transaction.atomic
def confirm(*, actor: Actor, now: datetime, ref: str, means: str) -> None:
    """The file was gone through with the customer: it is fresh as of now (A12). Raises CustomerNotFound."""
    from anxin.book.upkeep.services import scoring

    if means not in data.MEANS:
        raise UpkeepRejected(_("Say how the customer confirmed it."))
    party = customers.get_party(actor, ref, "upkeep.correct")
    note_confirmed(actor, now, party.pk, means)
    audit.record(
        actor=actor, now=now, action="upkeep.confirm", object_kind="party", object_id=party.pk, object_ref=party.ref,
        detail={"means": means},
    )  # fmt: skip
    scoring.score_some(now=now, parties=[party.pk])


def note_confirmed(actor: Actor, now: datetime, party_id: UUID, means: str) -> None:
    Confirmation.objects.create(party_id=party_id, confirmed_at=now, confirmed_by_id=actor.user_id, means=means)


@transaction.atomic
def close_what_is_gone(*, actor: Actor, now: datetime) -> int:
    """Corrections whose finding the last judgement no longer has."""
    found = list(Correction.objects.filter(state=CorrectionState.OPEN).values_list("pk", "party_id", "code"))
    scores = {
        key: set(problems) | set(missing)
        for key, problems, missing in Score.objects.filter(party__in={party for _, party, _ in found}).values_list(
            "party_id", "problems", "missing"
        )
    }
    gone = [(key, party) for key, party, code in found if code not in scores.get(party, {code})]
    Correction.objects.filter(pk__in=[key for key, _ in gone], state=CorrectionState.OPEN).update(
        state=CorrectionState.RESOLVED, closed_at=now
    )
    for key, party in gone:
        outbox.publish(CorrectionClosed(correction_id=key, party_id=party))
    return len(gone)
