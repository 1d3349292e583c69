"""Rows of many tables that follow an owner into another one and come back later: set-wise, with a ledger.

Home of a row is the owner it belonged to before anything was merged. The ledger has an entry for every row that is not
at home; a row without one is. So where a row goes when owners are separated does not depend on the order of what
happened before: it goes to whoever its home now belongs to.

Every function works on sets (staged tables), in the caller's transaction, with the owners locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection
from psycopg import sql

from anxin.kernel import bulk
from anxin.kernel.bulk_select import NewKey

NEW_KEY: Final = sql.SQL(NewKey.template)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Names of tables. `moves`: id, table_name, column_name, row_id, home_id, merge_id, is_lowered. `shelf`: id,
    table_name, row_id, home_id, other_home_id, merge_id, payload. `owners`: id, replaced_by_id."""

    moves: str
    shelf: str
    owners: str


@dataclass(frozen=True, kw_only=True)
class Follower:
    """A column of a table with the key `id`. `once`, `only`, `single`, `within`: see customers.data.merging."""

    table: str
    column: str
    once: tuple[str, ...] | None = None
    only: Mapping[str, str | bool | None] = field(default_factory=dict, hash=False)
    single: str = ""
    within: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The rows of `loser` go to `survivor`. In one set every owner stands once: chains and clusters go in rounds."""

    loser: UUID
    survivor: UUID
    merge: UUID


def stage_pairs(pairs: Iterable[Pair]) -> str:
    rows = [(one.loser.hex, one.survivor.hex, one.merge.hex) for one in pairs]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("loser", "survivor", "merge_id"), pl.String()), orient="row")
    return bulk.stage(frame, dict.fromkeys(frame.columns, "uuid"), key=("loser",))


def stage_sides(sides: Mapping[UUID, UUID]) -> str:
    """`sides`: every owner of the clusters concerned → the owner whose rows theirs now are."""
    rows = [(owner.hex, root.hex) for owner, root in sides.items()]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("owner", "root"), pl.String()), orient="row")
    return bulk.stage(frame, dict.fromkeys(frame.columns, "uuid"), key=("owner",))


def take(follower: Follower, ledger: Ledger, pairs: str) -> dict[UUID, int]:
    """Rows of the losers go to their survivors, but for those that do not fit; how many went, by merge."""
    single = name_of(follower.single) if follower.single else None
    statement = compose(
        """
        WITH was AS (
            SELECT t.id AS row_id, p.loser, p.survivor, p.merge_id, {raised} AS raised, {taken} AS taken
            FROM {pairs} p JOIN {table} t ON t.{column} = p.loser WHERE {fits}
        ), moved AS (
            UPDATE {table} t SET {column} = was.survivor {lower}
            FROM was WHERE t.id = was.row_id AND t.{column} = was.loser
            RETURNING was.row_id, was.loser, was.merge_id, was.raised AND was.taken AS is_lowered
        ), noted AS (
            INSERT INTO {moves} AS m (id, table_name, column_name, row_id, home_id, merge_id, is_lowered)
            SELECT {key}, {table_text}, {column_text}, row_id, loser, merge_id, is_lowered FROM moved
            ON CONFLICT (table_name, column_name, row_id)
                DO UPDATE SET is_lowered = m.is_lowered OR EXCLUDED.is_lowered
        )
        SELECT merge_id, count(*) FROM moved GROUP BY merge_id
        """,
        **_names(follower, ledger),
        pairs=name_of(pairs),
        fits=_fits(follower, sql.SQL("p.survivor")),
        raised=sql.SQL("t.{}").format(single) if single else sql.SQL("false"),
        taken=_has_flag(follower, sql.SQL("p.survivor")) if single else sql.SQL("false"),
        lower=sql.SQL(", {0} = t.{0} AND NOT was.taken").format(single) if single else sql.SQL(""),
    )
    return counts(statement)


def give_back(follower: Follower, ledger: Ledger, sides: str) -> int:
    """Rows that stand on another side than their home go to the owner of their side; how many went."""
    single = name_of(follower.single) if follower.single else None
    group: list[sql.Composable] = [sql.SQL("h.root")]
    if follower.once is not None:
        group += [sql.SQL("t.{}").format(name_of(name)) for name in follower.once]
        # Rows that nothing forbids stand alone in their group.
        if follower.only:
            group.append(sql.SQL("CASE WHEN {} THEN NULL ELSE t.id END").format(_only(follower, "t")))
    else:
        group.append(sql.SQL("t.id"))
    flags = [sql.SQL("h.root"), *(sql.SQL("t.{}").format(name_of(name)) for name in follower.within)]
    statement = compose(
        """
        WITH wrong AS (
            SELECT t.id AS row_id, g.id AS move_id, t.{column} AS at, g.home_id, h.root, g.is_lowered,
                row_number() OVER (PARTITION BY {group} ORDER BY g.home_id = h.root DESC, g.id) AS place,
                row_number() OVER (
                    PARTITION BY {flags} ORDER BY g.home_id = h.root DESC, g.is_lowered DESC, g.id
                ) AS flagged,
                {fits} AS fits, {has_flag} AS has_flag
            FROM {sides} h JOIN {moves} g ON g.home_id = h.owner AND g.table_name = {table_text}
                AND g.column_name = {column_text}
            JOIN {table} t ON t.id = g.row_id JOIN {sides} x ON x.owner = t.{column}
            WHERE x.root <> h.root
        ), target AS (
            SELECT *, CASE WHEN home_id = root OR (place = 1 AND fits) THEN root ELSE home_id END AS target,
                is_lowered AND (home_id = root OR NOT (place = 1 AND fits) OR (flagged = 1 AND NOT has_flag)) AS raise
            FROM wrong
        ), back AS (
            UPDATE {table} t SET {column} = target.target {raised}
            FROM target WHERE t.id = target.row_id AND t.{column} = target.at RETURNING t.id
        ), home AS (
            DELETE FROM {moves} g USING target WHERE g.id = target.move_id AND target.target = target.home_id
        ), raised AS (
            UPDATE {moves} g SET is_lowered = false FROM target
            WHERE g.id = target.move_id AND target.target <> target.home_id AND target.raise
        )
        SELECT count(*) FROM back
        """,
        **_names(follower, ledger),
        sides=name_of(sides),
        group=sql.SQL(", ").join(group),
        flags=sql.SQL(", ").join(flags),
        fits=_fits(follower, sql.SQL("h.root")),
        has_flag=_has_flag(follower, sql.SQL("h.root")) if single else sql.SQL("true"),
        raised=sql.SQL(", {0} = t.{0} OR target.raise").format(single) if single else sql.SQL(""),
    )
    return count(statement)


def raise_flags(follower: Follower, ledger: Ledger, sides: str) -> int:
    """Where an owner has no row with the single flag any more, the first one that was lowered bears it again."""
    if not follower.single:
        return 0
    statement = compose(
        """
        WITH free AS (
            SELECT t.id AS row_id, g.id AS move_id,
                row_number() OVER (PARTITION BY {flags} ORDER BY g.id) AS place
            FROM (SELECT DISTINCT root FROM {sides}) x JOIN {table} t ON t.{column} = x.root
            JOIN {moves} g ON g.table_name = {table_text} AND g.column_name = {column_text} AND g.row_id = t.id
            WHERE g.is_lowered AND NOT t.{single} AND NOT {has_flag}
        ), raised AS (
            UPDATE {table} t SET {single} = true FROM free WHERE free.place = 1 AND t.id = free.row_id
        )
        UPDATE {moves} g SET is_lowered = false FROM free WHERE free.place = 1 AND g.id = free.move_id
        """,
        **_names(follower, ledger),
        sides=name_of(sides),
        single=name_of(follower.single),
        flags=sql.SQL(", ").join(sql.SQL("t.{}").format(name_of(name)) for name in (follower.column, *follower.within)),
        has_flag=_has_flag(follower, sql.SQL("x.root")),
    )
    return run(statement)


def forget_move(ledger: Ledger, table: str, column: str, rows: Sequence[UUID]) -> None:
    """Drop the entries of rows that were set by somebody who knows better."""
    statement = compose(
        "DELETE FROM {moves} WHERE table_name = {table_text} AND column_name = {column_text} AND row_id = ANY({rows})",
        moves=name_of(ledger.moves),
        table_text=sql.Literal(table),
        column_text=sql.Literal(column),
        rows=sql.Literal(list(rows)),
    )
    run(statement)


# --- Pieces -----------------------------------------------------------------------------------------------------------


def _names(follower: Follower, ledger: Ledger) -> dict[str, sql.Composable]:
    return {
        "table": name_of(follower.table),
        "column": name_of(follower.column),
        "table_text": sql.Literal(follower.table),
        "column_text": sql.Literal(follower.column),
        "moves": name_of(ledger.moves),
        "key": NEW_KEY,
    }


def _fits(follower: Follower, owner: sql.Composable) -> sql.Composable:
    """Nothing stands at `owner` that forbids row t."""
    if follower.once is None:
        return sql.SQL("true")
    conditions: list[sql.Composable] = [sql.SQL("o.{} = {}").format(name_of(follower.column), owner)]
    conditions += [sql.SQL("o.{0} IS NOT DISTINCT FROM t.{0}").format(name_of(name)) for name in follower.once]
    if follower.only:
        conditions.append(_only(follower, "o"))
    free = sql.SQL("NOT EXISTS (SELECT 1 FROM {} o WHERE {})").format(
        name_of(follower.table), sql.SQL(" AND ").join(conditions)
    )
    return sql.SQL("(NOT ({}) OR {})").format(_only(follower, "t"), free) if follower.only else free


def _only(follower: Follower, alias: str) -> sql.Composable:
    return sql.SQL(" AND ").join(
        sql.SQL("{}.{} IS NULL").format(name_of(alias), name_of(name))
        if value is None
        else sql.SQL("{}.{} = {}").format(name_of(alias), name_of(name), sql.Literal(value))
        for name, value in follower.only.items()
    )


def _has_flag(follower: Follower, owner: sql.Composable) -> sql.Composable:
    conditions = [sql.SQL("f.{} = {}").format(name_of(follower.column), owner)]
    conditions += [sql.SQL("f.{0} IS NOT DISTINCT FROM t.{0}").format(name_of(name)) for name in follower.within]
    conditions.append(sql.SQL("f.{}").format(name_of(follower.single)))
    return sql.SQL("EXISTS (SELECT 1 FROM {} f WHERE {})").format(
        name_of(follower.table), sql.SQL(" AND ").join(conditions)
    )


def name_of(text: str) -> sql.Identifier:
    return sql.Identifier(text)


def compose(statement: str, **parts: sql.Composable) -> sql.Composed:
    return sql.SQL(statement).format(**parts)


def run(statement: sql.Composed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        return max(int(cursor.rowcount), 0)


def count(statement: sql.Composed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        row: Any = cursor.fetchone()
        return int(row[0])


def counts(statement: sql.Composed) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        return dict(cursor.fetchall())
