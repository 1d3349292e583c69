"""What identity resolution holds of a person, and forgetting it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from anxin.book.customers.queries import merged
from anxin.book.matching.models import Candidate, Golden, Merge, Move, ShelvedRow
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _


def export(party_id: UUID) -> Iterator[Records]:
    """When files of the person were put together and taken apart. Their values are those of the customer file."""
    members = merged.members(party_id)
    merges = Merge.objects.filter(Q(loser__in=members) | Q(survivor__in=members)).order_by("at")
    yield privacy.records_of(
        "merges", _("Merged files"), merges,
        labels={
            "loser__ref": _("Merged file"), "survivor__ref": _("Into"), "at": _("When"), "reason": _("Reason"),
            "undone_at": _("Separated at"),
        },
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, _now: datetime) -> Iterable[Erased]:
    """Pairs waiting for a judgement go at once; the values kept for a separation when the person is forgotten."""
    members = merged.members(party_id)
    pairs = Candidate.objects.filter(Q(left__in=members) | Q(right__in=members))
    if mode is not Mode.ERASE:
        yield Erased(table="matching_candidate", removed=pairs.filter(state__in=["open", "later"]).delete()[0])
        return
    yield Erased(table="matching_candidate", removed=pairs.delete()[0])
    shelved = ShelvedRow.objects.filter(Q(home__in=members) | Q(other_home__in=members))
    yield Erased(table="matching_shelvedrow", removed=shelved.delete()[0])
    yield Erased(table="matching_golden", removed=Golden.objects.filter(party__in=members).delete()[0])
    yield Erased(table="matching_move", removed=Move.objects.filter(home__in=members).delete()[0])
    merges = Merge.objects.filter(Q(loser__in=members) | Q(survivor__in=members))
    yield Erased(table="matching_merge", blanked=merges.update(reason="", undone_reason="", counts={}))


HOLDINGS: Final = Holdings(
    room="matching",
    covers=frozenset({"Candidate", "Merge", "ShelvedRow", "Golden", "Move"}),
    export=export,
    erase=erase,
)
