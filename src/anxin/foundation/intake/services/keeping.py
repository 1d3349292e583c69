"""Keeping what was found wrong with rows: the first ones to look at, all of them for the error file.

A refused value is still somebody's number: everything is sealed.
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import polars as pl

from anxin.foundation.intake.models import Batch, ProblemPart, RowProblem
from anxin.foundation.intake.rules import timing
from anxin.kernel import bulk, vault
from anxin.kernel.identifiers.uuid7 import uuid7

TABLE: Final = "intake_rowproblem"
PART_TABLE: Final = "intake_problempart"
_LONGEST_COLUMN: Final = 120


def forget_problems(batch_id: UUID) -> None:
    RowProblem.objects.filter(batch_id=batch_id).delete()
    ProblemPart.objects.filter(batch_id=batch_id).delete()
    Batch.objects.filter(pk=batch_id).update(problem_count=0)


def keep_problems(batch_id: UUID, number: int, problems: pl.DataFrame, *, kept: int) -> int:
    """Keep the problems (work.KEPT_SCHEMA) of portion `number` in the caller's transaction; `kept`: how many there are
    already to look at. Returns how many were added to those."""
    if not problems.height:
        return 0
    shown = problems.head(max(0, timing.MOST_PROBLEMS_KEPT - kept))
    _copy(batch_id, shown)
    part = uuid7()
    text = base64.b85encode(zlib.compress(_bytes_of(problems), 6)).decode("ascii")
    ProblemPart.objects.create(
        id=part,
        batch_id=batch_id,
        number=number,
        content_sealed=vault.ring().seal(text, table=PART_TABLE, column="content_sealed", row=part),
    )
    return shown.height


def _copy(batch_id: UUID, problems: pl.DataFrame) -> None:
    ids, raw = bulk.new_keys(problems.height)
    sealed = vault.ring().seal_many(problems["value"].to_list(), TABLE, "value_sealed", raw)
    frame = problems.select(
        pl.Series("id", ids, dtype=pl.String),
        pl.lit(batch_id.hex).alias("batch_id"),
        "kind",
        "line",
        pl.col("column").fill_null("").str.slice(0, _LONGEST_COLUMN),
        "code",
        pl.Series("value_sealed", sealed, dtype=pl.Binary),
        "is_warning",
    )
    bulk.copy_frame(TABLE, frame)


def _bytes_of(problems: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    problems.write_ipc(target, compat_level=pl.CompatLevel.oldest())
    return target.getvalue()


def all_problems(batch_id: UUID) -> Iterator[pl.DataFrame]:
    """Every problem of a batch, portion by portion (work.KEPT_SCHEMA), values in clear."""
    parts = ProblemPart.objects.filter(batch_id=batch_id).order_by("number")
    for key in list(parts.values_list("pk", flat=True)):
        part = ProblemPart.objects.get(pk=key)
        text = vault.ring().open(bytes(part.content_sealed), table=PART_TABLE, column="content_sealed", row=part.id)
        yield pl.read_ipc(io.BytesIO(zlib.decompress(base64.b85decode(text))))
