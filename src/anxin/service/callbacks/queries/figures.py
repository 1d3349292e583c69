"""犹豫期内电话回访成功率: policies called back by telephone within the cooling-off period ÷ policies that had to be.

A policy belongs to the period in which its cooling-off period ended (or, asked so, in which it was accepted); one whose
cooling-off period still runs has not failed and is not counted. Left out: policies ended within the period. Success: a
call-back, the first or the second, ended by telephone without an open problem on or before the last day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from anxin.book.portfolio.queries import calling
from anxin.kernel.actor import Actor
from anxin.service.callbacks import access
from anxin.service.callbacks.data import Kind, State, Way
from anxin.service.callbacks.models import CallBack

BY: Final = ("ends", "accepted")
_SUCCESS: Final = Q(success_way=Way.PHONE, success_on__lte=F("cooling_ends"))
_ROW: Final = (
    "policy_no", "channel", "line", "unit__name", "underwritten_date", "receipt_date", "is_assumed", "cooling_ends",
    "success_on", "success_way", "state", "attempts", "found__found_at",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table. `due`: had to be called back; `done`: called back in time by telephone; `late`: after;
    `otherwise`: by letter, mail or visit; `problems`: with a problem found; `assumed`: without a receipt."""

    key: str
    due: int = 0
    done: int = 0
    late: int = 0
    otherwise: int = 0
    problems: int = 0
    assumed: int = 0

    @property
    def rate(self) -> float | None:
        return self.done / self.due if self.due else None


@dataclass(frozen=True, kw_only=True)
class Figures:
    total: Line
    by_unit: Sequence[Line]
    by_channel: Sequence[Line]
    solved_in_time: int
    solved: int
    kinds: Mapping[str, Mapping[str, Any]]


def _due(actor: Actor, first: date, last: date, *, by: str, today: date) -> QuerySet[CallBack]:
    column = "underwritten_date" if by == "accepted" else "cooling_ends"
    rows = CallBack.objects.filter(access.reach(actor, "callbacks.report"), kind=Kind.NEW_BUSINESS, round=1)
    # Whose call-back was over before the policy was given back is not marked as excluded; the policy tells.
    gone = calling.ended_by("cooling_ends", today=today, prefix="policy__")
    rows = rows.filter(**{f"{column}__gte": first, f"{column}__lte": last}, cooling_ends__lt=today)
    return rows.exclude(state=State.EXCLUDED).exclude(gone)


def success_rate(actor: Actor, first: date, last: date, *, today: date, by: str = "ends") -> Figures:
    """Numerator and denominator, whole, by unit and by channel. Raises NotPermitted."""
    rows = _due(actor, first, last, by=by, today=today)
    ended = CallBack.objects.filter(
        access.reach(actor, "callbacks.report"), ended_at__date__gte=first, ended_at__date__lte=last
    )
    solved = ended.filter(found__solved_at__isnull=False)
    return Figures(
        total=_lines(rows, None)[0], by_unit=_lines(rows, "unit__name"), by_channel=_lines(rows, "channel"),
        solved=solved.count(), solved_in_time=solved.filter(found__solved_at__lt=F("found__due_at")).count(),
        kinds=_kinds(ended),
    )  # fmt: skip


def _lines(rows: QuerySet[CallBack], column: str | None) -> list[Line]:
    figures = {
        "due": Count("pk"), "done": Count("pk", filter=_SUCCESS),
        "late": Count("pk", filter=Q(success_way=Way.PHONE, success_on__gt=F("cooling_ends"))),
        "otherwise": Count("pk", filter=Q(success_on__isnull=False) & ~Q(success_way=Way.PHONE)),
        "problems": Count("pk", filter=Q(found__isnull=False)), "assumed": Count("pk", filter=Q(is_assumed=True)),
    }  # fmt: skip
    if column is None:
        return [Line(key="", **rows.aggregate(**figures))]
    found = rows.order_by().values(column).annotate(**figures)
    lines = [Line(key=row.pop(column) or "", **row) for row in found]
    return sorted(lines, key=lambda line: (-line.due, line.key))


def _kinds(ended: QuerySet[CallBack]) -> dict[str, Mapping[str, Any]]:
    from django.db.models import Avg

    found = (
        ended.exclude(state=State.EXCLUDED)
        .order_by()
        .values("kind")
        .annotate(
            ended=Count("pk"),
            done=Count("pk", filter=Q(state=State.SUCCEEDED)),
            problems=Count("pk", filter=Q(state=State.PROBLEM)),
            score=Avg("score"),
        )
    )
    return {row["kind"]: row for row in found}


def count_rows(actor: Actor, first: date, last: date, *, today: date, by: str = "ends") -> int:
    return _due(actor, first, last, by=by, today=today).count()


def rows_of_rate(
    actor: Actor, first: date, last: date, *, today: date, by: str = "ends"
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """The rows the figure is counted from, by cooling-off end and policy number; `is_success` as the numerator says."""
    rows = _due(actor, first, last, by=by, today=today).order_by("cooling_ends", "policy_no", "id")
    for row in rows.values(*_ROW).iterator(chunk_size=2_000):
        done = row["success_on"]
        row["is_success"] = done is not None and row["success_way"] == Way.PHONE and done <= row["cooling_ends"]
        yield row
