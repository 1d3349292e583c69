"""What is done with one portion of a file: understood, checked and, in a run, written. The heart of check and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from anxin.foundation.intake.data import BatchContext, Importer, KindCount
from anxin.foundation.intake.models import Batch, BatchCount
from anxin.foundation.intake.rules import conversion
from anxin.foundation.intake.rules.detection import LINE
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import EntityRule, ImportProfile, normal_header
from anxin.foundation.intake.services import registry
from anxin.foundation.intake.services.reading import Chunk, Form

# kind "" stands for the file itself: rows that could not be cut into cells belong to no entity.
KEPT_SCHEMA: Final = {
    "kind": pl.String(), "line": pl.Int64(), "column": pl.String(), "code": pl.String(), "value": pl.String(),
    "is_warning": pl.Boolean(),
}  # fmt: skip


class ImporterMiscounts(Exception):
    """An importer's counts do not add up to the rows it was given. A defect, never a property of the file."""


@dataclass(frozen=True)
class Part:
    """One entity of the profile with the importer that takes it."""

    entity: EntityRule
    importer: Importer
    columns: tuple[str, ...]
    null_values: tuple[str, ...]

    def context(self, batch: Batch, profile: ImportProfile, now: datetime, *, is_trial: bool) -> BatchContext:
        return BatchContext(
            batch_id=batch.id,
            source=self.entity.source or profile.source,
            now=now,
            is_full_load=batch.is_full_load,
            is_trial=is_trial,
            options=dict(self.entity.options),
        )

    @property
    def shown_columns(self) -> Mapping[str, str]:
        """Field → what a report names as the column."""
        return {rule.field: rule.shown for rule in self.entity.columns}


def parts_of(profile: ImportProfile, form: Form) -> tuple[list[Part], ImportProfile]:
    """The parts, and the profile with its columns named as this file names them. Raises FileRefused on a misfit."""
    found: dict[str, str] = {}
    for header in form.headers:
        found.setdefault(normal_header(header), header)
    exact = set(form.headers)

    def here(column: str) -> str:
        return column if column in exact else found.get(normal_header(column), column)

    renamed = _renamed(profile, here)
    missing = [column for column in renamed.columns if column not in exact]
    if missing:
        raise FileRefused("column_missing", columns=", ".join(missing[:10]), present=", ".join(form.headers[:30]))
    for column in renamed.columns:
        if column in form.duplicates:
            raise FileRefused("duplicate_header", column=column)
    parts = []
    for entity in renamed.entities:
        try:
            importer = registry.importer_of(entity.kind)
        except registry.ImporterUnknown as error:
            raise FileRefused("profile", reason=str(error)) from None
        if unknown := conversion.unknown_fields(entity, importer.fields):
            known = ", ".join(spec.name for spec in importer.fields)
            raise FileRefused(
                "profile", reason=f"“{entity.kind}” has no field “{unknown[0]}”. Its fields are: {known}."
            )
        if unfilled := conversion.unfilled_fields(entity, importer.fields):
            raise FileRefused("field_unmapped", fields=", ".join(f"{entity.kind}.{name}" for name in unfilled))
        needed = [condition.column for condition in entity.when]
        for rule in entity.columns:
            needed += [column for column in rule.columns if column in exact]
        parts.append(Part(entity, importer, tuple(dict.fromkeys(needed)), profile.file.null_values))
    return parts, renamed


def _renamed(profile: ImportProfile, here: Any) -> ImportProfile:
    from dataclasses import replace

    entities = []
    for entity in profile.entities:
        columns = []
        for rule in entity.columns:
            template = rule.template
            for column, _ in rule.places:
                template = template.replace("{" + column, "{" + here(column))
            column = here(rule.column) if rule.column else ""
            columns.append(replace(rule, column=column, template=template, key_of=tuple(map(here, rule.key_of))))
        when = tuple(replace(condition, column=here(condition.column)) for condition in entity.when)
        entities.append(replace(entity, columns=tuple(columns), when=when))
    return replace(profile, entities=tuple(entities))


