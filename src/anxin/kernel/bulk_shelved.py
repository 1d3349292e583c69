"""A table whose rows are seen from one or two sides, and what `bulk_shelf` says of such rows in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from anxin.kernel import bulk_merge
from anxin.kernel.bulk_merge import Ledger


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """A table whose rows are unique by `key`, which holds one or two owner `columns`; what does not fit is shelved.

    `needs`: other columns and the tables whose rows they must find when the row comes back. `mirrored`: a column whose
    value, read from the other end, is another one (`mirrors`): a row that came says what its mirror says already. Rows
    nothing moved are left alone, mirrored or not.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    newest: str = ""
    needs: tuple[tuple[str, str], ...] = ()
    mirrored: str = ""
    mirrors: tuple[tuple[str, str], ...] = ()


def names(rule: Shelved, ledger: Ledger) -> dict[str, sql.Composable]:
    return {
        "table": bulk_merge.name_of(rule.table),
        "table_text": sql.Literal(rule.table),
        "moves": bulk_merge.name_of(ledger.moves),
        "shelf": bulk_merge.name_of(ledger.shelf),
        "key": bulk_merge.NEW_KEY,
    }


def numbered(rule: Shelved) -> list[tuple[sql.SQL, str]]:
    return [(sql.SQL(str(number)), column) for number, column in enumerate(rule.columns, 1)]


def moved(rule: Shelved, ledger: Ledger) -> sql.Composable:
    return sql.SQL(" ").join(
        sql.SQL("LEFT JOIN {} g{} ON g{}.row_id = t.id AND g{}.table_name = {} AND g{}.column_name = {}").format(
            bulk_merge.name_of(ledger.moves), n, n, n, sql.Literal(rule.table), n, sql.Literal(column)
        )
        for n, column in numbered(rule)
    )


def homes(rule: Shelved) -> sql.Composable:
    found: list[sql.Composable] = [
        sql.SQL("coalesce(g{}.home_id, t.{})").format(n, bulk_merge.name_of(column)) for n, column in numbered(rule)
    ]
    return sql.SQL(", ").join(found if len(found) == 2 else [*found, sql.SQL("NULL::uuid")])


def equal(key: Sequence[str], left: str, right: str) -> sql.Composable:
    return sql.SQL(" AND ").join(
        sql.SQL("{0}.{2} = {1}.{2}").format(
            bulk_merge.name_of(left), bulk_merge.name_of(right), bulk_merge.name_of(name)
        )
        for name in key
    )


def seen_from_there(rule: Shelved, alias: str) -> sql.Composable:
    """What the mirrored column says read from the other end; null where nothing is known of it."""
    column = sql.SQL("{}.{}").format(bulk_merge.name_of(alias), bulk_merge.name_of(rule.mirrored))
    whens = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(one), sql.Literal(other)) for one, other in rule.mirrors
    )
    return sql.SQL("(CASE {} {} END)").format(column, whens)


def mirror(rule: Shelved, left: str, right: str) -> sql.Composable:
    one, other = map(bulk_merge.name_of, rule.columns)
    return sql.SQL("{l}.{a} = {r}.{b} AND {l}.{b} = {r}.{a} AND {l}.{kind} = {seen}").format(
        l=bulk_merge.name_of(left), r=bulk_merge.name_of(right), a=one, b=other,
        kind=bulk_merge.name_of(rule.mirrored), seen=seen_from_there(rule, right),
    )  # fmt: skip


def either_way(rule: Shelved, alias: str) -> sql.Composable:
    """The key of a row and of its mirror: the same for both."""
    if not rule.mirrored:
        return sql.SQL(", ").join(
            sql.SQL("{}.{}").format(bulk_merge.name_of(alias), bulk_merge.name_of(name)) for name in rule.key
        )
    row, one, other = (bulk_merge.name_of(name) for name in (alias, *rule.columns))
    kind = sql.SQL("{}.{}").format(row, bulk_merge.name_of(rule.mirrored))
    # A kind nobody can read backwards is nobody's mirror.
    turned = sql.SQL("coalesce({}, '<' || {})").format(seen_from_there(rule, alias), kind)
    rest = [name for name in rule.key if name not in (*rule.columns, rule.mirrored)]
    parts = [
        sql.SQL("least({0}.{1}, {0}.{2})").format(row, one, other),
        sql.SQL("greatest({0}.{1}, {0}.{2})").format(row, one, other),
        sql.SQL("CASE WHEN {0}.{1} <= {0}.{2} THEN {3} ELSE {4} END").format(row, one, other, kind, turned),
        *(sql.SQL("{}.{}").format(row, bulk_merge.name_of(name)) for name in rest),
    ]
    return sql.SQL(", ").join(parts)
