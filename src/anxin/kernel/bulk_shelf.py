"""Rows that are seen from two sides while their owners are merged: what does not fit is taken out, into a shelf.

Where both owners have the same row, or a row would tie an owner to itself, one of them is kept as JSON beside the
ledger of `bulk_merge` and put back, under its own key, as soon as it fits again.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from psycopg import sql

from anxin.kernel import bulk, bulk_merge, bulk_shelved
from anxin.kernel.bulk_merge import Ledger
from anxin.kernel.bulk_shelved import Shelved


def take(rule: Shelved, ledger: Ledger, pairs: str) -> dict[UUID, int]:
    """Rows of the losers go to their survivors; of equal ones all but one go to the shelf, and those that would tie an
    owner to itself. Returns how many rows were concerned, by merge."""
    todo = f"todo_{pairs}"
    names = bulk_shelved.names(rule, ledger)
    joins = sql.SQL(" ").join(
        sql.SQL("LEFT JOIN {} p{} ON p{}.loser = t.{}").format(
            bulk_merge.name_of(pairs), n, n, bulk_merge.name_of(column)
        )
        for n, column in bulk_shelved.numbered(rule)
    )
    concerned = sql.SQL(" UNION ").join(
        sql.SQL("SELECT t.id FROM {} p JOIN {} t ON t.{} = p.loser").format(
            bulk_merge.name_of(pairs), bulk_merge.name_of(rule.table), bulk_merge.name_of(column)
        )
        for column in rule.columns
    )
    after = sql.SQL(", ").join(
        sql.SQL("coalesce(p{}.survivor, t.{}) AS {}").format(n, bulk_merge.name_of(column), bulk_merge.name_of(column))
        for n, column in bulk_shelved.numbered(rule)
    )
    others = [name for name in rule.key if name not in rule.columns]
    newest = sql.SQL("t.{}").format(bulk_merge.name_of(rule.newest)) if rule.newest else sql.SQL("NULL::timestamptz")
    merge = sql.SQL("coalesce({})").format(
        sql.SQL(", ").join(sql.SQL("p{}.merge_id").format(n) for n, _ in bulk_shelved.numbered(rule))
    )
    with connection.cursor() as cursor:
        bulk.run(cursor, "DROP TABLE IF EXISTS {}", bulk_merge.name_of(todo))
    found = bulk_merge.run(
        bulk_merge.compose(
            """
            CREATE TEMPORARY TABLE {todo} ON COMMIT DROP AS
            SELECT t.id AS row_id, {after} {others}, {newest} AS newest, {merge} AS merge_id, true AS is_moved,
                false AS is_out
            FROM ({concerned}) c JOIN {table} t ON t.id = c.id {joins}
            """,
            **names,
            todo=bulk_merge.name_of(todo),
            after=after,
            newest=newest,
            merge=merge,
            concerned=concerned,
            joins=joins,
            others=sql.SQL("").join(sql.SQL(", t.{0} AS {0}").format(bulk_merge.name_of(name)) for name in others),
        )
    )
    if not found:
        return {}
    columns = sql.SQL(", ").join(map(bulk_merge.name_of, rule.key))
    bulk_merge.run(
        bulk_merge.compose(
            """
            INSERT INTO {todo} (row_id, {columns}, newest, is_moved, is_out)
            SELECT DISTINCT t.id, {values}, {newest}, false, false
            FROM {todo} c JOIN {table} t ON {same} WHERE NOT EXISTS (SELECT 1 FROM {todo} d WHERE d.row_id = t.id)
            """,
            **names,
            todo=bulk_merge.name_of(todo),
            columns=columns,
            newest=newest,
            values=sql.SQL(", ").join(sql.SQL("t.{}").format(bulk_merge.name_of(name)) for name in rule.key),
            same=bulk_shelved.equal(rule.key, "t", "c"),
        )
    )
    if rule.mirrored:
        bulk_merge.run(
            bulk_merge.compose(
                """
                INSERT INTO {todo} (row_id, {columns}, newest, is_moved, is_out)
                SELECT DISTINCT t.id, {values}, {newest}, false, false
                FROM {todo} c JOIN {table} t ON {mirror} WHERE NOT EXISTS (SELECT 1 FROM {todo} d WHERE d.row_id = t.id)
                """,
                **names,
                todo=bulk_merge.name_of(todo),
                columns=columns,
                newest=newest,
                values=sql.SQL(", ").join(sql.SQL("t.{}").format(bulk_merge.name_of(name)) for name in rule.key),
                mirror=bulk_shelved.mirror(rule, "t", "c"),
            )
        )
    itself = (
        sql.SQL("{} = {}").format(*map(bulk_merge.name_of, rule.columns))
        if len(rule.columns) == 2
        else sql.SQL("false")
    )
    out = bulk_merge.run(
        bulk_merge.compose(
            """
            UPDATE {todo} d SET is_out = true, merge_id = o.merges[1] FROM (
                SELECT row_id, {itself} OR row_number() OVER (
                    PARTITION BY {columns} ORDER BY {itself}, newest DESC NULLS LAST, is_moved, row_id
                ) > 1 OR (is_moved AND row_number() OVER (
                    PARTITION BY {either_way} ORDER BY {itself}, newest DESC NULLS LAST, is_moved, row_id
                ) > 1) AS is_out,
                array_agg(merge_id) FILTER (WHERE merge_id IS NOT NULL) OVER (PARTITION BY {columns}) AS merges
                FROM {todo} d
            ) o WHERE o.row_id = d.row_id AND o.is_out
            """,
            todo=bulk_merge.name_of(todo),
            columns=columns,
            either_way=bulk_shelved.either_way(rule, "d"),
            itself=itself,
        )
    )
    if out:
        _put_out(rule, ledger, todo)
    for column in rule.columns:
        bulk_merge.run(
            bulk_merge.compose(
                """
                INSERT INTO {moves} (id, table_name, column_name, row_id, home_id, merge_id, is_lowered)
                SELECT {key}, {table_text}, {text}, t.id, t.{column}, d.merge_id, false
                FROM {todo} d JOIN {table} t ON t.id = d.row_id
                WHERE d.is_moved AND NOT d.is_out AND d.{column} <> t.{column}
                ON CONFLICT (table_name, column_name, row_id) DO NOTHING
                """,
                **names,
                todo=bulk_merge.name_of(todo),
                column=bulk_merge.name_of(column),
                text=sql.Literal(column),
            )
        )
    bulk_merge.run(
        bulk_merge.compose(
            "UPDATE {table} t SET {sets} FROM {todo} d WHERE d.is_moved AND NOT d.is_out AND t.id = d.row_id",
            **names,
            todo=bulk_merge.name_of(todo),
            sets=sql.SQL(", ").join(
                sql.SQL("{0} = d.{0}").format(bulk_merge.name_of(column)) for column in rule.columns
            ),
        )
    )
    return bulk_merge.counts(
        bulk_merge.compose(
            "SELECT merge_id, count(*) FROM {todo} WHERE is_moved GROUP BY merge_id", todo=bulk_merge.name_of(todo)
        )
    )


def _put_out(rule: Shelved, ledger: Ledger, todo: str) -> None:
    """What does not fit goes from its table to the shelf, and what the ledger knew of it."""
    names = bulk_shelved.names(rule, ledger)
    bulk_merge.run(
        bulk_merge.compose(
            """
            INSERT INTO {shelf} (id, table_name, row_id, home_id, other_home_id, merge_id, payload)
            SELECT {key}, {table_text}, t.id, {homes}, d.merge_id, to_jsonb(t)
            FROM {todo} d JOIN {table} t ON t.id = d.row_id {moved} WHERE d.is_out
            """,
            **names,
            todo=bulk_merge.name_of(todo),
            homes=bulk_shelved.homes(rule),
            moved=bulk_shelved.moved(rule, ledger),
        )
    )
    bulk_merge.run(
        bulk_merge.compose(
            # As one list: the planner does not know how few they are.
            "DELETE FROM {moves} WHERE row_id = ANY(ARRAY(SELECT d.row_id FROM {todo} d WHERE d.is_out)) "
            "AND table_name = {table_text}",
            **names,
            todo=bulk_merge.name_of(todo),
        )
    )
    bulk_merge.run(
        bulk_merge.compose(
            "DELETE FROM {table} WHERE id = ANY(ARRAY(SELECT d.row_id FROM {todo} d WHERE d.is_out))",
            **names,
            todo=bulk_merge.name_of(todo),
        )
    )


def give_back(rule: Shelved, ledger: Ledger, sides: str) -> int:
    """Rows on the wrong side go to the owner of their home's side; then what was shelved and fits again comes back."""
    names = bulk_shelved.names(rule, ledger)
    done = 0
    for column in rule.columns:
        done += bulk_merge.count(
            bulk_merge.compose(
                """
                WITH wrong AS (
                    SELECT t.id AS row_id, g.id AS move_id, g.home_id, h.root
                    FROM {sides} h JOIN {moves} g ON g.home_id = h.owner AND g.table_name = {table_text}
                        AND g.column_name = {text}
                    JOIN {table} t ON t.id = g.row_id JOIN {sides} x ON x.owner = t.{column}
                    WHERE x.root <> h.root
                ), back AS (
                    UPDATE {table} t SET {column} = wrong.root FROM wrong WHERE t.id = wrong.row_id RETURNING t.id
                ), home AS (
                    DELETE FROM {moves} g USING wrong WHERE g.id = wrong.move_id AND wrong.root = wrong.home_id
                )
                SELECT count(*) FROM back
                """,
                **names,
                sides=bulk_merge.name_of(sides),
                column=bulk_merge.name_of(column),
                text=sql.Literal(column),
            )
        )
    return done + _unshelve(rule, ledger, sides)


