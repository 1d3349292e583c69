"""Statistics over closed complaints. A complaint counts once in every line of a report that it has a part in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet, Sum
from django.db.models.fields import DateField
from django.db.models.functions import Cast, ExtractMonth, ExtractYear

from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.complaints import access, data
from anxin.service.complaints.data import ReportRow
from anxin.service.complaints.models import Complaint, Matter
from anxin.service.complaints.rules import taxonomy

CONFIRMED: Final = ("valid", "partly")
LARGEST: Final = 500
# What a report is broken down by → of the complaint itself, or of its matters.
HEAD: Final = {"year": "year", "month": "month", "outcome": "outcome", "validity": "validity", "channel": "channel",
               "severity": "severity", "unit": "unit"}  # fmt: skip
MATTER: Final = {"line": "line", "cause": "cause", "detail_cause": "detail_cause", "respondent": "respondent",
                 "product": "product"}  # fmt: skip
BY: Final = (*HEAD, *MATTER)
_GROUPS: Final = {"line": "lines", "cause": "causes", "detail_cause": "details", "channel": "channels"}


@dataclass(frozen=True, kw_only=True)
class ReportFilter:
    """Closed in these years, of this source (None: all), and so on; "" for any."""

    year_from: int | None = None
    year_to: int | None = None
    source: str | None = None
    line: str = ""
    cause: str = ""
    respondent: str = ""
    outcome: str = ""
    is_confirmed: bool | None = None
    is_regulatory: bool | None = None


def report(actor: Actor, wanted: ReportFilter, *, by: str, language: str, today: date) -> list[ReportRow]:
    """Counts of closed and confirmed complaints, recoveries and days to the end, broken down by one of `BY`.

    Raises NotPermitted, ValueError for an unknown `by`. At most 500 lines, the largest first (years in order).
    """
    if by not in BY:
        raise ValueError(by)
    rows = _rows(actor, wanted)
    found = _of_matters(rows, by) if by in MATTER else _of_heads(rows, by)
    words = _words(by, found, language, today)
    made = [
        ReportRow(
            key=str(row["told"] if row["told"] is not None else ""),
            label=words.get(str(row["told"] if row["told"] is not None else ""), str(row["told"] or "")),
            closed=row["closed"], confirmed=row["confirmed"], recovered_fen=row["recovered"], currency=row["currency"],
            mean_days=row["days"].total_seconds() / 86_400 if row["days"] is not None else None,
        )
        for row in found
    ]  # fmt: skip
    return sorted(made, key=lambda row: row.key) if by in ("year", "month") else made


def total(actor: Actor, wanted: ReportFilter) -> ReportRow:
    """One line over all."""
    row = _figures(_rows(actor, wanted))
    return ReportRow(
        key="", label="", closed=row["closed"], confirmed=row["confirmed"],
        recovered_fen=_one_currency(row, row["recovered"] or 0), currency=row["first"] or "",
        mean_days=row["days"].total_seconds() / 86_400 if row["days"] is not None else None,
    )  # fmt: skip


def sources(actor: Actor) -> list[str]:
    """The registers there are closed complaints of."""
    actor.require("complaints.report")
    found: list[str] = []
    last: str | None = None
    # One index probe per source: there are few of them and very many rows.
    while True:
        rows = Complaint.objects.filter(closed_date__isnull=False)
        rows = rows.filter(source__gt=last) if last is not None else rows
        one = rows.order_by("source").values_list("source", flat=True).first()
        if one is None or len(found) >= 50:
            return found
        found.append(one)
        last = one


def _rows(actor: Actor, wanted: ReportFilter) -> QuerySet[Complaint]:
    rows = access.visible_complaints(actor, "complaints.report").filter(closed_date__isnull=False)
    rows = rows.exclude(state__in=(data.State.MERGED, data.State.REFUSED))
    if wanted.year_from is not None:
        rows = rows.filter(closed_date__gte=date(wanted.year_from, 1, 1))
    if wanted.year_to is not None:
        rows = rows.filter(closed_date__lt=date(wanted.year_to + 1, 1, 1))
    if wanted.source is not None:
        rows = rows.filter(source=wanted.source)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.is_confirmed is not None:
        rows = rows.filter(validity__in=CONFIRMED) if wanted.is_confirmed else rows.exclude(validity__in=CONFIRMED)
    if wanted.is_regulatory is not None:
        rows = rows.filter(is_regulatory=wanted.is_regulatory)
    told = {name: value for name in MATTER if (value := getattr(wanted, name, ""))}
    if told:
        rows = rows.filter(pk__in=Matter.objects.filter(**told).values("complaint"))
    return rows


_DAYS: Final = ExpressionWrapper(
    F("closed_date") - Cast("received_at", DateField()), output_field=DurationField()
)  # fmt: skip


def _figures(rows: QuerySet[Complaint]) -> dict[str, Any]:
    return rows.aggregate(
        closed=Count("pk"), confirmed=Count("pk", filter=Q(validity__in=CONFIRMED)), recovered=Sum("recovered_fen"),
        first=Min("currency"), last=Max("currency"), days=Avg(_DAYS),
    )  # fmt: skip


def _of_heads(rows: QuerySet[Complaint], by: str) -> list[dict[str, Any]]:
    keys = {"year": ExtractYear("closed_date"), "month": ExtractMonth("closed_date")}
    rows = rows.annotate(told=keys[by] if by in keys else F(HEAD[by]))
    found = rows.values("told").annotate(
        closed=Count("pk"), confirmed=Count("pk", filter=Q(validity__in=CONFIRMED)), recovered=Sum("recovered_fen"),
        first=Min("currency"), last=Max("currency"), days=Avg(_DAYS),
    )  # fmt: skip
    return [
        {**row, "recovered": _one_currency(row, row["recovered"]), "currency": row["first"]}
        for row in found.order_by("-closed", "told")[:LARGEST]
    ]


def _of_matters(rows: QuerySet[Complaint], by: str) -> list[dict[str, Any]]:
    """An amount belongs to a respondent, not to a line or a cause: only reports by respondent tell it."""
    inside = Matter.objects.filter(complaint__in=rows).annotate(told=F(MATTER[by]))
    found = inside.values("told").annotate(
        closed=Count("complaint", distinct=True),
        confirmed=Count("complaint", distinct=True, filter=Q(complaint__validity__in=CONFIRMED)),
        first=Min("complaint__currency"), last=Max("complaint__currency"),
    )  # fmt: skip
    lines = list(found.order_by("-closed", "told")[:LARGEST])
    amounts: Mapping[Any, int] = {}
    if by == "respondent":
        once = inside.values("told", "complaint").annotate(most=Max("recovered_fen")).filter(most__gt=0)
        sums: dict[Any, int] = {}
        for key, most in once.values_list("told", "most"):
            sums[key] = sums.get(key, 0) + most
        amounts = sums
    return [
        {
            **row, "currency": row["first"], "days": None,
            "recovered": _one_currency(row, amounts.get(row["told"], 0)) if by == "respondent" else None,
        }
        for row in lines
    ]  # fmt: skip


def _one_currency(row: Mapping[str, Any], amount: int) -> int | None:
    """Amounts of several currencies have no sum."""
    return amount if row["first"] == row["last"] else None


def _words(by: str, found: list[dict[str, Any]], language: str, today: date) -> dict[str, str]:
    if by in _GROUPS:
        return taxonomy.words_of(schemes.active(taxonomy.TAXONOMY, on=today).content, _GROUPS[by], language)
    if by == "unit":
        return {str(key): name for key, name in org.unit_names(row["told"] for row in found if row["told"]).items()}
    return {}
