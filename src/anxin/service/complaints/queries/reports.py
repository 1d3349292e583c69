"""Statistics over closed complaints. A complaint counts once in every line of a report that it has a part in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet, Sum
from django.db.models.fields import DateField
from django.db.models.functions import Cast, ExtractYear, TruncMonth, TruncQuarter
from django.utils.translation import gettext

from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.complaints import access, data
from anxin.service.complaints.data import ReportRow
from anxin.service.complaints.models import Complaint, Matter
from anxin.service.complaints.models.tallies import DIMENSIONS
from anxin.service.complaints.queries import tallies
from anxin.service.complaints.rules import taxonomy

CONFIRMED: Final = ("valid", "partly")
NOT_COUNTED: Final = (data.State.MERGED, data.State.REFUSED)
LARGEST: Final = 500
# What a report is broken down by → of the complaint itself, or of its matters.
TIMES: Final = ("year", "quarter", "month")
HEAD: Final = {"year": "year", "quarter": "quarter", "month": "month", "outcome": "outcome", "validity": "validity",
               "channel": "channel", "severity": "severity", "unit": "unit", "situation": "situation",
               "capacity": "capacity", "nature": "nature", "sales_channel": "sales_channel",
               "rater": "rater", "source": "source"}  # fmt: skip
# Those of the matter that stand on the complaint too: with one matter, the complaint says it all.
ON_HEAD: Final = frozenset({"line", "cause", "detail_cause", "respondent"})
# What is said in words of the catalogue.
_VOCABULARIES: Final = {"outcome": data.OUTCOMES, "validity": data.VALIDITIES, "severity": data.SEVERITIES,
                        "situation": data.SITUATIONS, "capacity": data.CAPACITIES, "rater": data.RATER}  # fmt: skip
BY: Final = (*HEAD, *DIMENSIONS)
_GROUPS: Final = {"line": "lines", "cause": "causes", "detail_cause": "details", "channel": "channels",
                  "nature": "natures", "sales_channel": "sales_channels"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReportFilter:
    """Closed in these years, from and up to these days (both included, as ISO texts), and so on; "" for any.

    `source` None: all registers, "": those registered here. `month` 1–12 and `quarter` 1–4 of whatever year.
    """

    year_from: int | None = None
    year_to: int | None = None
    closed_from: str = ""
    closed_to: str = ""
    quarter: int | None = None
    month: int | None = None
    source: str | None = None
    line: str = ""
    cause: str = ""
    detail_cause: str = ""
    respondent: str = ""
    product: str = ""
    words: str = ""
    outcome: str = ""
    validity: str = ""
    channel: str = ""
    severity: str = ""
    is_confirmed: bool | None = None
    is_regulatory: bool | None = None


def report(
    actor: Actor, wanted: ReportFilter, *, by: str, language: str, today: date, limit: int = LARGEST
) -> list[ReportRow]:  # fmt: skip
    """Counts of closed and confirmed complaints, recoveries and days to the end, broken down by one of `BY`.

    Raises NotPermitted, ValueError for an unknown `by`. The largest first; years, quarters ("2018-Q3") and months
    ("2018-07") in order.
    """
    if by not in BY:
        raise ValueError(by)
    counted = tallies.rows_of(actor, wanted, by)
    if counted is not None:
        found = _of_tallies(_confirmed(counted, wanted), by, limit)
    else:
        found = (_of_matters if by in DIMENSIONS else _of_heads)(_rows(actor, wanted), by, limit)
    words = _words(by, found, language, today)
    made = []
    for row in found:
        key = _key(by, row["told"])
        made.append(
            ReportRow(
                key=key, label=words.get(key, key), closed=row["closed"], confirmed=row["confirmed"],
                recovered_fen=row["recovered"], currency=row["currency"],
                mean_days=row["mean_days"],
            )
        )  # fmt: skip
    return sorted(made, key=lambda row: row.key) if by in TIMES else made


def _key(by: str, told: Any) -> str:
    if told is None:
        return ""
    if by == "quarter":
        return f"{told.year}-Q{(told.month + 2) // 3}"
    return f"{told:%Y-%m}" if by == "month" else str(told)


def total(actor: Actor, wanted: ReportFilter) -> ReportRow:
    """One line over all."""
    counted = tallies.rows_of(actor, wanted)
    row = _figures(_rows(actor, wanted)) if counted is None else tallies.plain(
        _confirmed(counted, wanted).aggregate(**tallies.figures(CONFIRMED))
    )  # fmt: skip
    return ReportRow(
        key="", label="", closed=row["closed"], confirmed=row["confirmed"],
        recovered_fen=_one_currency(row, row["recovered"] or 0), currency=row["first"] or "",
        mean_days=row["mean_days"],
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
    rows = rows.exclude(state__in=NOT_COUNTED)
    if wanted.year_from is not None:
        rows = rows.filter(closed_date__gte=date(wanted.year_from, 1, 1))
    if wanted.year_to is not None:
        rows = rows.filter(closed_date__lt=date(wanted.year_to + 1, 1, 1))
    if wanted.closed_from:
        rows = rows.filter(closed_date__gte=wanted.closed_from)
    if wanted.closed_to:
        rows = rows.filter(closed_date__lte=wanted.closed_to)
    if wanted.quarter is not None:
        rows = rows.filter(closed_date__quarter=wanted.quarter)
    if wanted.month is not None:
        rows = rows.filter(closed_date__month=wanted.month)
    if wanted.source is not None:
        rows = rows.filter(source=wanted.source)
    for name in ("outcome", "validity", "channel", "severity"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    rows = _confirmed(rows, wanted)
    if wanted.is_regulatory is not None:
        rows = rows.filter(is_regulatory=wanted.is_regulatory)
    told = {name: value for name in DIMENSIONS if (value := getattr(wanted, name, ""))}
    if told:
        several = Q(pk__in=Matter.objects.filter(**told).values("complaint"))
        if set(told) <= ON_HEAD:
            rows = rows.filter(Q(matter_count=1, **told) | Q(matter_count__gt=1) & several)
        else:
            rows = rows.filter(several)
    return rows


DAYS: Final = ExpressionWrapper(
    F("closed_date") - Cast("received_at", DateField()), output_field=DurationField()
)  # fmt: skip


def _confirmed(rows: QuerySet[Any], wanted: ReportFilter) -> QuerySet[Any]:
    if wanted.is_confirmed is None:
        return rows
    return rows.filter(validity__in=CONFIRMED) if wanted.is_confirmed else rows.exclude(validity__in=CONFIRMED)


def _figures(rows: QuerySet[Complaint]) -> dict[str, Any]:
    row = rows.aggregate(
        closed=Count("pk"), confirmed=Count("pk", filter=Q(validity__in=CONFIRMED)), recovered=Sum("recovered_fen"),
        first=Min("currency"), last=Max("currency"), took=Avg(DAYS),
    )  # fmt: skip
    return {**row, "mean_days": _days(row["took"])}


def _days(took: timedelta | None) -> float | None:
    return took.total_seconds() / 86_400 if took is not None else None


def _of_tallies(counted: QuerySet[Any], by: str, limit: int) -> list[dict[str, Any]]:
    if by in DIMENSIONS:
        return [_amount(row, by, row["recovered"]) for row in tallies.by_matter(counted, CONFIRMED, limit)]
    found = tallies.by_head(counted, by, CONFIRMED)
    # The same order as of `_of_heads`: nothing told comes last among equals.
    if by in TIMES:
        found.sort(key=lambda row: row["told"], reverse=True)
    else:
        found.sort(key=lambda row: (-row["closed"], row["told"] is None, str(row["told"])))
    return [
        {**row, "recovered": _one_currency(row, row["recovered"]), "currency": row["first"]} for row in found[:limit]
    ]


def _of_heads(rows: QuerySet[Complaint], by: str, limit: int) -> list[dict[str, Any]]:
    keys = {
        "year": ExtractYear("closed_date"), "month": TruncMonth("closed_date"), "quarter": TruncQuarter("closed_date")
    }  # fmt: skip
    rows = rows.annotate(told=keys[by] if by in keys else F(HEAD[by]))
    found = rows.values("told").annotate(
        closed=Count("pk"), confirmed=Count("pk", filter=Q(validity__in=CONFIRMED)), recovered=Sum("recovered_fen"),
        first=Min("currency"), last=Max("currency"), took=Avg(DAYS),
    )  # fmt: skip
    return [
        {
            **row,
            "recovered": _one_currency(row, row["recovered"]),
            "currency": row["first"],
            "mean_days": _days(row["took"]),
        }
        for row in found.order_by("-told" if by in TIMES else "-closed", "told")[:limit]
    ]


def _of_matters(rows: QuerySet[Complaint], by: str, limit: int) -> list[dict[str, Any]]:
    """A complaint counts once in each line it has a part in.

    Nearly all have one matter: they need no counting of distinct complaints, and where the complaint itself says it,
    no matter either. An amount belongs to a respondent, not to a line or a cause: only reports by respondent tell it.
    """
    alone, several = rows.filter(matter_count=1), rows.filter(matter_count__gt=1)
    if by in ON_HEAD:
        single = _counted(alone.annotate(told=F(by)), "", "pk")
    else:
        single = _counted(Matter.objects.filter(complaint__in=alone).annotate(told=F(by)), "complaint__", "pk")
    inside = Matter.objects.filter(complaint__in=several).annotate(told=F(by))
    merged: dict[Any, dict[str, Any]] = {}
    for row in (*single, *_counted(inside, "complaint__", "complaint")):
        one = merged.setdefault(row["told"], {**row, "closed": 0, "confirmed": 0})
        one["closed"] += row["closed"]
        one["confirmed"] += row["confirmed"]
        one["first"], one["last"] = min(one["first"], row["first"]), max(one["last"], row["last"])
    amounts = _recovered(alone, inside) if by == "respondent" else {}
    lines = sorted(merged.values(), key=lambda row: (-row["closed"], str(row["told"])))[:limit]
    return [_amount({**row, "mean_days": None}, by, amounts.get(row["told"], 0)) for row in lines]


def _amount(row: Mapping[str, Any], by: str, fen: int) -> dict[str, Any]:
    """A line of a report by matter with its amount, told by respondent only."""
    told = _one_currency(row, fen) if by == "respondent" else None
    return {**row, "currency": row["first"], "recovered": told}


def _counted(rows: QuerySet[Any], prefix: str, what: str) -> Sequence[dict[str, Any]]:
    is_distinct = what == "complaint"
    confirmed = Q(**{f"{prefix}validity__in": CONFIRMED})
    return list(
        rows.values("told").annotate(
            closed=Count(what, distinct=is_distinct), confirmed=Count(what, distinct=is_distinct, filter=confirmed),
            first=Min(f"{prefix}currency"), last=Max(f"{prefix}currency"),
        )
    )  # fmt: skip


def _recovered(alone: QuerySet[Complaint], inside: QuerySet[Any]) -> Mapping[Any, int]:
    """Amounts by respondent; what several rows of one respondent in one complaint tell counts once."""
    sums: dict[Any, int] = dict(
        alone.filter(recovered_fen__gt=0).values_list("respondent").annotate(fen=Sum("recovered_fen"))
    )
    once = inside.values("told", "complaint").annotate(most=Max("recovered_fen")).filter(most__gt=0)
    for key, most in once.values_list("told", "most"):
        sums[key] = sums.get(key, 0) + most
    return sums


def _one_currency(row: Mapping[str, Any], amount: int) -> int | None:
    """Amounts of several currencies have no sum."""
    return amount if row["first"] == row["last"] else None


def _words(by: str, found: list[dict[str, Any]], language: str, today: date) -> dict[str, str]:
    if by in _GROUPS:
        return taxonomy.words_of(schemes.active(taxonomy.TAXONOMY, on=today).content, _GROUPS[by], language)
    if by in _VOCABULARIES:
        return {code: gettext(word) for code, word in _VOCABULARIES[by].items() if code}
    if by == "unit":
        return {str(key): name for key, name in org.unit_names(row["told"] for row in found if row["told"]).items()}
    return {}
