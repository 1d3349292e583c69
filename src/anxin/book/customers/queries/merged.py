"""Which files are one customer. For rooms above whose rows stay with the file they were written about; no actor."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from anxin.book.customers.models import Party


def survivors(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """File → the living file it was merged into, or itself. One query; a merged file points at the living one."""
    return dict(
        Party.objects.filter(pk__in=list(ids)).annotate(now=Coalesce("replaced_by_id", "pk")).values_list("pk", "now")
    )


def members(party_id: UUID) -> tuple[UUID, ...]:
    """The living file and all that were merged into it, the living one first. One query."""
    rows = Party.objects.filter(Q(pk=party_id) | Q(replaced_by=party_id)).order_by("pk")
    found = list(rows.values_list("pk", flat=True))
    return (party_id, *(one for one in found if one != party_id))
