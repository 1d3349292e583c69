"""Files to correct: filtered, the worst first, by pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.book.customers.queries import keyset
from anxin.book.upkeep import access
from anxin.book.upkeep.data import FileFilter, FilePage, FileRow
from anxin.book.upkeep.models import Correction, Score
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor

PAGE_SIZE: Final = 50
COUNTED_AT_MOST: Final = 1_000
EXPORTED_AT_MOST: Final = 50_000
BadCursor = keyset.BadCursor
_RUN: Final = keyset.Run(where=Q(), first="score")


def list_files(actor: Actor, wanted: FileFilter, *, cursor: str = "", size: int = PAGE_SIZE) -> FilePage:
    """A constant number of queries. Raises BadCursor."""
    rows = _wanted(actor, wanted, "upkeep.view")
    part = keyset.read(rows, [_RUN], code="upkeep", cursor=cursor, size=size)
    total = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    return FilePage(
        rows=rows_of(part.ids), next_cursor=part.next_cursor, previous_cursor=part.previous_cursor, start=part.start,
        total=min(total, COUNTED_AT_MOST), is_total_estimate=total > COUNTED_AT_MOST,
    )  # fmt: skip


def count_to_export(actor: Actor, wanted: FileFilter) -> int:
    return _wanted(actor, wanted, "upkeep.export")[:EXPORTED_AT_MOST].count()


def to_export(actor: Actor, wanted: FileFilter) -> Iterator[tuple[FileRow, ...]]:
    """All rows in portions, the worst first."""
    rows = _wanted(actor, wanted, "upkeep.export")
    cursor, done = "", 0
    while done < EXPORTED_AT_MOST:
        part = keyset.read(rows, [_RUN], code="upkeep-export", cursor=cursor, size=1_000)
        if part.ids:
            yield rows_of(part.ids)
        done += len(part.ids)
        cursor = part.next_cursor
        if not cursor:
            return


def _wanted(actor: Actor, wanted: FileFilter, permission: str) -> QuerySet[Score]:
    rows = access.visible_scores(actor, permission)
    if wanted.problem:
        rows = rows.filter(problems__contains=[wanted.problem])
    if wanted.missing:
        rows = rows.filter(missing__contains=[wanted.missing])
    if wanted.source:
        rows = rows.filter(party__source=wanted.source)
    if wanted.unit is not None:
        rows = rows.filter(party__unit__in=org.units_at_or_below(wanted.unit))
    if wanted.manager is not None:
        rows = rows.filter(party__manager=wanted.manager)
    if wanted.below is not None:
        rows = rows.filter(score__lt=wanted.below)
    return rows


def rows_of(ids: Sequence[UUID]) -> tuple[FileRow, ...]:
    """Rows in this order. The caller has checked the reach."""
    columns = (
        "party_id", "party__ref", "party__name", "party__kind", "party__standing__tier", "party__unit__name",
        "party__manager__display_name", "score", "completeness", "truth", "problems", "missing", "has_open",
    )  # fmt: skip
    is_open = Correction.objects.filter(party=OuterRef("party_id"), state=Correction.State.OPEN)
    rows = Score.objects.filter(pk__in=ids).annotate(has_open=Exists(is_open)).values_list(*columns)
    found = {
        row[0]: FileRow(
            party_id=row[0], ref=row[1], name=row[2], kind=row[3], tier=row[4] or "", unit=row[5] or "",
            manager=row[6] or "", score=row[7], completeness=row[8], truth=row[9], problems=tuple(row[10]),
            missing=tuple(row[11]), has_open=row[12],
        )
        for row in rows
    }  # fmt: skip
    return tuple(found[key] for key in ids if key in found)
