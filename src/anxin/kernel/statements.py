"""Statements that are asked all day: made once from a QuerySet, afterwards only bound to other values.

To make the SQL of a nested SELECT anew costs the ORM more than the database needs to answer it, and to plan it costs
the database as much again. A `Statement` lets Django's own compiler make the text once for each process, and PostgreSQL
plan it once for each connection. Rooms still say what they mean with QuerySets: no SQL is written by hand here.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import F, Func, Lookup, QuerySet, Value
from psycopg import postgres, sql
from psycopg.adapt import AdaptersMap
from psycopg.pq import Format

Kept = TypeVar("Kept")

_PLACE: Final = re.compile("%[s%]")
_SIGNS: Final = ("a11ce00", "0001-02-", "1711000", b"a11ce000".hex())
_FIRST_BY_PLACE: Final = re.compile(r" ORDER BY \d+ (?:ASC|DESC)(?:, \d+ (?:ASC|DESC))* LIMIT \d+\Z")
_MOST_SHAPES: Final = 500
_TIMESTAMPTZ: Final = postgres.types["timestamptz"].oid


@models.ForeignObject.register_lookup  # knows nothing of what is registered for fields at large
@models.Field.register_lookup
class AnyOf(Lookup):
    """`unit__any_of=[…]`: one of a list that is a single parameter, so that the text is the same for any length."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*values, list(self.rhs))


class Json(Func):
    """A JSON object of named expressions: `Json(ref=F("ref"), tags=ArraySubquery(…))`. Read as a dict."""

    function = "json_build_object"
    output_field = models.TextField()

    def __init__(self, *names: str, **expressions: Any) -> None:
        given = {name: F(name) for name in names} | expressions
        super().__init__(*(part for name, value in given.items() for part in (Value(name), value)))


@dataclass(frozen=True)
class _Compiled:
    text: str
    names: tuple[str, ...]  # of the values: $1 first


class Statement:
    """`Statement(build, ref=str, today=date)`: `build(*shape, ref=…, today=…)` makes a QuerySet of `values_list`.

    `shape` is what changes the text (a scope, which parts are wanted); everything else comes in by keyword and must
    reach the query as it is: compared for equality or order, `any_of` for a list of UUIDs (`list`). Values come back as
    the driver reads them: `Json` as a dict, other columns without Django's conversions.

    `each="member"` makes one of the UUIDs a list: the first rows of each member are sought by themselves, and of all
    found the first are given. `build` then orders by columns it returns, and slices. An index that begins with the
    member is used however many or few rows a member has; with `any_of` the planner guesses, and may walk through all.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *, each: str = "", **kinds: type) -> None:
        self._build = build
        self._each = each
        self._markers = {name: _marker(kind, number) for number, (name, kind) in enumerate(kinds.items())}
        self._compiled: dict[tuple[Hashable, ...], _Compiled | None] = {}

    def all(self, *shape: Hashable, **values: Any) -> list[Any]:
        """Every row as a tuple. One query."""
        compiled = self._get(shape, values)
        if compiled is None:
            return []
        with _cursor() as cursor:
            cursor.execute(compiled.text, [_sent(values[name]) for name in compiled.names])
            return list(cursor.fetchall())

    def one(self, *shape: Hashable, **values: Any) -> Any:
        """The first column of the first row; None without a row. One query."""
        rows = self.all(*shape, **values)
        return rows[0][0] if rows else None

    def _get(self, shape: tuple[Hashable, ...], values: dict[str, Any]) -> _Compiled | None:
        if values.keys() != self._markers.keys():
            raise ValueError(f"This statement takes {', '.join(self._markers)}.")
        try:
            return self._compiled[shape]
        except KeyError:
            if len(self._compiled) >= _MOST_SHAPES:
                self._compiled.clear()
            made = self._compiled[shape] = self._compile(shape)
            return made

    def _compile(self, shape: tuple[Hashable, ...]) -> _Compiled | None:
        try:
            text, params = self._build(*shape, **self._markers).query.sql_with_params()
        except EmptyResultSet:
            return None
        names: list[str] = []
        left = iter(params)

        def place(match: re.Match[str]) -> str:
            if match[0] == "%%":
                return "%"
            value = next(left)
            name = self._name_of(value)
            if name is None:
                literal = _literal(value)
                if any(sign in literal for sign in _SIGNS):
                    raise ValueError("A value was changed on its way into the query, which cannot be bound to others.")
                return literal
            if name == self._each:
                return "each_one.key"
            if name not in names:
                names.append(name)
            return f"${names.index(name) + 1}"

        made = _PLACE.sub(place, text)
        if self._each:
            ending = _FIRST_BY_PLACE.search(made)
            if ending is None:
                raise ValueError("What is asked for each of a list must be ordered by what it returns, and sliced.")
            names.append(self._each)
            frame = "SELECT part.* FROM unnest({}::uuid[]) each_one(key), LATERAL ({}) part{}"
            made = _around(frame, f"${len(names)}", made, ending[0])
        return _Compiled(made, tuple(names))

    def _name_of(self, value: Any) -> str | None:
        plain = getattr(value, "obj", value)  # psycopg wraps bytes and JSON
        for name, marker in self._markers.items():
            if type(marker) is type(plain) and marker == plain:
                return name
        return None


class Insertion:
    """`Insertion(Entry)`: new rows of a model with every column but the key, which the database gives."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        self._fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
        self._text = ""

    def run(self, **values: Any) -> None:
        """One row, as `objects.create` would make it, without an object and without signals."""
        if values.keys() != self._fields.keys():
            raise ValueError(f"{self._model.__name__} takes {', '.join(self._fields)}.")
        with _cursor() as cursor:
            self._text = self._text or self._compile()
            cursor.execute(
                self._text,
                [field.get_db_prep_save(values[name], connection) for name, field in self._fields.items()],
            )

    def _compile(self) -> str:
        columns = [sql.Identifier(str(field.column)) for field in self._fields.values()]
        places = [sql.SQL(f"${number + 1}") for number in range(len(columns))]
        return (
            sql.SQL("INSERT INTO {} ({}) VALUES ({})")
            .format(sql.Identifier(self._model._meta.db_table), sql.SQL(", ").join(columns), sql.SQL(", ").join(places))
            .as_string(connection.connection)
        )


