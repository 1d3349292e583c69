"""Walking through the persons of the book, for the night. No actor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q

from anxin.book.customers.models import Party


def created_before(day: date, *, after: UUID | None, limit: int) -> list[UUID]:
    """Keys of persons (living and restricted files) stored before `day`, in the order of their keys."""
    rows = Party.objects.filter(
        kind=Party.Kind.PERSON, state__in=[Party.State.ACTIVE, Party.State.RESTRICTED], created_at__date__lt=day
    )
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def of_batch(batch_id: UUID, *, at_once: int) -> Iterator[list[UUID]]:
    """Keys of the living files that a batch opened, or whose documents or contacts it brought, in portions."""
    rows = Party.objects.filter(state=Party.State.ACTIVE).filter(
        Q(batch_id=batch_id) | Q(identity_documents__batch_id=batch_id) | Q(contact_points__batch_id=batch_id)
    )
    found = sorted(set(rows.values_list("pk", flat=True)))
    for start in range(0, len(found), at_once):
        yield found[start : start + at_once]
