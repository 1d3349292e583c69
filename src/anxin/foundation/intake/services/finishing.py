"""The end of a full load: which rows of the source the file no longer holds.

Comes after the last portion, in a transaction per kind; a worker that dies here leaves the portions as they are, and
whoever takes over does the kind again from the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction

from anxin.foundation.intake.data import BatchContext, BatchState
from anxin.foundation.intake.models import Batch, BatchCount, RowNote
from anxin.foundation.intake.rules import conversion
from anxin.foundation.intake.rules.detection import LINE
from anxin.foundation.intake.rules.profile import ImportProfile
from anxin.foundation.intake.services import lease, reading
from anxin.foundation.intake.services.lease import Hold
from anxin.foundation.intake.services.reading import Form, Source
from anxin.foundation.intake.services.work import Part
from anxin.kernel import bulk
from anxin.kernel.importing import CONTROLS, TakesFullLoads

TABLE: Final = "intake_rownote"
_LONGEST_KEY: Final = 160
_LONGEST_REF: Final = 40


def finish(
    batch: Batch, hold: Hold, profile: ImportProfile, parts: Sequence[Part], contexts: Sequence[BatchContext],
    source: Source, form: Form,
) -> None:  # fmt: skip
    """Count, list and, if the profile says so, end what the file no longer holds. Raises LeaseLost."""
    groups: dict[tuple[str, str], list[Part]] = {}
    by_source: dict[str, BatchContext] = {}
    for part, context in zip(parts, contexts, strict=True):
        if isinstance(part.importer, TakesFullLoads) and part.importer.key_fields:
            groups.setdefault((part.entity.kind, context.source), []).append(part)
            by_source[context.source] = context
    absent: dict[str, int] = {}
    ended: dict[str, int] = {}
    with transaction.atomic(), pghistory.context(batch=str(batch.id)):
        lease.end_idle_transactions()
        hold.check()
        RowNote.objects.filter(batch=batch, matter=RowNote.Matter.ABSENT).delete()
        for (kind, name), its_parts in groups.items():
            importer = its_parts[0].importer
            assert isinstance(importer, TakesFullLoads)
            context = replace(
                by_source[name], batches=_batches(batch, profile, name), is_narrow=profile.full_load_of == "profile"
            )
            gone = importer.finish(_keys(its_parts, importer.key_fields, source, form), context)
            absent[kind] = absent.get(kind, 0) + gone.count
            # A file that was cut short must not end half of the book.
            if profile.when_absent == "end" and gone.count * 100 <= profile.end_at_most * gone.known:
                ended[kind] = ended.get(kind, 0) + gone.end()
            for portion in gone.portions():
                keep_notes(batch, kind, RowNote.Matter.ABSENT, portion.with_columns(pl.lit("").alias("reason")))
        for kind, count in absent.items():
            BatchCount.objects.filter(batch=batch, kind=kind).update(absent=count, ended=ended.get(kind, 0))
        hold.write()


def keep_notes(batch: Batch, kind: str, matter: RowNote.Matter, rows: pl.DataFrame) -> None:
    """rows: key, ref, reason."""
    ids, _raw = bulk.new_keys(rows.height)
    frame = rows.select(
        pl.Series("id", ids, dtype=pl.String),
        pl.lit(batch.id.hex).alias("batch_id"),
        pl.lit(kind).alias("kind"),
        pl.lit(matter.value).alias("matter"),
        pl.col("key").fill_null("").str.slice(0, _LONGEST_KEY),
        pl.col("ref").fill_null("").str.slice(0, _LONGEST_REF),
        pl.col("reason").fill_null(""),
    )
    bulk.copy_frame(TABLE, frame)


def _batches(batch: Batch, profile: ImportProfile, source: str) -> tuple[UUID, ...]:
    """The batches whose rows the load speaks for."""
    wrote = Batch.objects.filter(chunks_done__gt=0).exclude(state=BatchState.DISCARDED)
    if profile.full_load_of == "profile":
        wrote = wrote.filter(profile_name=profile.name)
    else:
        wrote = wrote.filter(source__in={source, batch.source})
    return tuple(wrote.values_list("pk", flat=True))


def _keys(parts: Sequence[Part], fields: Sequence[str], source: Source, form: Form) -> Iterator[pl.DataFrame]:
    """The key fields of every row of the file, cleaned as the importers clean texts."""
    entities = [
        replace(part.entity, columns=tuple(rule for rule in part.entity.columns if rule.field in fields))
        for part in parts
    ]
    for chunk in reading.chunks(source, form):
        for part, entity in zip(parts, entities, strict=True):
            raw = conversion.rows_of(chunk.rows.select(LINE, *part.columns), entity)
            made = conversion.convert(raw, entity, part.importer.fields, part.null_values).rows
            yield _complete(made, fields, part)


def _complete(rows: pl.DataFrame, fields: Iterable[str], part: Part) -> pl.DataFrame:
    specs = {spec.name: spec for spec in part.importer.fields}
    columns = []
    for name in fields:
        if name not in rows.columns:
            columns.append(pl.lit(None, dtype=pl.String).alias(name))
            continue
        column = pl.col(name)
        if rows.schema[name] == pl.String:
            column = column.str.replace_all(CONTROLS, " ").str.strip_chars()
            column = pl.when(column != "").then(column).alias(name)
            if specs[name].max_length is not None:
                column = column.str.slice(0, specs[name].max_length)
        columns.append(column)
    return rows.with_columns(columns).select(fields)
