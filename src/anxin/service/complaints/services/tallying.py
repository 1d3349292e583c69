"""Count the months anew whose closed complaints changed; reports of everything read what is counted here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import (
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import Cast, TruncMonth, TruncYear

from anxin.service.complaints.models import Complaint, Matter, MatterTally, StaleTally, Tally
from anxin.service.complaints.models.tallies import DIMENSIONS, KEYS, MATTER_KEYS
from anxin.service.complaints.queries import reports

_LOCK: Final = int.from_bytes(b"tally")
_BEHIND: Final = "complaint__"
_SUMS: Final = ("closed", "recovered_fen", "part_fen", "days")


# A page counts so many months at once; after an import of years it reads the complaints themselves, and a task counts.
FEW: Final = 12


def refresh(*, most: int | None = None) -> int:
    """Returns how many months of how many registers were counted: none where there are more than `most`. One query
    where nothing changed."""
    stale = StaleTally.objects.values("source", "month").distinct()
    count = stale.count() if most is None else stale[: most + 1].count()
    if not count or (most is not None and count > most):
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        seen = list(StaleTally.objects.values_list("id", "source", "month"))
        # Before the counting: what is counted is at least as new as the marks that go.
        StaleTally.objects.filter(pk__in=[key for key, _source, _month in seen]).delete()
        months: dict[str, set[date]] = {}
        for _key, source, month in seen:
            months.setdefault(source, set()).add(month)
        for source, wanted in months.items():
            _count(source, wanted)
        return sum(len(one) for one in months.values())


def _count(source: str, months: set[date]) -> None:
    years = {month.replace(month=1) for month in months}
    Tally.objects.filter(source=source, month__in=months).delete()
    MatterTally.objects.filter(source=source, month__in=months, is_year=False).delete()
    MatterTally.objects.filter(source=source, month__in=years, is_year=True).delete()
    rows = _closed(Complaint.objects.all(), source, months)
    found = rows.values("of_month", *KEYS).annotate(
        closed=Count("pk"), fen=Sum("recovered_fen"), took=Sum(reports.DAYS)
    )  # fmt: skip
    Tally.objects.bulk_create(
        [
            Tally(
                month=row["of_month"], closed=row["closed"], recovered_fen=row["fen"], days=row["took"].days,
                unit_id=row["unit"], **{name: row[name] for name in KEYS if name != "unit"},
            )
            for row in found.order_by()
        ],
        batch_size=1_000,
    )  # fmt: skip
    for dimension in DIMENSIONS:
        for prefix, counted in _of_dimension(dimension, source, months):
            MatterTally.objects.bulk_create(
                [
                    MatterTally(
                        dimension=dimension, subject=row["told"], month=row["of_month"], closed=row["n"],
                        recovered_fen=row["fen"], part_fen=row["part"], days=row["took"].days,
                        **{name: row[prefix + name] for name in MATTER_KEYS},
                    )
                    for row in counted
                ],
                batch_size=1_000,
            )  # fmt: skip
    by_month = MatterTally.objects.filter(source=source, month__year__in=[one.year for one in years], is_year=False)
    yearly = by_month.annotate(year=TruncYear("month")).values("year", "dimension", "subject", *MATTER_KEYS)
    MatterTally.objects.bulk_create(
        [
            MatterTally(month=row.pop("year"), is_year=True, **{name.removeprefix("all_"): row[name] for name in row})
            for row in yearly.annotate(**{f"all_{name}": Sum(name) for name in _SUMS}).order_by()
        ],
        batch_size=1_000,
    )  # fmt: skip


def _closed(rows: QuerySet[Any], source: str, months: set[date], prefix: str = "") -> QuerySet[Any]:
    between = (min(months), _month_after(max(months)) - timedelta(days=1))
    rows = rows.filter(**{f"{prefix}source": source, f"{prefix}closed_date__range": between})
    rows = rows.exclude(**{f"{prefix}state__in": reports.NOT_COUNTED})
    rows = rows.annotate(of_month=TruncMonth(f"{prefix}closed_date"))
    return rows.filter(of_month__in=months)


def _of_dimension(dimension: str, source: str, months: set[date]) -> Iterator[tuple[str, QuerySet[Any, Any]]]:
    """What the plain report reads (`reports`): complaints about one thing by themselves where they say it, the others
    by one matter for each of what is told, that with the greatest recovery. And where its keys are: before each."""
    matters = _closed(Matter.objects.all(), source, months, _BEHIND)
    if dimension in reports.ON_HEAD:
        alone = _closed(Complaint.objects.filter(matter_count=1), source, months)
        yield "", _grouped(alone, dimension, "", "recovered_fen")
    else:
        alone = matters.filter(complaint__matter_count=1)
        yield _BEHIND, _grouped(alone, dimension, _BEHIND, f"{_BEHIND}recovered_fen")
    same = Matter.objects.filter(complaint=OuterRef("complaint"), **{dimension: OuterRef(dimension)})
    as_much = Q(recovered_fen=OuterRef("recovered_fen"), pk__gt=OuterRef("pk"))
    other = same.filter(Q(recovered_fen__gt=OuterRef("recovered_fen")) | as_much)
    several = matters.filter(complaint__matter_count__gt=1).filter(~Exists(other))
    yield _BEHIND, _grouped(several, dimension, _BEHIND, "recovered_fen")


def _grouped(rows: QuerySet[Any], dimension: str, prefix: str, part: str) -> QuerySet[Any, Any]:
    keys = [f"{prefix}{name}" for name in MATTER_KEYS]
    took = ExpressionWrapper(
        F(f"{prefix}closed_date") - Cast(f"{prefix}received_at", DateField()), output_field=DurationField()
    )  # fmt: skip
    told = rows.annotate(told=F(dimension)).values("told", "of_month", *keys)
    found: QuerySet[Any, Any] = told.annotate(
        n=Count("pk"), fen=Sum(f"{prefix}recovered_fen"), part=Sum(part), took=Sum(took)
    )  # fmt: skip
    return found.order_by()


def _month_after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