def count(
    rows: Callable[[], QuerySet[Any, Any]],
    *,
    at_most: int,
    dearest: float,
    sure: float = math.inf,
    key: Hashable = None,
) -> tuple[int, bool]:
    """How many rows there are, counted up to `at_most`, and False; or about how many, and True.

    The planner is asked first: where it expects to work for more than `dearest` (a thousand of its units take about
    5 ms), or to find more than `sure` rows, its expectation is the answer. Two queries at most.
    What it expects is kept for a minute by `key`, which says all that the rows depend on.
    """
    known = _expected.get(key)
    if known is not None and _is_enough(known, dearest, sure):
        return known.rows, True
    made = _plain(rows())
    if made is None:
        return 0, False
    known = known or _expectation(made, key)
    if _is_enough(known, dearest, sure):
        return known.rows, True
    text, values = made
    with connection.cursor() as cursor:
        cursor.execute(_around("SELECT COUNT(*) FROM ({} LIMIT %s) counted", text), (*values, at_most))
        ((number,),) = cursor.fetchall()
        return int(number), False


def expect(rows: Callable[[], QuerySet[Any, Any]], *, key: Hashable) -> Expected:
    """What the planner expects of all the rows. At most one query, whose answer is kept for a minute by `key`, as for
    `count`."""
    known = _expected.get(key)
    if known is None:
        made = _plain(rows())
        known = Expected(0, 0.0) if made is None else _expectation(made, key)
    return known


def expect_walk(rows: Callable[[], QuerySet[Any, Any]], *, key: Hashable) -> Walk:
    """What the planner expects of the first rows in their order. `rows` is ordered and sliced. At most one query, whose
    answer is kept for a minute by `key`."""
    known = _walks.get(key)
    if known is not None:
        return known
    try:
        text, values = rows().query.sql_with_params()
    except EmptyResultSet:
        return Walk(0.0, 0.0)
    plan = _plan_of(text, values)
    # A condition asked once for all rows hangs on the uppermost node, beside the way to the rows.
    ways = [one for one in plan.get("Plans", ()) if one["Parent Relationship"] == "Outer"]
    below = ways[0] if plan["Node Type"] == "Limit" else plan
    return _walks.keep(key, Walk(float(plan["Total Cost"]), float(below["Total Cost"])))


def _plain(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]] | None:
    """The statement of the keys of rows in no order; None when there can be none."""
    try:
        return rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None


def _expectation(made: tuple[str, tuple[Any, ...]], key: Hashable) -> Expected:
    plan = _plan_of(*made)
    return _expected.keep(key, Expected(int(plan["Plan Rows"]), float(plan["Total Cost"])))


