"""Reports from what is counted by month already: thousands of lines in place of all closed complaints."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import BigIntegerField, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractYear, TruncQuarter

from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.service.complaints.models import StaleTally, Tally

if TYPE_CHECKING:
    from anxin.service.complaints.queries.reports import ReportFilter

_SAME: Final = ("outcome", "validity", "channel", "severity")
_NOT_IN: Final = ("line", "cause", "detail_cause", "respondent", "product", "words", "closed_from", "closed_to")


def rows_of(actor: Actor, wanted: ReportFilter) -> QuerySet[Tally] | None:
    """The lines a report counts; None where they do not say what is asked, where not everything is in reach, or where
    something changed and was not counted yet."""
    if actor.require("complaints.report") is not Scope.ALL or any(getattr(wanted, name) for name in _NOT_IN):
        return None
    if StaleTally.objects.exists():
        return None
    rows = Tally.objects.all()
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


def by_head(rows: QuerySet[Tally], by: str, confirmed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Broken down by one of `reports.HEAD`, in no order."""
    times = {"year": ExtractYear("month"), "month": F("month"), "quarter": TruncQuarter("month")}
    # `source` and the like are columns already: under a name of their own for all of them.
    grouped = rows.annotate(told=times.get(by) or F(by)).values("told").annotate(**figures(confirmed)).order_by()
    return [plain(dict(row)) for row in grouped]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `figures` as reports have it: `days` per complaint, None of none."""
    closed = row.pop("n") or 0
    took = row.pop("took")
    return {
        **row, "closed": closed, "confirmed": row.pop("well_founded"),
        "mean_days": took / closed if closed and took is not None else None,
    }  # fmt: skip
