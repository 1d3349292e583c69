"""Scores kept beside the files: for all of them at night, for some after a change. Only what differs is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import polars as pl
from django.db import connection, transaction

from anxin.book.customers.services import facts
from anxin.book.upkeep import rules
from anxin.book.upkeep.models import Cell, Score
from anxin.book.upkeep.queries import judging
from anxin.book.upkeep.services import corrections
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content
from anxin.kernel import bulk
from anxin.kernel.actor import Actor
from anxin.kernel.among import among

Progress = Callable[[str, int], None]
_LOCK: Final = int.from_bytes(b"upkeepng")
_TABLE: Final = "upkeep_score"
_COLUMNS: Final = ("score", "completeness", "truth", "missing", "problems", "details", "scheme_version")
_KEPT_DAILY: Final = timedelta(days=40)


def nightly(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Facts past their day go, every living file is judged, corrections whose finding is gone are closed."""
    gone = facts.remove_expired(today=rules.day_of(now))
    judged, written = score_all(now=now)
    return {
        "facts": gone, "judged": judged, "changed": written,
        "corrected": corrections.close_what_is_gone(actor=actor, now=now),
    }  # fmt: skip


def score_all(*, now: datetime, progress: Progress | None = None) -> tuple[int, int]:
    """Judge every living file; returns how many, and how many scores differ from those of before.

    One transaction; two runs wait for one another. The number of statements grows with portions of 20,000 files only.
    """
    today = rules.day_of(now)
    scheme = schemes.active(rules.SCHEME, on=today)
    judged = written = 0
    sums: list[pl.DataFrame] = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for frame in judging.judge(scheme.content, version=scheme.version, today=today):
            written += _write(frame, is_whole=True)
            judged += frame.height
            sums.append(_sums(frame, scheme.content))
            if progress is not None:
                progress("judged", judged)
        Score.objects.exclude(party__state="active").delete()
        _write_cells(sums, today)
    return judged, written


def score_some(*, now: datetime, parties: Collection[UUID]) -> int:
    """The same for some files, after a change; returns how many scores differ."""
    if not parties:
        return 0
    today = rules.day_of(now)
    scheme = schemes.active(rules.SCHEME, on=today)
    with transaction.atomic():
        frames = judging.judge(scheme.content, version=scheme.version, today=today, only=list(parties))
        return sum(_write(frame, is_whole=False) for frame in frames)


def _write(frame: pl.DataFrame, *, is_whole: bool) -> int:
    rows = frame.select(pl.col("party").alias("id"), pl.col("party").alias("party_id"), *_COLUMNS)
    known = Score.objects.filter(judging.theirs(rows["id"], "pk", is_whole=is_whole)).values_list("pk", flat=True)
    there = pl.Series([key.hex for key in known], dtype=pl.String)
    is_known = rows["id"].is_in(there.implode())
    new = bulk.copy_frame(_TABLE, rows.filter(~is_known))
    return new + bulk.update_frame(_TABLE, rows.filter(is_known).drop("party_id"), key=["id"])


def _sums(frame: pl.DataFrame, content: Content) -> pl.DataFrame:
    """Per source, unit and manager: sums, and how many files have each finding (a column each)."""
    codes = sorted({code for found in frame["problems"].to_list() for code in found})
    below = content["poor_below"]
    poor = below if isinstance(below, int) else 0
    return frame.group_by("source", "unit", "manager").agg(
        customers=pl.len().cast(pl.Int64), score_sum=pl.col("score").sum(),
        completeness_sum=pl.col("completeness").sum(), truth_sum=pl.col("truth").sum(),
        poor=(pl.col("score") < poor).sum().cast(pl.Int64),
        **{f"n_{code}": pl.col("problems").list.contains(code).sum().cast(pl.Int64) for code in codes},
    )  # fmt: skip


def _write_cells(sums: Iterable[pl.DataFrame], today: date) -> None:
    parts = list(sums)
    Cell.objects.filter(as_of=today).delete()
    # Old days thin out to the first of each month.
    Cell.objects.filter(as_of__lt=today - _KEPT_DAILY).exclude(as_of__day=1).delete()
    if not parts:
        return
    whole = pl.concat(parts, how="diagonal").fill_null(0) if len(parts) > 1 else parts[0]
    # fill_null leaves texts alone; unit and manager stay null where there is none.
    numbers = [name for name, kind in whole.schema.items() if kind.is_numeric()]
    whole = whole.group_by("source", "unit", "manager").agg(pl.col(numbers).sum())
    Cell.objects.bulk_create(
        [
            Cell(
                as_of=today, source=row["source"], unit_id=_key(row["unit"]), manager_id=_key(row["manager"]),
                customers=row["customers"], score_sum=row["score_sum"], completeness_sum=row["completeness_sum"],
                truth_sum=row["truth_sum"], poor=row["poor"],
                problems={name[2:]: row[name] for name in numbers if name.startswith("n_") and row[name]},
            )
            for row in whole.iter_rows(named=True)
        ],
        batch_size=2_000,
    )  # fmt: skip


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def after_merge(parties: Sequence[UUID], now: datetime) -> None:
    """Files that were merged or separated, in the transaction of it."""
    Score.objects.filter(among("pk", parties)).exclude(party__state="active").delete()
    score_some(now=now, parties=parties)
