"""Restricting a file: it is kept and guarded, and found by nobody. For the room `rights`, which knows why and who."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from anxin.book.customers.models import Party
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
