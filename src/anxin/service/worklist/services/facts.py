"""Facts about customers that end soon: the manager asks once more, or they are taken out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from anxin.book.customers.queries import occasions
from anxin.foundation.schemes import queries as schemes
from anxin.service.worklist import rules
from anxin.service.worklist.data import NewItem
from anxin.service.worklist.services.generation import ensure_items

KIND = "fact_ends"


def ensure_fact_prompts(*, now: datetime) -> int:
    """One item per managed customer and day on which facts end, due on that day."""
    today = rules.day_of(now)
    lead = schemes.active(rules.CARE, on=today).content.get("fact_lead_days", rules.CARE_DEFAULT["fact_lead_days"])
    return ensure_items(now=now, items=_items(now, lead if isinstance(lead, int) else 0))


def _items(now: datetime, lead: int) -> Iterator[NewItem]:
    today = rules.day_of(now)
    for one in occasions.facts_ending(after=today, until=today + timedelta(days=lead)):
        yield NewItem(
            kind=KIND, occurrence=f"{one.party_id}:{one.day}", starts_at=now, due_at=rules.end_of(one.day),
            party_id=one.party_id, owner_id=one.manager_id, unit_id=one.unit_id,
            detail={"day": one.day.isoformat(), "count": one.count}, subject_kind="party", subject_id=one.party_id,
        )  # fmt: skip
