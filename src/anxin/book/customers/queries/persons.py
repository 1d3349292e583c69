"""Walking through the persons of the book, for the night. No actor."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from anxin.book.customers.models import Party


def created_before(day: date, *, after: UUID | None, limit: int) -> list[UUID]:
    """Keys of persons (living and restricted files) stored before `day`, in the order of their keys, `limit` at most."""
    rows = Party.objects.filter(
        kind=Party.Kind.PERSON, state__in=[Party.State.ACTIVE, Party.State.RESTRICTED], created_at__date__lt=day
    )
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
