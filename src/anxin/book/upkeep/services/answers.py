"""What customers filled in: taken over or refused value by value, then forgotten here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.book.customers.data import Rejected
from anxin.book.customers.queries import panels as files
from anxin.book.customers.services import contacts, parties
from anxin.book.upkeep import access
from anxin.book.upkeep.data import UpkeepRejected
from anxin.book.upkeep.events import CardDecided
from anxin.book.upkeep.models import CardAnswer
from anxin.book.upkeep.queries import answers
from anxin.book.upkeep.services import corrections, scoring
from anxin.foundation.audit import services as audit
from anxin.kernel import outbox
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState

SOURCE: Final = "self-filled"
_PLAIN: Final = frozenset({"marital_status", "education", "occupation", "employer", "contact_preference"})


@transaction.atomic
def decide(*, actor: Actor, now: datetime, answer_id: UUID, version: int, taken: Collection[str]) -> int:
    """Take the named values into the file with the customer as their source; the others are refused, and all forgotten.

    Returns how many were taken. Raises NotFound, StaleState and UpkeepRejected (a value that cannot be kept as it is).
    """
    row = access.get_answer(actor, answer_id)
    said = answers.open_values(row)
    wanted = {name: said[name] for name in said if name in taken}
    done = CardAnswer.objects.filter(pk=row.pk, state=CardAnswer.State.OPEN, version=version).update(
        state=CardAnswer.State.DECIDED, decided_at=now, decided_by_id=actor.user_id, values_sealed=None,
        decisions={name: "taken" if name in wanted else "refused" for name in said}, version=F("version") + 1,
    )  # fmt: skip
    if not done:
        raise StaleState(row.state, row.version)
    try:
        _take_over(actor, now, row.party.ref, wanted)
    except Rejected as error:
        raise UpkeepRejected(str(error)) from error
    corrections.note_confirmed(actor, now, row.party_id, "self")
    audit.record(
        actor=actor, now=now, action="upkeep.decide_card", object_kind="party", object_id=row.party_id,
        object_ref=row.party.ref, detail={"taken": sorted(wanted), "refused": sorted(set(said) - set(wanted))},
    )  # fmt: skip
    outbox.publish(CardDecided(answer_id=row.pk, party_id=row.party_id))
    scoring.score_some(now=now, parties=[row.party_id])
    return len(wanted)


def _take_over(actor: Actor, now: datetime, ref: str, wanted: dict[str, str]) -> None:
    plain = {name: value for name, value in wanted.items() if name in _PLAIN}
    if plain:
        parties.edit_customer(
            actor=actor, now=now, ref=ref, version=files.editable(actor, ref).version, changes=plain,
            cause="self_filled", source=SOURCE,
        )  # fmt: skip
    for kind in ("mobile", "email"):
        if kind in wanted:
            contacts.add_contact(
                actor=actor, now=now, ref=ref, kind=kind, value=wanted[kind], source=SOURCE, is_first=True
            )
    if "home_address" in wanted:
        contacts.set_address(actor=actor, now=now, ref=ref, kind="home", text=wanted["home_address"], source=SOURCE)
