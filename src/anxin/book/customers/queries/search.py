"""Finding one customer by anything a caller may say: a character of the name, pinyin, a phone, an ID number.

Readings are tried from the most exact to the loosest and stop as soon as enough is found; no step sorts more than it
returns, so a character that a tenth of all customers carry costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from anxin.book.customers import access
from anxin.book.customers.queries import terms
from anxin.book.customers.queries.listing import CustomerRow, rows_of
from anxin.book.customers.queries.terms import Meaning
from anxin.kernel.actor import Actor

MOST: Final = 50


@dataclass(frozen=True, kw_only=True)
class Found:
    """Customers in order of fit, by what the text was understood as, and whether there may be more."""

    rows: tuple[CustomerRow, ...]
    meanings: tuple[Meaning, ...]
    has_more: bool = False


def find_customers(
    actor: Actor, text: str, *, limit: int = 8, extras: Sequence[str] = ("mobile",), permission: str = "customers.view"
) -> Found:
    """Up to `limit` customers within the actor's reach. Raises NotPermitted. A text without meaning finds nothing."""
    limit = max(1, min(limit, MOST))
    visible = access.visible_parties(actor, permission)
    ids: list[UUID] = []
    used: list[Meaning] = []
    for reading in terms.readings(text):
        used.append(reading.meaning)
        for step in reading.steps:
            rows = visible.filter(step.condition())
            if ids:
                rows = rows.exclude(pk__in=ids)
            # A beginning is ordered by its index; anything else comes as it is found and is ordered below.
            rows = rows.order_by(step.order) if step.order else rows
            ids += rows.values_list("pk", flat=True)[: limit + 1 - len(ids)]
            if len(ids) > limit:
                break
        if len(ids) > limit:
            break
    hits = rows_of(ids[:limit], extras=extras)
    return Found(rows=_by_fit(hits, terms.tidy(text)), meanings=tuple(used), has_more=len(ids) > limit)


def _by_fit(rows: Sequence[CustomerRow], text: str) -> tuple[CustomerRow, ...]:
    """The very name first, then names that begin so, each by premium."""

    def fit(row: CustomerRow) -> tuple[int, int]:
        place = 0 if row.name == text else 1 if row.name.startswith(text) else 2
        return place, -(row.annual_premium_fen or 0)

    return tuple(sorted(rows, key=fit))