def _plan_of(text: str, values: tuple[Any, ...]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_around("EXPLAIN (FORMAT JSON) {}", text), values)
        ((plan,),) = cursor.fetchall()
    found: dict[str, Any] = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return found


def forget_expectations() -> None:
    """Have the planner asked again, as after its figures changed."""
    _expected.clear()
    _walks.clear()


class Expected(NamedTuple):
    """What the planner expects of a statement: rows, and its own units, of which a thousand take 2 to 5 ms."""

    rows: int
    cost: float


class Walk(NamedTuple):
    """What the planner expects of the first rows in their order, in its units: if rows lie evenly there (`likely`), and
    if all of them come last (`longest`)."""

    likely: float
    longest: float


def _is_enough(expected: Expected, dearest: float, sure: float) -> bool:
    return expected.cost > dearest or expected.rows > sure


class _Expectations(Generic[Kept]):
    """The planner changes its mind with the next ANALYZE only. Kept by hash: a key may name somebody."""

    SECONDS: Final = 60
    MOST: Final = 10_000

    def __init__(self) -> None:
        self._kept: dict[int, tuple[float, Kept | None]] = {}

    def get(self, key: Hashable) -> Kept | None:
        if key is None:
            return None
        until, expected = self._kept.get(hash(key), (0.0, None))
        return expected if until > time.monotonic() else None

    def clear(self) -> None:
        self._kept.clear()

    def keep(self, key: Hashable, expected: Kept) -> Kept:
        if key is not None:
            if len(self._kept) >= self.MOST:
                self._kept.clear()
            self._kept[hash(key)] = (time.monotonic() + self.SECONDS, expected)
        return expected


_expected: Final = _Expectations[Expected]()
_walks: Final = _Expectations[Walk]()


def _around(frame: str, *texts: str) -> str:
    """A statement around what Django made."""
    return sql.SQL(frame).format(*map(sql.SQL, texts)).as_string(connection.connection)


def _marker(kind: type, number: int) -> Any:
    """A value of the kind that stands for nothing else, so that it is found again among the parameters."""
    if kind is UUID:
        return UUID(int=0xA11CE000_0000_0000_0000_0000_0000_0000 + number)
    if kind is list:
        return [UUID(int=0xA11CE001_0000_0000_0000_0000_0000_0000 + number)]
    if kind is date:
        return date(1, 2, 1 + number)
    if kind is datetime:
        return datetime(1, 2, 1 + number, tzinfo=UTC)
    if kind is bytes:
        return f"a11ce000 {number}".encode()
    if kind is int:
        return 1_711_000_000 + number
    if kind is str:
        return f"a11ce000 {number}"
    raise TypeError(f"A statement takes no {kind.__name__}.")


def _sent(value: Any) -> Any:
    """A list as the text of an array: the driver takes longer to write fifty keys than the database to find them."""
    return f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else value


def _literal(value: Any) -> str:
    connection.ensure_connection()
    return sql.Literal(value).as_string(connection.connection)


class _Prepared(psycopg.RawCursor[Any]):
    """Has every statement planned once for its connection, and takes `$1` as it stands."""

    @property
    def adapters(self) -> AdaptersMap:
        found = _adapters.get(self.connection)
        if found is None:
            found = _adapters[self.connection] = AdaptersMap(self.connection.adapters)
            # Django's loader of times can do without zones, and takes ten times as long; the driver's says UTC as well.
            if (times := psycopg.adapters.get_loader(_TIMESTAMPTZ, Format.TEXT)) is not None:
                found.register_loader(_TIMESTAMPTZ, times)
        return found

    # The context of the history would put statements with `%s` in front; it lets a cursor with a name be.
    name: Final = "prepared"

    def execute(self, query: Any, params: Any = None, **_more: Any) -> Any:
        super().execute(query, params, prepare=True)
        if self._query is None:
            # Django's log of statements looks here; the driver leaves it empty for a prepared one.
            self._query = self._convert_query(query, params)
        return self


_adapters: Final = WeakKeyDictionary[psycopg.Connection[Any], AdaptersMap]()


@contextmanager
def _cursor() -> Iterator[Any]:
    """Django's cursor, which checks the connection, counts, and turns errors, around one of our own."""
    own = cast(Any, connections[DEFAULT_DB_ALIAS])
    # As `connection.cursor()` does, which would make a cursor of the driver's first.
    own.close_if_health_check_failed()
    own.ensure_connection()
    with own._prepare_cursor(_Prepared(own.connection)) as wrapper:
        yield wrapper
