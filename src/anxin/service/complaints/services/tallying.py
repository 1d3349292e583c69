"""Count the months anew whose closed complaints changed; reports of everything read what is counted here."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from anxin.service.complaints.models import Complaint, StaleTally, Tally
from anxin.service.complaints.models.tallies import KEYS
from anxin.service.complaints.queries import reports

_LOCK: Final = int.from_bytes(b"tally")


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
    Tally.objects.filter(source=source, month__in=months).delete()
    rows = Complaint.objects.filter(
        source=source, closed_date__gte=min(months), closed_date__isnull=False
    ).exclude(state__in=reports.NOT_COUNTED)  # fmt: skip
    rows = rows.annotate(of_month=TruncMonth("closed_date")).filter(of_month__in=months)
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
