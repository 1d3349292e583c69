"""Keyset pages over one or more index-ordered runs of rows, read one after the other.

A list sorted by a figure of the nightly run is two runs: parties that have the figure, in its order, then those that
have none. Each run continues from a place with two plain index ranges (equal first key and later second key; later
first key) instead of one OR over both, which an index could not begin at.

Cursors are sealed, not only signed: one in the order of names holds a name, and addresses end up in logs.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from anxin.kernel import vault
from anxin.kernel.encryption import EncryptionError

LARGEST_PAGE: Final = 1_000
_NOWHERE: Final = UUID(int=0)


class BadCursor(ValueError):
    """The cursor was tampered with, or belongs to another list or order."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """Rows that match `where`, ordered by `first` (absent: by id alone) and then by id. Both go the same way.

    `is_small`: all that match are taken and sorted, instead of walking by an index of `first` until a page is full. The
    planner takes rows to lie evenly in every order, and walks through a million to find that the few are its last.
    """

    where: Q
    first: str = ""
    is_descending: bool = False
    is_small: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """The row at the edge of a page: in which run, with which values."""

    run: int
    value: Any
    row: UUID
    start: int
    is_backward: bool


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Ids of one page in order. `start` counts from 1, 0 when empty."""

    ids: tuple[UUID, ...]
    next_cursor: str
    previous_cursor: str
    start: int


def read(rows: QuerySet[Any], runs: Sequence[Run], *, code: str, cursor: str, size: int) -> Slice:
    """One page of `rows` in at most 2 queries per run. `code` names list and order inside the cursor; BadCursor."""
    size = max(1, min(size, LARGEST_PAGE))
    place = _unsign(cursor, code, len(runs)) if cursor else None
    backward = place is not None and place.is_backward
    found: list[tuple[int, Any, UUID]] = []
    order = range(len(runs))
    if place is not None:
        order = range(place.run, -1, -1) if backward else range(place.run, len(runs))
    for number in order:
        start = place if place is not None and number == place.run else None
        for part in _parts(rows, runs[number], start, backward=backward):
            missing = size + 1 - len(found)
            if missing <= 0:
                break
            found += [(number, value, row) for value, row in part[:missing]]
    has_more = len(found) > size
    found = found[:size]
    if backward:
        found.reverse()
    if place is None:
        first = 1
    elif backward:
        first = max(1, place.start - len(found)) if has_more else 1
    else:
        first = place.start
    before = has_more if backward else place is not None
    after = True if backward else has_more
    return Slice(
        ids=tuple(row for _, _, row in found),
        previous_cursor=_sign(code, found[0], first, is_backward=True) if found and before else "",
        next_cursor=_sign(code, found[-1], first + len(found), is_backward=False) if found and after else "",
        start=first if found else 0,
    )


def first_page(beginning: Callable[[int], Sequence[tuple[Any, UUID]]], runs: int, *, code: str, size: int) -> Slice:
    """The page `read` gives without a cursor, where statements stand ready for it.

    `beginning` answers for a run what `start_of` means: at most one query per run.
    """
    found: list[tuple[int, Any, UUID]] = []
    for number in range(runs):
        if len(found) > size:
            break
        found += [(number, value, row) for value, row in beginning(number)]
    has_more = len(found) > size
    found = found[: size + has_more]
    return Slice(
        ids=tuple(row for _, _, row in found[:size]),
        next_cursor=_sign(code, found[size - 1], size + 1, is_backward=False) if has_more else "",
        previous_cursor="",
        start=1 if found else 0,
    )


def start_of(rows: QuerySet[Any], run: Run, size: int) -> QuerySet[Any, Any]:
    """The first rows of a run, one more than `size`."""
    (ordered,) = _parts(rows, run, None, backward=False)
    return ordered[: size + 1]


def _parts(rows: QuerySet[Any], run: Run, place: Place | None, *, backward: bool) -> list[QuerySet[Any, Any]]:
    rows = rows.filter(run.where)
    descending = run.is_descending != backward
    sign, later = ("-", "lt") if descending else ("", "gt")
    if not run.first:
        if place is not None:
            rows = rows.filter(**{f"id__{later}": place.row})
        return [rows.order_by(f"{sign}id").values_list("id", "id")]
    # No index is in the order of an expression.
    by: Any = Coalesce(run.first, run.first) if run.is_small else F(run.first)
    ordered = rows.order_by(by.desc() if descending else by.asc(), f"{sign}id").values_list(run.first, "id")
    if place is None:
        return [ordered]
    same = rows.filter(**{run.first: place.value, f"id__{later}": place.row})
    return [
        same.order_by(f"{sign}id").values_list(run.first, "id"),
        ordered.filter(**{f"{run.first}__{later}": place.value}),
    ]


def _sign(code: str, row: tuple[int, Any, UUID], start: int, *, is_backward: bool) -> str:
    number, value, key = row
    text = json.dumps([number, _pack(value), key.hex, start, int(is_backward)])
    return base64.urlsafe_b64encode(vault.ring().seal(text, table="cursor", column=code, row=_NOWHERE)).decode()


def _unsign(cursor: str, code: str, runs: int) -> Place:
    try:
        text = vault.ring().open(base64.urlsafe_b64decode(cursor), table="cursor", column=code, row=_NOWHERE)
        number, value, key, start, backward = json.loads(text)
    except (EncryptionError, binascii.Error, ValueError, TypeError) as error:
        raise BadCursor("The cursor is not ours, or belongs to another list or order.") from error
    if not 0 <= int(number) < runs:
        raise BadCursor("The cursor belongs to another list or order.")
    return Place(run=int(number), value=_unpack(value), row=UUID(hex=key), start=int(start), is_backward=bool(backward))


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return None if isinstance(value, UUID) else value


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return datetime.fromisoformat(text) if kind == "t" else date.fromisoformat(text)
