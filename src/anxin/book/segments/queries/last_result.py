"""Counting all customers in the columns of the last run's own result.

A condition asks for three or four of a hundred columns. The table in the database holds them by rows and would be read
whole (a million customers: seconds); the file that the night wrote holds them by columns. It is read for those who see
all customers, on a machine that has it; everybody else, and whatever asks for texts of the file of a customer, goes by
the database, which knows who reaches whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.conf import settings

from anxin.book.segments.models import Run
from anxin.book.segments.rules import conditions
from anxin.book.segments.rules.conditions import FIELDS, Field, Sort, Tree
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope

ZONE: Final = "Asia/Shanghai"


def file_for(actor: Actor, permission: str = "segments.view") -> Path | None:
    """The result of the last run, for who sees all customers; None elsewhere."""
    if actor.require(permission) is not Scope.ALL:
        return None
    days = Run.objects.filter(state=Run.State.DONE, is_replay=False).order_by("-as_of", "-started_at")
    day = days.values_list("as_of", flat=True).first()
    file = Path(settings.ANXIN_HOME) / "analytics" / day.isoformat() / "standing.parquet" if day is not None else None
    return file if file is not None and file.is_file() else None


def knows(tree: Tree) -> bool:
    """Whether a checked condition asks for nothing but columns of the result."""
    if conditions.is_group(tree):
        return all(knows(child) for child in conditions.children(tree))
    field = FIELDS.get(str(tree["field"]))
    return field is not None and not field.column.startswith("party__")


def count(file: Path, tree: Tree, *, today: date) -> tuple[int, int] | None:
    """Customers and their annual premium; None when the file went while it was read (a run replaces it)."""
    try:
        found = (
            pl.scan_parquet(file)
            .filter(_condition(tree, today))
            .select(pl.len().alias("parties"), pl.col("annual_premium_fen").sum().alias("premium"))
            .collect()
        )
    except FileNotFoundError:
        return None
    return int(found["parties"].item()), int(found["premium"].item())


def grouped(
    file: Path, keys: Sequence[str], sums: Mapping[str, str], holders: Mapping[str, str]
) -> list[dict[str, Any]] | None:
    """Customers by the values of `keys`: each of them, `parties`, `sums` (name → column) and `holders` (name → column:
    how many have more than nothing there)."""
    try:
        profiles = pl.scan_parquet(file)
        kinds = profiles.collect_schema()
        values = [pl.col(key).fill_null("") if kinds[key] == pl.String else pl.col(key) for key in keys]
        found = (
            profiles.group_by(*values)
            .agg(
                pl.len().alias("parties"),
                *[pl.col(column).sum().alias(name) for name, column in sums.items()],
                *[(pl.col(column) > 0).sum().alias(name) for name, column in holders.items()],
            )
            .collect()
        )
    except FileNotFoundError:
        return None
    return found.to_dicts()


def _condition(tree: Tree, today: date) -> pl.Expr:
    if conditions.is_group(tree):
        parts = [_condition(child, today) for child in conditions.children(tree)]
        if not parts:
            return pl.lit(True)
        return pl.any_horizontal(parts) if "any" in tree else pl.all_horizontal(parts)
    field = FIELDS[str(tree["field"])]
    return _compared(field, str(tree["op"]), tree.get("value"), today).fill_null(False)


def _compared(field: Field, operator: str, value: Any, today: date) -> pl.Expr:
    """The same as `members` asks of the database, where nothing known is never true."""
    column = pl.col(field.column)
    if field.sort is Sort.CHOICE:
        wanted = column.fill_null("").is_in(list(value))
        return ~wanted if operator == "not_in" else wanted
    if field.sort is Sort.TEXT:
        text = column.fill_null("")
        if operator == "unknown":
            return text == ""
        return text.str.contains(value, literal=True) if operator == "contains" else text == value
    if field.sort is Sort.DATE:
        if operator == "unknown":
            return column.is_null()
        day = column.dt.convert_time_zone(ZONE).dt.date() if field.code == "last_contact_at" else column
        if operator in ("before", "from"):
            bound = date.fromisoformat(value)
            bounded: pl.Expr = day < bound if operator == "before" else day >= bound
            return bounded
        days = timedelta(days=value)
        if operator == "within_days":
            return day.is_between(today, today + days)
        return day.is_between(today - days, today) if operator == "last_days" else day <= today - days
    found: pl.Expr = column == value if operator == "eq" else column >= value if operator == "gte" else column <= value
    return found
