"""Whole sets written from what a query finds, without the rows coming through Python: INSERT … SELECT, UPDATE … FROM.

Rooms say what they mean with QuerySets and expressions; Django's own compiler makes the SELECT, this module what stands
around it. Names become identifiers by `psycopg.sql`, values stay parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from psycopg import sql

# Not one of the model's names, which an annotation must not bear.
_ALIAS: Final = "set_{}"
_KEY: Final = "set_key"


class Differs(Func):
    """`a IS DISTINCT FROM b`: unequal, or one of them null. For `filter`."""

    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "
    arity = 2
    output_field = models.BooleanField()


class NewKey(Func):
    """A fresh version 7 key (RFC 9562) for each row. PostgreSQL has `uuidv7()` only from 18 on.

    Random bytes of a version 4 key, the milliseconds over the first six, two bits more for the version.
    """

    template = (
        "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING "
        "substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) "
        "FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid"
    )
    arity = 0
    output_field = models.UUIDField()


def insert_select(model: type[models.Model], rows: QuerySet[Any], columns: Mapping[str, Any]) -> int:
    """A new row of `model` for each row of `rows`; one that a unique constraint refuses is left out. Returns how many.

    `columns`: field of `model` → value, or expression over `rows`. Fields not named take their default; the primary key
    is a new one.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    given = {_attname(model, name): value for name, value in columns.items()}
    if unknown := set(given) - set(fields):
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}.")
    wanted: dict[str, Any] = {}
    for name, field in fields.items():
        if name in given:
            wanted[name] = given[name]
        elif field.primary_key:
            wanted[name] = NewKey()
        else:
            wanted[name] = field.get_default()
    try:
        select, values = _select(rows, {name: _expression(value, fields[name]) for name, value in wanted.items()})
    except EmptyResultSet:
        return 0
    # Sorted, so that all rows are found before the first is written: a query that also reads the table it fills would
    # else meet its own rows again and again (measured: 174 s instead of 5 s for 62,000 rows into an empty table).
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM ({}) s ORDER BY 1 ON CONFLICT DO NOTHING").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(_column(fields[name])) for name in wanted]),
        sql.SQL(select),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection), values)
        return int(cursor.rowcount)


def update_select(rows: QuerySet[Any], columns: Mapping[str, Any], *, bump: Sequence[str] = ()) -> list[UUID]:
    """Set `columns` (field → value or expression over `rows`, joins too) on the rows of the query. Returns their keys.

    The rows are locked in the order of their keys before they change, and the conditions of `rows` are checked again on
    those somebody else changed meanwhile: two such updates never wait for one another in a circle, none overwrites what
    it has not seen. `bump`: counters to raise by one.
    """
    model = rows.model
    fields = {field.attname: field for field in model._meta.concrete_fields}
    given = {_attname(model, name): value for name, value in columns.items()}
    wanted = {name: _expression(value, fields[name]) for name, value in given.items()}
    try:
        select, values = _select(rows.order_by("pk"), {_KEY: F("pk"), **wanted})
    except EmptyResultSet:
        return []
    names = [_ALIAS.format(number) for number in range(len(wanted) + 1)]
    sets = [
        sql.SQL("{} = s.{}").format(sql.Identifier(_column(fields[name])), sql.Identifier(alias))
        for name, alias in zip(wanted, names[1:], strict=True)
    ]
    sets += [sql.SQL("{0} = t.{0} + 1").format(sql.Identifier(name)) for name in bump]
    table = sql.Identifier(model._meta.db_table)
    statement = sql.SQL(
        "UPDATE {} t SET {} FROM ({} FOR UPDATE OF {}) s ({}) WHERE t.{} = s.{} RETURNING t.{}"
    ).format(
        table, sql.SQL(", ").join(sets), sql.SQL(select), table, sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.Identifier(_primary(model)), sql.Identifier(names[0]), sql.Identifier(_primary(model)),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection), values)
        return [key for (key,) in cursor.fetchall()]


def _select(rows: QuerySet[Any], columns: Mapping[str, Combinable | Q]) -> tuple[str, tuple[Any, ...]]:
    """The SELECT of `columns` over `rows`, in their order, and its parameters."""
    aliased = {_ALIAS.format(number): column for number, column in enumerate(columns.values())}
    query = rows.annotate(**aliased).values_list(*aliased).query
    text, values = query.sql_with_params()
    return text, tuple(values)


def _attname(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    return str(getattr(field, "attname", name))


def _primary(model: type[models.Model]) -> str:
    key = model._meta.pk
    if key is None:
        raise ValueError(f"{model.__name__} has no primary key.")
    return _column(key)


def _column(field: models.Field[Any, Any]) -> str:
    return str(field.column)


def _expression(value: Any, field: models.Field[Any, Any]) -> Combinable | Q:
    if isinstance(value, Combinable | Q):
        return value
    # Cast, because in a SELECT of a SELECT a bare NULL would be text.
    return Cast(Value(value, output_field=field), output_field=field)
