"""Human numbers: `GD202611230083`."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from anxin.service.desk.models import Series

TICKETS = "GD"


def take(prefix: str, day: date, count: int = 1) -> list[str]:
    """The next `count` numbers of the series of a day. Call it inside a transaction: the row stays locked until its
    end, and a transaction that fails gives its numbers back."""
    code = f"{prefix}{day:%Y%m%d}"
    Series.objects.bulk_create([Series(code=code)], ignore_conflicts=True)
    Series.objects.filter(code=code).update(last=F("last") + count)
    last = Series.objects.values_list("last", flat=True).get(code=code)
    return [f"{code}{number:04d}" for number in range(last - count + 1, last + 1)]
