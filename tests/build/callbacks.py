"""Call-backs for tests."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from anxin.book.customers.models import Party
from anxin.book.portfolio.models import Policy
from anxin.service.callbacks.models import CallBack
from tests.build import portfolio
from tests.build.people import NOW, TODAY

_numbers = itertools.count(1)


def sold(*, holder: Party, days_ago: int = 3, **fields: Any) -> Policy:
    """A policy for life whose receipt was signed so many days ago."""
    return portfolio.policy(
        holder=holder,
        **{
            "effective_date": TODAY - timedelta(days=days_ago + 2), "receipt_date": TODAY - timedelta(days=days_ago),
            "channel": "agent", **fields,
        },
    )  # fmt: skip


def call_back(*, party: Party, **fields: Any) -> CallBack:
    """Waiting, of new business unless said otherwise, due tomorrow."""
    return CallBack.objects.create(
        **{
            "kind": "new_business", "occurrence": f"test:{next(_numbers)}", "state": "waiting", "party": party,
            "unit": party.unit, "channel": "agent", "policy_no": f"P{next(_numbers)}", "starts_at": NOW,
            "due_at": NOW + timedelta(days=1), "amber_at": NOW + timedelta(hours=12), "not_before": NOW,
            "cooling_ends": TODAY + timedelta(days=1), "underwritten_date": date(2026, 11, 1), "changed_at": NOW,
            "created_at": NOW, **fields,
        }
    )  # fmt: skip
