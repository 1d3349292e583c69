"""Finding one customer by anything a caller may say: a character of the name, pinyin, a phone, an ID number.

Readings are tried from the most exact to the loosest and stop as soon as enough is found; no step sorts more than it
returns, so a character that a tenth of all customers carry costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from anxin.book.customers import access
from anxin.book.customers.models import Party
from anxin.book.customers.queries import terms
from anxin.book.customers.queries.rows import CustomerRow, rows_of
from anxin.book.customers.queries.terms import Meaning, Step
from anxin.kernel.actor import Actor
from anxin.kernel.statements import Statement

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
    bounds = access.bounds(actor, permission)
    ids: list[UUID] = []
    used: list[Meaning] = []
    for reading in terms.readings(text):
        used.append(reading.meaning)
        for step in reading.steps:
            if step.between:
                ids += _beginning(actor, bounds, step, ids, limit)[: limit + 1 - len(ids)]
            else:
                # Comes as it is found and is ordered below.
                rows = visible.filter(step.condition()).exclude(pk__in=ids)
                ids += rows.values_list("pk", flat=True)[: limit + 1 - len(ids)]
            if len(ids) > limit:
                break
        if len(ids) > limit:
            break
    hits = rows_of(ids[:limit], extras=extras)
    return Found(rows=_by_fit(hits, terms.tidy(text)), meanings=tuple(used), has_more=len(ids) > limit)


def _beginning(actor: Actor, bounds: access.Bounds, step: Step, known: list[UUID], limit: int) -> list[UUID]:
    """In the order of the field's index: what is typed most, so its statement is made once."""
    low, high = step.between or ("", "")
    found = _BEGINNING.all(
        bounds.way, step.order, limit + 1,
        low=low, high=high, known=known, user=actor.user_id or _NOBODY, ids=list(bounds.ids),
        helped=list(bounds.helped),
    )  # fmt: skip
    return [key for (key,) in found]


def _build(
    way: access.Way, field: str, size: int, *, low: Any, high: Any, known: Any, user: Any, ids: Any, helped: Any
) -> QuerySet[Any, Any]:
    rows = Party.objects.filter(access.within(way, user=user, ids=ids, helped=helped), state=Party.State.ACTIVE)
    rows = rows.filter(**{f"{field}__gte": low, f"{field}__lt": high}).exclude(pk__any_of=known)
    return rows.order_by(field).values_list("pk")[:size]


_BEGINNING: Final = Statement(_build, low=str, high=str, known=list, user=UUID, ids=list, helped=list)
_NOBODY: Final = UUID(int=0)


def _by_fit(rows: Sequence[CustomerRow], text: str) -> tuple[CustomerRow, ...]:
    """The very name first, then names that begin so, each by premium."""

    def fit(row: CustomerRow) -> tuple[int, int]:
        place = 0 if row.name == text else 1 if row.name.startswith(text) else 2
        return place, -(row.annual_premium_fen or 0)

    return tuple(sorted(rows, key=fit))
