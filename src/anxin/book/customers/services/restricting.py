"""Restricting a file: it is kept and guarded, and found by nobody. For the room `rights`, which knows why and who."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F

from anxin.book.customers.models import ForgottenDocument, Party
from anxin.kernel.states import StaleState


def restrict(party_id: UUID, *, now: datetime) -> None:
    """Take a living file out of every list, search, export and reminder. Raises StaleState when it is not living."""
    _move(party_id, Party.State.ACTIVE, Party.State.RESTRICTED, now)


def lift(party_id: UUID, *, now: datetime) -> None:
    """Give a restricted file back to everyday work. Raises StaleState."""
    _move(party_id, Party.State.RESTRICTED, Party.State.ACTIVE, now)


def find_restricted(ref: str) -> UUID | None:
    """The key of the restricted file with this reference. The caller has judged who asks."""
    return Party.objects.filter(ref=ref, state=Party.State.RESTRICTED).values_list("pk", flat=True).first()


def find_erasable(ids: Iterable[UUID]) -> list[UUID]:
    """Those of `ids` that are on file and were not erased, in the order of their keys."""
    states = [Party.State.ACTIVE, Party.State.RESTRICTED]
    return list(Party.objects.filter(pk__in=list(ids), state__in=states).order_by("pk").values_list("pk", flat=True))


def forget_documents(party_id: UUID) -> int:
    """Who was erased may come in again with the next import; returns how many documents stood against it."""
    return int(ForgottenDocument.objects.filter(party=party_id).delete()[0])


def remembered(party_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the erased files whose documents are still known again."""
    return set(ForgottenDocument.objects.filter(party__in=list(party_ids)).values_list("party", flat=True))


def lock_erasable(party_id: UUID) -> str:
    """Hold the file while it is erased, in the caller's transaction; its reference. StaleState when it is gone."""
    row = Party.objects.select_for_update().get(pk=party_id)
    if row.state not in (Party.State.ACTIVE, Party.State.RESTRICTED):
        raise StaleState(row.state, row.version)
    return row.ref


def _move(party_id: UUID, seen: str, to: str, now: datetime) -> None:
    done = Party.objects.filter(pk=party_id, state=seen).update(state=to, version=F("version") + 1, updated_at=now)
    if not done:
        row = Party.objects.get(pk=party_id)
        raise StaleState(row.state, row.version)
