"""Customers by the day they were born: for reminders made by the nightly run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anxin.book.customers.models import Party


@dataclass(frozen=True, kw_only=True)
class BornOn:
    id: UUID
    birthday: int  # month * 100 + day
    birth_date: date | None
    manager_id: UUID
    unit_id: UUID | None


def born_on(days: Sequence[int]) -> Iterator[BornOn]:
    """Living persons with a manager, born on any of `days` (month * 100 + day), as a stream. For the system itself."""
    rows = (
        Party.objects.filter(
            kind=Party.Kind.PERSON,
            state=Party.State.ACTIVE,
            is_deceased=False,
            manager__isnull=False,
            birthday__in=list(days),
        )
        .order_by("manager", "birthday")
        .values_list("id", "birthday", "birth_date", "manager_id", "unit_id")
    )
    for key, birthday, birth_date, manager_id, unit_id in rows.iterator(chunk_size=2_000):
        if birthday is None:  # the filter excludes it; the column allows it
            continue
        yield BornOn(id=key, birthday=birthday, birth_date=birth_date, manager_id=manager_id, unit_id=unit_id)
