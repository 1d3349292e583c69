"""Feeding rows to an importer as the intake does: check, then apply in chunks, counting."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction

from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.importing import BatchContext, FieldKind, Importer, registered_importers

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
_TYPES: dict[FieldKind, pl.DataType] = {
    FieldKind.DATE: pl.Date(),
    FieldKind.MOMENT: pl.Datetime("us", "UTC"),
    FieldKind.MONEY: pl.Int64(),
    FieldKind.INTEGER: pl.Int64(),
    FieldKind.YES_NO: pl.Boolean(),
}


@dataclass
class Result:
    """Counts of an import and the codes of its problems: (line, field, code) of refusals and of warnings."""

    batch_id: UUID
    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[tuple[int, str, str]] = field(default_factory=list)
    warnings: list[tuple[int, str, str]] = field(default_factory=list)

    def codes(self) -> Counter[str]:
        return Counter(code for _line, _field, code in [*self.refusals, *self.warnings])


def frame(kind: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Rows as the intake hands them over; lines from 2 on."""
    kinds = {spec.name: spec.kind for spec in registered_importers()[kind].fields}
    names = list(dict.fromkeys(name for row in rows for name in row))
    schema = {name: _TYPES.get(kinds[name], pl.String()) for name in names}
    table = pl.DataFrame([{name: row.get(name) for name in names} for row in rows], schema=schema)
    return table.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("line"))


def run(
    importer: Importer | str, rows: pl.DataFrame | Sequence[dict[str, Any]], source: str = "life-core", *,
    chunks: Iterable[int] = (), now: datetime = NOW,
) -> Result:  # fmt: skip
    """Import `rows`, cut after the row numbers `chunks`; every chunk is a transaction."""
    if isinstance(importer, str):
        importer = registered_importers()[importer]
    if not isinstance(rows, pl.DataFrame):
        rows = frame(importer.kind, rows)
    context = BatchContext(batch_id=uuid7(), source=source, now=now)
    result = Result(context.batch_id)
    bounds = [0, *sorted(set(chunks)), rows.height]
    for begin, end in itertools.pairwise(bounds):
        part = rows.slice(begin, end - begin)
        if part.is_empty():
            continue
        checked = importer.check(part, context)
        with transaction.atomic():
            applied = importer.apply(checked.rows, context)
        counts = {
            "created": applied.created,
            "updated": applied.updated,
            "unchanged": applied.unchanged,
            "rejected": applied.rejected + part.height - checked.rows.height,
        }
        assert sum(counts.values()) == part.height, "rows read = created + updated + unchanged + rejected"
        assert set(checked.problems["code"]) | set(applied.problems["code"]) <= set(importer.problem_hints)
        result.counts.update({name: count for name, count in counts.items() if count})
        for problems in (checked.problems, applied.problems):
            for line, name, code, _value, is_warning in problems.iter_rows():
                (result.warnings if is_warning else result.refusals).append((line, name, code))
        refused = {line for line, _f, _c in result.refusals}
        assert refused <= set(rows["line"])
    assert len({line for line, _f, _c in result.refusals}) == result.counts["rejected"]
    return result
