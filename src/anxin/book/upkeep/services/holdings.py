"""What this room holds of a person: the copy they get, and forgetting them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.book.customers.queries import merged
from anxin.book.upkeep import data
from anxin.book.upkeep.models import CardAnswer, CardLink, Confirmation, Correction, Score
from anxin.book.upkeep.queries import answers
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _


def export(party_id: UUID) -> Iterator[Records]:
    """Corrections, confirmations, and what the person filled in and nobody has decided on."""
    members = merged.members(party_id)
    yield privacy.records_of(
        "corrections", _("Corrections"), Correction.objects.filter(party__in=members).order_by("opened_at"),
        labels={"code": _("Finding"), "state": _("Status"), "note": _("Remark"), "outcome": _("What was done"),
                "opened_at": _("Asked for")},
        words={"code": data.PROBLEMS},
    )  # fmt: skip
    yield privacy.records_of(
        "confirmations", _("Confirmations"), Confirmation.objects.filter(party__in=members).order_by("confirmed_at"),
        labels={"confirmed_at": _("When"), "means": _("How the customer confirmed it")},
        words={"means": data.MEANS},
    )  # fmt: skip
    rows = CardAnswer.objects.filter(party__in=members, state=CardAnswer.State.OPEN).order_by("submitted_at")
    yield Records(
        code="cards", title=_("Filled-in cards"), labels=dict(data.CARD_LABELS),
        rows=tuple({name: answers.open_values(row).get(name, "") for name in data.CARD_FIELDS} for row in rows),
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    """Open links end at once; all goes when the person is forgotten."""
    members = merged.members(party_id)
    CardLink.objects.filter(party__in=members, used_at=None, revoked_at=None).update(revoked_at=now)
    if mode is not Mode.ERASE:
        return
    yield Erased(table="upkeep_cardanswer", removed=CardAnswer.objects.filter(party__in=members).delete()[0])
    yield Erased(table="upkeep_cardlink", removed=CardLink.objects.filter(party__in=members).delete()[0])
    corrections = Correction.objects.filter(party__in=members)
    yield Erased(table="upkeep_correction", removed=privacy.remove_rows(Correction, corrections))
    yield Erased(table="upkeep_confirmation", removed=Confirmation.objects.filter(party__in=members).delete()[0])
    yield Erased(table="upkeep_score", removed=Score.objects.filter(pk__in=members).delete()[0])


HOLDINGS: Final = Holdings(
    room="upkeep",
    covers=frozenset({"Score", "Correction", "Confirmation", "CardLink", "CardAnswer"}),
    export=export,
    erase=erase,
)
