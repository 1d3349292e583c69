"""Lists that do not die with data: keyset pages behind a signed cursor, a closed list of sort orders, columns.

A list sorts by `Key`s, the last of which is unique. The cursor holds the values of the row at the edge, so the database
starts reading there: the thousandth page costs what the first one costs, and rows that arrive meanwhile shift nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django_stubs_ext import StrOrPromise

from anxin.kernel.paging import Page as Page
from anxin.kernel.paging import Row

PAGE_SIZE: Final = 50
LARGEST_PAGE: Final = 200
_SALT: Final = "anxin.kernel.web.tables"

Kind = Literal["text", "number", "money", "date", "grade", "check", "actions"]
Scalar = str | int | bool | Decimal | datetime | date | UUID | None


class BadCursor(ValueError):
    """The cursor was tampered with, or belongs to another list or order. Pages then show the first page."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list. `sort` names the order it offers; `flexible` is the one column that takes the rest."""

    code: str
    label: StrOrPromise
    kind: Kind = "text"
    sort: str = ""
    flexible: bool = False
    optional: bool = False
    hint: StrOrPromise = ""

    @property
    def css(self) -> str:
        """Figures that are compared stand right, grades in the middle."""
        classes = {"number": "r", "money": "r", "date": "r", "grade": "c", "check": "ck", "actions": "r"}
        return " ".join(filter(None, (classes.get(self.kind, ""), "el" if self.flexible else "")))


@dataclass(frozen=True)
class Key:
    """One field of an order. Nullable fields sort their empty rows last in either direction."""

    name: str
    is_descending: bool = False
    is_nullable: bool = False


def key(name: str, *, nullable: bool = False) -> Key:
    """`key("-due_at", nullable=True)`: descending, rows without a due time last."""
    return Key(name.removeprefix("-"), name.startswith("-"), nullable)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The orders one list allows. `code` names the list inside its cursors, so that none works on another list."""

    code: str
    orders: Mapping[str, tuple[Key, ...]]
    default: str
    columns: tuple[Column, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.default not in self.orders:
            raise ValueError(f"List {self.code!r}: the default order {self.default!r} is not among its orders.")
        for column in self.columns:
            if column.sort and column.sort not in self.orders and f"-{column.sort}" not in self.orders:
                raise ValueError(
                    f"List {self.code!r}: column {column.code!r} offers the unknown order {column.sort!r}."
                )

    def order(self, wanted: str | None) -> str:
        """The order asked for if it is allowed, else the default. Anything may stand in a URL."""
        return wanted if wanted is not None and wanted in self.orders else self.default

    def page(
        self,
        rows: QuerySet[Any, Row],
        *,
        sort: str | None = None,
        cursor: str = "",
        size: int = PAGE_SIZE,
        total: int | None = None,
        is_total_estimate: bool = False,
    ) -> Page[Row]:
        """One page in one query. Raises BadCursor; the rows' fields named in the order must be loaded, not deferred."""
        size = max(1, min(size, LARGEST_PAGE))
        name = self.order(sort)
        keys = self.orders[name]
        place = self._read(cursor, name, keys) if cursor else None
        backward = place is not None and place.is_backward
        if place is not None:
            rows = rows.filter(_beyond(keys, place.values, backward=backward))
        found: list[Row] = list(rows.order_by(*(_direction(part, backward=backward) for part in keys))[: size + 1])
        has_more = len(found) > size
        found = found[:size]
        if backward:
            found.reverse()
        if place is None:
            start = 1
        elif backward:
            # Rows may have been deleted or added on the way: a first page always counts from 1.
            start = max(1, place.start - len(found)) if has_more else 1
        else:
            start = place.start
        before = has_more if backward else place is not None
        after = True if backward else has_more
        return Page(
            rows=found,
            previous_cursor=self._write(name, keys, found[0], start, is_backward=True) if found and before else "",
            next_cursor=self._write(name, keys, found[-1], start + len(found), is_backward=False)
            if found and after
            else "",
            start=start if found else 0,
            sort=name,
            total=total,
            is_total_estimate=is_total_estimate,
        )

    def first_page_if_bad(self, rows: QuerySet[Any, Row], **wanted: Any) -> Page[Row]:
        """`page`, but a cursor that is not ours shows the first page: what a list page wants."""
        try:
            return self.page(rows, **wanted)
        except BadCursor:
            return self.page(rows, **{**wanted, "cursor": ""})

    def _write(self, name: str, keys: Sequence[Key], row: Any, start: int, *, is_backward: bool) -> str:
        values = [_pack(_value(row, part.name)) for part in keys]
        return signing.Signer(salt=_SALT).sign_object([self.code, name, int(is_backward), start, values])

    def _read(self, cursor: str, name: str, keys: Sequence[Key]) -> _Place:
        try:
            code, order, backward, start, packed = signing.Signer(salt=_SALT).unsign_object(cursor)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise BadCursor("The cursor is not ours.") from error
        if code != self.code or order != name or len(packed) != len(keys):
            raise BadCursor("The cursor belongs to another list or order.")
        return _Place(values=[_unpack(value) for value in packed], is_backward=bool(backward), start=int(start))


