"""Policies, claims and contacts of customers."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from anxin.book.customers.models import Party
from anxin.book.portfolio.models import Claim, Policy
from anxin.kernel import vault
from anxin.service.desk.models import Touchpoint
from tests.build.people import NOW

_numbers = itertools.count(1)


def policy(*, holder: Party, **fields: Any) -> Policy:
    number = next(_numbers)
    return Policy.objects.create(
        **{
            "source": "test", "policy_no": f"P{number:08d}", "holder": holder, "product_name": "康佑终身重疾",
            "line": "health", "status": "in_force", "effective_date": date(2024, 1, 1), "premium_fen": 186_000_00,
            "annual_premium_fen": 186_000_00, "digest": b"0" * 16, "created_at": NOW, "updated_at": NOW, **fields,
        }
    )  # fmt: skip


def claim(*, policy: Policy, description: str = "", **fields: Any) -> Claim:
    number = next(_numbers)
    made = Claim.objects.create(
        **{
            "source": "test", "claim_no": f"CL{number:08d}", "policy": policy, "state": "registered",
            "reported_at": NOW, "digest": b"0" * 16, **fields,
        }
    )  # fmt: skip
    if description:
        made.description_sealed = vault.ring().seal(
            description, table="portfolio_claim", column="description_sealed", row=made.pk
        )
        made.save()
    return made


def touchpoint(*, party: Party, **fields: Any) -> Touchpoint:
    number = next(_numbers)
    return Touchpoint.objects.create(
        **{
            "party": party, "channel": "phone", "direction": "inbound", "at": NOW, "topic": "理赔进度",
            "source": "test", "source_key": str(number), **fields,
        }
    )  # fmt: skip
