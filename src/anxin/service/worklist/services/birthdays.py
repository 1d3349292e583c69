"""Coming birthdays, for the managers of the customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from anxin.book.customers.queries import occasions
from anxin.foundation.schemes import queries as schemes
from anxin.service.worklist import rules
from anxin.service.worklist.data import NewItem
from anxin.service.worklist.services.generation import ensure_items

KIND = "birthday"


def ensure_birthdays(*, now: datetime) -> int:
    """One item per living, managed person and birthday within the lead days; it is due at the end of the birthday.

    Born on 29 February: kept on 28 February of common years, and the item's occurrence is the year, so once a year.
    """
    today = rules.day_of(now)
    scheme = schemes.active(rules.CARE, on=today)
    lead = scheme.content["birthday_lead_days"]
    days = rules.coming_birthdays(today, lead if isinstance(lead, int) else 0)
    return ensure_items(now=now, items=_items(days, now))


def _items(days: dict[int, date], now: datetime) -> Iterator[NewItem]:
    for person in occasions.born_on(sorted(days), today=rules.day_of(now)):
        day = days[person.birthday]
        turns = day.year - person.birth_date.year if person.birth_date is not None else 0
        yield NewItem(
            kind=KIND,
            occurrence=f"{person.id}:{day.year}",
            starts_at=now,
            due_at=rules.end_of(day),
            party_id=person.id,
            owner_id=person.manager_id,
            unit_id=person.unit_id,
            detail={"day": day.isoformat(), "age": turns},
            subject_kind="party",
            subject_id=person.id,
        )