@dataclass(frozen=True)
class Taken:
    """What became of one portion."""

    rows_read: int
    counts: tuple[KindCount, ...]
    problems: pl.DataFrame  # KEPT_SCHEMA
    rows_rejected: int
    rows_warned: int


@dataclass(frozen=True)
class Understood:
    """The rows of one entity in one portion that may be written."""

    part: Part
    rows: pl.DataFrame
    rows_read: int
    problems: pl.DataFrame


def understand(part: Part, chunk: Chunk, context: BatchContext) -> Understood:
    """Convert and check; touches no database."""
    raw = conversion.rows_of(chunk.rows.select(LINE, *part.columns), part.entity)
    made = conversion.convert(raw, part.entity, part.importer.fields, part.null_values)
    checked = part.importer.check(made.rows, context)
    problems = pl.concat([_named(made.problems, part), _named(checked.problems, part)])
    return Understood(part=part, rows=checked.rows, rows_read=raw.height, problems=problems)


def _named(problems: pl.DataFrame, part: Part) -> pl.DataFrame:
    return problems.select(
        pl.lit(part.entity.kind).alias("kind"),
        pl.col("line"),
        pl.col("field").replace(dict(part.shown_columns)).fill_null("").alias("column"),
        pl.col("code"),
        pl.col("value").cast(pl.String),
        pl.col("is_warning"),
    )


def take(
    parts: Sequence[Part], chunk: Chunk, contexts: Sequence[BatchContext], *, write: bool
) -> tuple[Taken, list[Understood]]:
    """One portion through every part. With `write`, inside the caller's transaction, the importers write.

    Without it what would be written counts as unchanged: read = unchanged + rejected still holds.
    """
    counts: dict[str, KindCount] = {}
    problems: list[pl.DataFrame] = []
    understood: list[Understood] = []
    if chunk.refused.height:
        problems.append(
            chunk.refused.select(
                pl.lit("").alias("kind"), "line", pl.lit("").alias("column"), "code", "value", "is_warning"
            )
        )
    for part, context in zip(parts, contexts, strict=True):
        one = understand(part, chunk, context)
        understood.append(one)
        problems.append(one.problems)
        created = updated = 0
        unchanged, late = one.rows.height, 0
        if write and one.rows.height:
            applied = part.importer.apply(one.rows, context)
            created, updated, unchanged, late = applied.created, applied.updated, applied.unchanged, applied.rejected
            if created + updated + unchanged + late != one.rows.height:
                raise ImporterMiscounts(
                    f"{part.entity.kind}: {one.rows.height} rows in, {created} + {updated} + {unchanged} + {late} out."
                )
            problems.append(_named(applied.problems, part))
        read = one.rows_read + chunk.refused.height
        rejected = read - one.rows.height + late
        before = counts.get(part.entity.kind, KindCount(kind=part.entity.kind))
        counts[part.entity.kind] = KindCount(
            kind=part.entity.kind,
            rows_read=before.rows_read + read,
            created=before.created + created,
            updated=before.updated + updated,
            unchanged=before.unchanged + unchanged,
            rejected=before.rejected + rejected,
            warnings=before.warnings,
        )
    schema = pl.Schema(KEPT_SCHEMA)
    table = pl.concat([schema.to_frame(), *(one.select(list(schema)).cast(schema) for one in problems)])
    for kind, count in counts.items():
        warned = table.filter(pl.col("is_warning") & (pl.col("kind") == kind)).height
        counts[kind] = KindCount(**{**count.__dict__, "warnings": warned})
    refused = table.filter(~pl.col("is_warning")).get_column("line").n_unique()
    warned = table.filter(pl.col("is_warning")).get_column("line").n_unique()
    taken = Taken(
        rows_read=chunk.rows_read,
        counts=tuple(counts.values()),
        problems=table.sort("line", maintain_order=True),
        rows_rejected=refused,
        rows_warned=warned,
    )
    return taken, understood


def open_counts(batch: Batch, profile: ImportProfile) -> None:
    """A counting row per kind, so that later only whole-row updates happen."""
    BatchCount.objects.bulk_create(
        [BatchCount(batch=batch, kind=kind) for kind in profile.kinds], ignore_conflicts=True
    )
