"""Reports from what is counted by month already: thousands of lines in place of all closed complaints."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import BigIntegerField, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractYear, TruncQuarter

from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.service.complaints.models import MatterTally, StaleTally, Tally
from anxin.service.complaints.models.tallies import DIMENSIONS

if TYPE_CHECKING:
    from anxin.service.complaints.queries.reports import ReportFilter

_SAME: Final = ("outcome", "validity", "channel", "severity")
_DAYS: Final = ("closed_from", "closed_to")
# What complaints can be broken down by where one of the above is given.
_WITH_ONE: Final = frozenset({"year", "quarter", "month", "source", *_SAME})


def rows_of(actor: Actor, wanted: ReportFilter, by: str = "") -> QuerySet[Any] | None:
    """The lines a report counts; None where they do not say what is asked, where not everything is in reach, or where
    something changed and was not counted yet.

    `by`: what it is broken down by, "" for a total. Where that, or one thing that is asked for, is of a matter, the
    lines are of matters: then `part_fen` is what belongs to it, and a complaint with two matters is in two of them.
    """
    if actor.require("complaints.report") is not Scope.ALL or any(getattr(wanted, name) for name in _DAYS):
        return None
    told = {name: value for name in DIMENSIONS if (value := getattr(wanted, name))}
    # Years added up are a third of their months.
    is_year = wanted.quarter is None and wanted.month is None and by not in ("quarter", "month")
    rows: QuerySet[Any]
    if not told and by in DIMENSIONS:
        rows = MatterTally.objects.filter(is_year=is_year, dimension=by)
    elif not told:
        rows = Tally.objects.all()
    elif len(told) == 1 and (not by or by in _WITH_ONE):
        ((dimension, value),) = told.items()
        rows = MatterTally.objects.filter(is_year=is_year, dimension=dimension, subject=value)
    else:
        return None
    if StaleTally.objects.exists():
        return None
    if wanted.year_from is not None:
        rows = rows.filter(month__gte=date(wanted.year_from, 1, 1))
    if wanted.year_to is not None:
        rows = rows.filter(month__lt=date(wanted.year_to + 1, 1, 1))
    if wanted.quarter is not None:
        rows = rows.filter(month__quarter=wanted.quarter)
    if wanted.month is not None:
        rows = rows.filter(month__month=wanted.month)
    if wanted.source is not None:
        rows = rows.filter(source=wanted.source)
    for name in _SAME:
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.is_regulatory is not None:
        rows = rows.filter(is_regulatory=wanted.is_regulatory)
    return rows


def figures(confirmed: tuple[str, ...]) -> dict[str, Any]:
    """The same names as the figures over complaints; `days` of all together."""
    return {
        "n": Sum("closed"),
        "well_founded": Coalesce(Sum("closed", filter=Q(validity__in=confirmed)), 0, output_field=BigIntegerField()),
        "recovered": Sum("recovered_fen"), "first": Min("currency"), "last": Max("currency"), "took": Sum("days"),
    }  # fmt: skip


def by_head(rows: QuerySet[Any], by: str, confirmed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Broken down by one of `reports.HEAD`, in no order."""
    times = {"year": ExtractYear("month"), "month": F("month"), "quarter": TruncQuarter("month")}
    # `source` and the like are columns already: under a name of their own for all of them.
    grouped = rows.annotate(told=times.get(by) or F(by)).values("told").annotate(**figures(confirmed)).order_by()
    return [plain(dict(row)) for row in grouped]


def by_matter(rows: QuerySet[Any], confirmed: tuple[str, ...], limit: int) -> list[dict[str, Any]]:
    """Broken down by what the lines of matters tell, the largest first."""
    told = {"recovered": Sum("part_fen"), "first": Min("currency"), "last": Max("currency")}
    counts = {name: one for name, one in figures(confirmed).items() if name in ("n", "well_founded")}
    grouped = rows.values(told=F("subject")).annotate(**counts, **told).order_by("-n", "told")
    return [
        {**row, "closed": row["n"], "confirmed": row["well_founded"], "mean_days": None} for row in grouped[:limit]
    ]  # fmt: skip


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `figures` as reports have it: `days` per complaint, None of none."""
    closed = row.pop("n") or 0
    took = row.pop("took")
    return {
        **row, "closed": closed, "confirmed": row.pop("well_founded"),
        "mean_days": took / closed if closed and took is not None else None,
    }  # fmt: skip
