"""Days of customers, birthdays and ends of facts: for reminders made by the nightly run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from anxin.book.customers.models import Fact, Party
from anxin.book.customers.queries import permissions


@dataclass(frozen=True, kw_only=True)
class BornOn:
    id: UUID
    birthday: int  # month * 100 + day
    birth_date: date | None
    manager_id: UUID
    unit_id: UUID | None


def born_on(days: Sequence[int], *, today: date) -> Iterator[BornOn]:
    """Living persons with a manager, born on any of `days` (month * 100 + day), as a stream; not who is to be left in
    peace `today`. For the system itself."""
    rows = (
        Party.objects.filter(
            kind=Party.Kind.PERSON,
            state=Party.State.ACTIVE,
            is_deceased=False,
            manager__isnull=False,
            birthday__in=list(days),
        )
        .exclude(permissions.is_silent("pk", today=today))
        .order_by("manager", "birthday")
        .values_list("id", "birthday", "birth_date", "manager_id", "unit_id")
    )
    for key, birthday, birth_date, manager_id, unit_id in rows.iterator(chunk_size=2_000):
        if birthday is None:  # the filter excludes it; the column allows it
            continue
        yield BornOn(id=key, birthday=birthday, birth_date=birth_date, manager_id=manager_id, unit_id=unit_id)


@dataclass(frozen=True, kw_only=True)
class FactsEnd:
    """`count` facts about a customer end on `day`."""

    party_id: UUID
    day: date
    count: int
    manager_id: UUID
    unit_id: UUID | None


def facts_ending(*, after: date, until: date) -> Iterator[FactsEnd]:
    """Facts of living customers with a manager that end behind `after` and not later than `until`, by customer and day,
    as a stream. For the system itself."""
    rows = (
        Fact.objects.filter(
            expires_on__gt=after, expires_on__lte=until, party__state=Party.State.ACTIVE, party__is_deceased=False,
            party__manager__isnull=False,
        )
        .order_by("party", "expires_on")
        .values_list("party", "expires_on", "party__manager", "party__unit")
        .annotate(count=Count("pk"))
    )  # fmt: skip
    for party, day, manager, unit, count in rows.iterator(chunk_size=2_000):
        yield FactsEnd(party_id=party, day=day, count=count, manager_id=manager, unit_id=unit)
