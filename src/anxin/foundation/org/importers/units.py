"""Units of the insurer from a list of codes and parents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction

from anxin.foundation.org.models import Post, Unit
from anxin.kernel import bulk_finish, importing
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import (
    KEPT_SCHEMA,
    USED_SINCE,
    Applied,
    BatchContext,
    Checked,
    FieldKind,
    FieldSpec,
    Findings,
    Gone,
    Undone,
)
from anxin.kernel.words import mark as _

LEVELS: Final = {
    "hq": Unit.Level.HEADQUARTERS,
    "headquarters": Unit.Level.HEADQUARTERS,
    "总公司": Unit.Level.HEADQUARTERS,
    "province": Unit.Level.PROVINCE,
    "分公司": Unit.Level.PROVINCE,
    "省公司": Unit.Level.PROVINCE,
    "city": Unit.Level.CITY,
    "中心支公司": Unit.Level.CITY,
    "county": Unit.Level.COUNTY,
    "支公司": Unit.Level.COUNTY,
    "outlet": Unit.Level.OUTLET,
    "营业部": Unit.Level.OUTLET,
    "营销服务部": Unit.Level.OUTLET,
}


class UnitImporter:
    kind: str = "unit"
    label: str = _("Units")
    key_fields: Sequence[str] = ("code",)
    fields: Sequence[FieldSpec] = (
        FieldSpec(
            name="code",
            label=_("Unit code"),
            kind=FieldKind.CODE,
            is_required=True,
            max_length=40,
            aliases=("机构代码", "机构编码", "unit code", "code"),
        ),
        FieldSpec(
            name="name",
            label=_("Unit name"),
            is_required=True,
            max_length=80,
            aliases=("机构名称", "unit name", "name"),
        ),
        FieldSpec(
            name="level", label=_("Level"), is_required=True, max_length=20, aliases=("机构级别", "层级", "level")
        ),
        FieldSpec(
            name="parent_code",
            label=_("Code of the superior unit"),
            kind=FieldKind.CODE,
            max_length=40,
            aliases=("上级机构代码", "上级机构", "parent code", "parent"),
        ),
        FieldSpec(
            name="division_code",
            label=_("Administrative division"),
            kind=FieldKind.CODE,
            max_length=12,
            aliases=("行政区划代码", "division code"),
        ),
    )
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unit_code_invalid": _("A unit code holds letters, digits, hyphens and underscores only. Correct the code."),
        "unknown_level": _("The level is not known. Use HQ, province, city, county or outlet, or map the value."),
        "unknown_parent": _("There is no unit with this superior code. Import the superior unit first or correct it."),
        "unit_under_itself": _("The unit would stand below itself. Correct the code of the superior unit."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, self.fields)
        found = Findings(table)
        for name in ("code", "name", "level"):
            found.refuse(table[name].is_null(), name, "value_missing")
        found.refuse(~table["code"].str.contains(r"^[0-9A-Za-z_-]{1,40}$"), "code", "unit_code_invalid", table["code"])
        level = table["level"].str.to_lowercase()
        found.refuse(~level.is_in(list(LEVELS)), "level", "unknown_level", table["level"])
        known = level.replace_strict({word: value.value for word, value in LEVELS.items()}, default=None)
        checked = table.with_columns(known.alias("level"), pl.col("name").str.slice(0, 80))
        return Checked(checked.filter(~found.refused), found.table())

    @transaction.atomic
    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        """Parents may stand below their children in the chunk, not in a later one."""
        units = {unit.code: unit for unit in Unit.objects.select_for_update().order_by("code")}
        by_id = {unit.id: unit for unit in units.values()}
        counts = {"created": 0, "updated": 0, "unchanged": 0}
        new: list[Unit] = []
        touched: dict[str, Unit] = {}
        waiting, refused = rows.to_dicts(), []
        while waiting:
            later = []
            for row in waiting:
                parent = units.get(row["parent_code"] or "")
                if row["parent_code"] and parent is None:
                    later.append(row)
                    continue
                unit = units.get(row["code"])
                if unit is not None and parent is not None and _stands_below(parent, unit, by_id):
                    refused.append((row, "unit_under_itself"))
                    continue
                values = {
                    "name": row["name"],
                    "level": row["level"],
                    "parent_id": parent.id if parent else None,
                    "division_code": row["division_code"] or (unit.division_code if unit else ""),
                }
                if unit is None:
                    unit = Unit(code=row["code"], batch_id=context.batch_id, **values)
                    units[unit.code] = by_id[unit.id] = unit
                    new.append(unit)
                    counts["created"] += 1
                elif any(getattr(unit, name) != value for name, value in values.items()):
                    for name, value in values.items():
                        setattr(unit, name, value)
                    touched[unit.code] = unit
                    counts["updated"] += 1
                else:
                    counts["unchanged"] += 1
            if len(later) == len(waiting):
                refused += [(row, "unknown_parent") for row in later]
                break
            waiting = later
        fresh = {unit.code for unit in new}
        for unit in units.values():
            path = _path(unit, by_id)
            if path != unit.path:
                unit.path = path
                touched[unit.code] = unit
        # Parents first: their rows must be there when the children's are written.
        Unit.objects.bulk_create(sorted(new, key=lambda unit: unit.path.count("/")))
        with pghistory.context(batch=str(context.batch_id)):
            Unit.objects.bulk_update(
                [unit for code, unit in touched.items() if code not in fresh],
                ["name", "level", "parent", "division_code", "path"],
            )
        problems = pl.DataFrame(
            [(row["line"], "parent_code", code, row["parent_code"], False) for row, code in refused],
            schema=importing.PROBLEM_SCHEMA,
            orient="row",
        )
        return Applied(**counts, rejected=len(refused), problems=problems)

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        """Units the batch changed are as before; those it made go, leaves first, unless something stands on them."""
        work = Undo(batch_id)
        work.restore_changed("org_unit", name="t.code")
        _renew_paths()
        kept = []
        for unit in sorted(Unit.objects.filter(batch_id=batch_id), key=lambda unit: -unit.path.count("/")):
            if Post.objects.filter(unit=unit).exists() or unit.children.exists() or _is_used(unit):
                kept.append((unit.code, USED_SINCE))
                continue
            unit.delete()
            work.count(1)
        work.keep(pl.DataFrame(kept, schema=KEPT_SCHEMA, orient="row"))
        return work.result()

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_batches(context)
        return GoneRows(
            keys, table="org_unit", names=self.key_fields, key=["t.code"], where=f"{where} AND t.is_active",
            values=values, shown="t.code",
        )  # fmt: skip


def _renew_paths() -> None:
    """A unit that was moved back takes along also those somebody changed since."""
    units = {unit.id: unit for unit in Unit.objects.select_for_update().order_by("code")}
    moved = []
    for unit in units.values():
        path = _path(unit, units)
        if path != unit.path:
            unit.path = path
            moved.append(unit)
    Unit.objects.bulk_update(moved, ["path"])


def _is_used(unit: Unit) -> bool:
    """Whether rows of rooms above refer to the unit; they guard themselves by PROTECT."""
    from django.db.models import ProtectedError
    from django.db.models.deletion import Collector

    try:
        Collector(using="default", origin=unit).collect([unit])
    except ProtectedError:
        return True
    return False


def _stands_below(unit: Unit, other: Unit, by_id: dict[Any, Unit]) -> bool:
    at: Unit | None = unit
    while at is not None:
        if at.id == other.id:
            return True
        at = by_id.get(at.parent_id) if at.parent_id else None
    return False


def _path(unit: Unit, by_id: dict[Any, Unit]) -> str:
    codes = [unit.code]
    at = by_id.get(unit.parent_id) if unit.parent_id else None
    while at is not None:
        codes.append(at.code)
        at = by_id.get(at.parent_id) if at.parent_id else None
    return "/" + "/".join(reversed(codes)) + "/"