@dataclass(frozen=True, kw_only=True)
class _Place:
    values: Sequence[Scalar]
    is_backward: bool
    start: int


def _direction(part: Key, *, backward: bool) -> Any:
    expression = F(part.name)
    descending = part.is_descending != backward
    if not part.is_nullable:
        return expression.desc() if descending else expression.asc()
    # Read backwards, the rows without a value come first.
    if descending:
        return expression.desc(nulls_first=True) if backward else expression.desc(nulls_last=True)
    return expression.asc(nulls_first=True) if backward else expression.asc(nulls_last=True)


def _beyond(keys: Sequence[Key], values: Sequence[Scalar], *, backward: bool) -> Q:
    """Rows after (or before) the place: a > x, or a = x and b > y, …"""
    result: Q | None = None
    equal = Q()
    for part, value in zip(keys, values, strict=True):
        further = _further(part, value, backward=backward)
        if further is not None:
            step = equal & further
            result = step if result is None else result | step
        equal &= Q(**{f"{part.name}__isnull": True}) if value is None else Q(**{part.name: value})
    if result is None:
        raise BadCursor("The cursor names no place.")
    first, value = keys[0], values[0]
    if value is not None and not first.is_nullable:
        # Says nothing new, but an index on the first field can begin here; the OR alone would hide that.
        comparison = "lte" if first.is_descending != backward else "gte"
        result = Q(**{f"{first.name}__{comparison}": value}) & result
    return result


def _further(part: Key, value: Scalar, *, backward: bool) -> Q | None:
    if value is None:
        return Q(**{f"{part.name}__isnull": False}) if backward else None
    comparison = "lt" if part.is_descending != backward else "gt"
    further = Q(**{f"{part.name}__{comparison}": value})
    if part.is_nullable and not backward:
        further |= Q(**{f"{part.name}__isnull": True})
    return further


def _value(row: Any, name: str) -> Scalar:
    if isinstance(row, Mapping):
        value: Any = row[name]
    else:
        value = row
        for step in name.split("__"):
            value = getattr(value, step) if value is not None else None
    found: Scalar = value.pk if isinstance(value, Model) else value
    return found


def _pack(value: Scalar) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, UUID):
        return {"u": value.hex}
    return {"n": str(value)}


def _unpack(value: Any) -> Scalar:
    if not isinstance(value, dict):
        return value if value is None or isinstance(value, bool | int) else str(value)
    ((kind, text),) = value.items()
    if kind == "t":
        return datetime.fromisoformat(text)
    if kind == "d":
        return date.fromisoformat(text)
    return UUID(hex=text) if kind == "u" else Decimal(text)
