"""Policies, and what hangs on them."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from anxin.book.customers.models import Party
from anxin.book.portfolio.models import Policy, Vehicle
from tests.build.people import NOW, TODAY

_numbers = itertools.count(1)


def policy(*, holder: Party, ends: date | None = None, begins: date | None = None, **fields: Any) -> Policy:
    """A motor policy of one year in force today, unless said otherwise. `ends` is exclusive, as in the product."""
    number = next(_numbers)
    ends = ends if ends is not None or "line" in fields else TODAY + timedelta(days=100)
    if begins is None:
        begins = _year_before(ends) if ends is not None else date(2020, 1, 1)
    return Policy.objects.create(
        **{
            "source": "test", "policy_no": f"P{number:08}", "contract_key": f"C{number}", "holder": holder,
            "product_name": "家用车商业险", "line": "motor", "unit": holder.unit, "status": "in_force",
            "effective_date": begins, "expiry_date": ends, "pay_mode": "single", "premium_fen": 360_000,
            "annual_premium_fen": 360_000, "digest": number.to_bytes(16, "big"), "created_at": NOW, "updated_at": NOW,
            **fields,
        }
    )  # fmt: skip


def vehicle(*, policy: Policy, **fields: Any) -> Vehicle:
    return Vehicle.objects.create(policy=policy, **{"plate": "沪A12345", "use": "non_commercial", **fields})


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