def _unshelve(rule: Shelved, ledger: Ledger, sides: str) -> int:
    names = bulk_shelved.names(rule, ledger)
    back = f"back_{sides}"
    homes = ("home_id", "other_home_id")[: len(rule.columns)]
    roots = sql.SQL(", ").join(
        sql.SQL("(SELECT coalesce(o.replaced_by_id, o.id) FROM {} o WHERE o.id = s.{}) AS {}").format(
            bulk_merge.name_of(ledger.owners), bulk_merge.name_of(home), bulk_merge.name_of(column)
        )
        for home, column in zip(homes, rule.columns, strict=True)
    )
    others = [name for name in rule.key if name not in rule.columns]
    record = sql.SQL("jsonb_populate_record(NULL::{}, s.payload)").format(bulk_merge.name_of(rule.table))
    newest = (
        sql.SQL("(r.one).{}").format(bulk_merge.name_of(rule.newest)) if rule.newest else sql.SQL("NULL::timestamptz")
    )
    needs = sql.SQL(" ").join(
        sql.SQL("AND EXISTS (SELECT 1 FROM {} o WHERE o.id = (b.one).{})").format(
            bulk_merge.name_of(table), bulk_merge.name_of(column)
        )
        for column, table in rule.needs
    )
    exists = sql.SQL(" ").join(
        sql.SQL("AND b.{} IS NOT NULL").format(bulk_merge.name_of(column)) for column in rule.columns
    )
    apart = (
        sql.SQL("AND b.{} <> b.{}").format(*map(bulk_merge.name_of, rule.columns))
        if len(rule.columns) == 2
        else sql.SQL("")
    )
    at_home = sql.SQL(" AND ").join(
        sql.SQL("b.{} = b.{}").format(bulk_merge.name_of(home), bulk_merge.name_of(column))
        for home, column in zip(homes, rule.columns, strict=True)
    )
    # What stood side by side before any merge comes back side by side.
    unless_mirrored = (
        sql.SQL("WHERE is_at_home OR (mirrored = 1 AND NOT EXISTS (SELECT 1 FROM {} t WHERE {}))").format(
            bulk_merge.name_of(rule.table), bulk_shelved.mirror(rule, "t", "b")
        )
        if rule.mirrored
        else sql.SQL("")
    )
    with connection.cursor() as cursor:
        bulk.run(cursor, "DROP TABLE IF EXISTS {}", bulk_merge.name_of(back))
    bulk_merge.run(
        bulk_merge.compose(
            """
            CREATE TEMPORARY TABLE {back} ON COMMIT DROP AS
            SELECT * FROM (
            SELECT b.*, row_number() OVER (
                PARTITION BY {columns} ORDER BY newest DESC NULLS LAST, is_home DESC, shelf_id
            ) AS place, {at_home} AS is_at_home, row_number() OVER (
                PARTITION BY {either_way} ORDER BY {at_home} DESC, newest DESC NULLS LAST, is_home DESC, shelf_id
            ) AS mirrored
            FROM (
                SELECT s.id AS shelf_id, s.row_id, s.home_id, s.other_home_id, s.merge_id, r.one, {newest} AS newest,
                    {roots} {others},
                    s.home_id IN (SELECT root FROM {sides}) AS is_home
                FROM {shelf} s CROSS JOIN LATERAL (SELECT {record} AS one) r
                WHERE s.table_name = {table_text} AND s.id IN (
                    SELECT i.id FROM {sides} h JOIN {shelf} i ON i.home_id = h.owner
                    UNION SELECT i.id FROM {sides} h JOIN {shelf} i ON i.other_home_id = h.owner
                )
            ) b
            WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {same}) {exists} {apart} {needs}
            ) b {unless_mirrored}
            """,
            **names,
            back=bulk_merge.name_of(back),
            sides=bulk_merge.name_of(sides),
            record=record,
            newest=newest,
            roots=roots,
            columns=sql.SQL(", ").join(map(bulk_merge.name_of, rule.key)),
            others=sql.SQL("").join(
                sql.SQL(", (r.one).{0} AS {0}").format(bulk_merge.name_of(name)) for name in others
            ),
            same=bulk_shelved.equal(rule.key, "t", "b"),
            at_home=at_home,
            either_way=bulk_shelved.either_way(rule, "b"),
            unless_mirrored=unless_mirrored,
            exists=exists,
            apart=apart,
            needs=needs,
        )
    )
    put = sql.SQL(" || ").join(
        sql.SQL("jsonb_build_object({}, b.{})").format(sql.Literal(column), bulk_merge.name_of(column))
        for column in rule.columns
    )
    count = bulk_merge.run(
        bulk_merge.compose(
            """
            INSERT INTO {table} SELECT r.* FROM {back} b JOIN {shelf} s ON s.id = b.shelf_id
            CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, s.payload || {put}) r WHERE b.place = 1
            """,
            **names,
            back=bulk_merge.name_of(back),
            put=put,
        )
    )
    for home, column in zip(homes, rule.columns, strict=True):
        bulk_merge.run(
            bulk_merge.compose(
                """
                INSERT INTO {moves} (id, table_name, column_name, row_id, home_id, merge_id, is_lowered)
                SELECT {key}, {table_text}, {text}, b.row_id, b.{home}, b.merge_id, false
                FROM {back} b WHERE b.place = 1 AND b.{column} <> b.{home}
                """,
                **names,
                back=bulk_merge.name_of(back),
                text=sql.Literal(column),
                column=bulk_merge.name_of(column),
                home=bulk_merge.name_of(home),
            )
        )
    bulk_merge.run(
        bulk_merge.compose(
            "DELETE FROM {shelf} s USING {back} b WHERE b.place = 1 AND s.id = b.shelf_id",
            **names,
            back=bulk_merge.name_of(back),
        )
    )
    return count
